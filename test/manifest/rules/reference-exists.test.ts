import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { createNeighbours } from '../../../components/manifest/neighbours.ts';
import { rule } from '../../../components/manifest/rules/reference-exists.ts';
import { testContext } from '../../support/cli.ts';
import { wrongTypes } from '../../support/rule.ts';
import { workspace } from '../../support/workspace.ts';
import { applyAll, issuesOf } from '../apply-further.ts';

/** The kinds of files that are read for a manifest in `agents/flows/`. */
function beside(files: Readonly<Record<string, string>>) {
  return createNeighbours(testContext(workspace(files)), 'agents/flows/main.yaml').kindsIn;
}

function workflow(...steps: object[]): string {
  return JSON.stringify({ kind: 'Workflow', spec: { steps } });
}

test('RULE_REFERENCE_EXISTS: from the folder of the manifest, and from those above it', async () => {
  expect(rule.code).toBe('RULE_REFERENCE_EXISTS');
  const files = beside({
    'agents/flows/task.yaml': 'kind: Task',
    'agents/reviewer.yaml': 'kind: Agent',
    'tasks/top.yaml': 'kind: Task',
  });
  const refs = ['./task.yaml', 'task.yaml', '../reviewer.yaml', './tasks/top.yaml', '/tasks/top.yaml'];
  const yaml = workflow(...refs.map((ref) => ({ ref })), { ref: './nothing.yaml' }, { ref: '../task.yaml' });
  expect(await applyAll(rule, yaml, files)).toEqual([
    'spec.steps[5].ref: spec.steps[5].ref is "./nothing.yaml", and there is no such file in the repository',
    'spec.steps[6].ref: spec.steps[6].ref is "../task.yaml", and there is no such file in the repository',
  ]);
});

test('nothing outside of the repository is looked at', async () => {
  const folder = workspace({ 'repository/a.yaml': '', 'secret.yaml': 'kind: Task' });
  const context = testContext(join(folder, 'repository'));
  const yaml = workflow({ ref: '../secret.yaml' });
  expect(await applyAll(rule, yaml, createNeighbours(context, 'a.yaml').kindsIn)).toHaveLength(1);
});

test('a file of another kind, of none, and of several', async () => {
  const files = beside({
    'agents/flows/task.yaml': 'kind: Task',
    'agents/flows/both.yaml': 'kind: Agent\n---\nkind: Task',
    'agents/flows/readme.yaml': 'about: nothing',
    'agents/flows/broken.yaml': '{',
    'agents/flows/validator.yaml': 'kind: Validator',
  });
  const yaml = workflow(
    { kind: 'Agent', ref: './task.yaml' },
    { kind: 'Agent', ref: './both.yaml' },
    { kind: 'Task', ref: './readme.yaml' },
    { kind: 'Task', ref: './broken.yaml' },
    { ref: './validator.yaml' },
  );
  const issues = await issuesOf(rule, yaml, files);
  expect(issues.map(({ message, expected }) => [message, expected])).toEqual([
    ['spec.steps[0].ref is "./task.yaml", which holds Task', 'Agent'],
    ['spec.steps[2].ref is "./readme.yaml", which holds no manifest', 'Task'],
    ['spec.steps[3].ref is "./broken.yaml", which holds no manifest', 'Task'],
    ['spec.steps[4].ref is "./validator.yaml", which holds Validator', 'Task or Agent or Workflow or Flow'],
  ]);
});

test.each([
  'reviewer',
  'reviewer@1.0',
  '@team/reviewer',
  'https://example.org/a.yaml',
  'oci:x.yaml',
  '\u0024{DIR}/a.yaml',
  '\u0024{{ a }}.yaml',
])('%s is no file', async (ref) => expect(await applyAll(rule, workflow({ ref }))).toEqual([]));

test('what a task and an agent refer to', async () => {
  const spec = {
    dependencies: [{ ref: 'a.yaml' }, { ref: 'b.yaml', optional: true }, { ref: 'some-task' }],
    error_handling: { fallback_task: './c.yaml' },
  };
  expect(await applyAll(rule, JSON.stringify({ kind: 'Task', spec }))).toEqual([
    'spec.dependencies[0].ref: spec.dependencies[0].ref is "a.yaml", and there is no such file in the repository',
    'spec.error_handling.fallback_task: spec.error_handling.fallback_task is "./c.yaml", and there is no such file in the repository',
  ]);
  const agent = { kind: 'Agent', spec: { handoffs: [{ to: 'helper' }, { to: './helper.ossa.yaml' }] } };
  expect(await applyAll(rule, JSON.stringify(agent))).toHaveLength(1);
});

test('a text that lies in no folder has nothing beside it', async () => {
  const yaml = `apiVersion: ossa/v0.4\n${'kind: Workflow\nmetadata: {name: a}\nspec: {steps: [{id: a, ref: ./a.yaml}]}'}`;
  expect((await checkText('x.yaml', yaml, [rule])).findings).toEqual([]);
});

test('each file is looked up once', async () => {
  const asked: string[] = [];
  const steps = Array.from({ length: 5_000 }, () => ({ ref: './a/../b.yaml' }));
  await applyAll(rule, workflow(...steps), async (path) => {
    asked.push(path);
    return ['Task'];
  });
  expect(asked).toEqual(['b.yaml']);
});

test('a manifest that refers to more than a thousand files has no more of them read', async () => {
  let asked = 0;
  const steps = Array.from({ length: 3_000 }, (_, index) => ({ ref: `./${index}.yaml` }));
  expect(
    await applyAll(rule, workflow(...steps), async () => {
      asked += 1;
      return ['Task'];
    }),
  ).toEqual([]);
  expect(asked).toBe(1_000);
});

test.each(wrongTypes)('%s where references stand', async (value) => {
  expect(await applyAll(rule, `kind: Workflow\nspec: {steps: [{ref: ${value}}]}`)).toEqual([]);
  expect(
    await applyAll(rule, `kind: Task\nspec: {dependencies: ${value}, error_handling: ${value}}`),
  ).toEqual([]);
  expect(await applyAll(rule, `kind: Agent\nspec: {handoffs: [{to: ${value}}]}`)).toEqual([]);
});
