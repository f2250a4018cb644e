import { expect, test } from 'vitest';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { checkConfig } from '../../../components/twin/check/check.ts';
import type { FlatConfig } from '../../../components/twin/types.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

/** Findings of a configuration as `line path code message`. */
async function check(text: string): Promise<readonly string[]> {
  const folder = workspace();
  const parsed = parseYaml(text, 'gitlab');
  const { findings } = await checkConfig(testContext(folder, { env: { PATH: '/nonexistent' } }), {
    config: (parsed.ok ? parsed.documents.at(-1) : {}) as FlatConfig,
    ...{ file: '.gitlab-ci.yml', text, schema: undefined, temporary: folder },
  });
  return findings.map(({ line, path, code, message }) => `${line} ${path} ${code} ${message}`);
}

test('a stage that is not there, be it the one of jobs that name none', async () => {
  expect(
    await check(
      'stages: [build]\na:\n  stage: biuld\n  script: x\nb: {script: x}\nc: {stage: .post, script: x}\n',
    ),
  ).toEqual([
    '3 a.stage TWIN_STAGE a job: chosen stage biuld does not exist; available stages are .pre, build, .post',
    '5 b.stage TWIN_STAGE b job: chosen stage test does not exist; available stages are .pre, build, .post',
  ]);
  expect(await check('a: {stage: deploy, script: x}\nb: {script: x}\n')).toEqual([]);
});

test('needs in a circle, once for each', async () => {
  const text = [
    'a: {script: x, needs: [b]}',
    'b: {script: x, needs: [{job: c}]}',
    'c: {script: x, needs: [a, d]}',
    'd: {script: x, needs: [d]}',
    'e: {script: x, needs: [a, {job: e, project: g/p, ref: main}]}',
  ];
  expect(await check(text.join('\n'))).toEqual([
    '1 a.needs TWIN_NEED_CIRCLE The pipeline has circular dependencies: a needs b needs c needs a',
    '4 d.needs TWIN_NEED_CIRCLE The pipeline has circular dependencies: d needs d',
  ]);
});

test('a job without anything to do', async () => {
  const text = [
    'empty:',
    'text: x',
    'only-stage: {stage: test}',
    'blank: {script: []}',
    '.hidden: {stage: test}',
    'steps: {run: [{name: a, script: x}]}',
    'child: {trigger: g/p}',
    'mirror: {needs: {pipeline: g/p}}',
  ];
  const keyword = 'config should implement the script:, run:, or trigger: keyword';
  expect(await check(text.join('\n'))).toEqual([
    `1 empty TWIN_SCRIPT jobs empty ${keyword}`,
    `2 text TWIN_SCRIPT jobs text ${keyword}`,
    `3 only-stage TWIN_SCRIPT jobs only-stage ${keyword}`,
    "4 blank.script TWIN_SCRIPT jobs:blank script can't be blank",
  ]);
});

test('no job but hidden ones', async () => {
  expect(await check('stages: [a]\n.b: {script: x}\n')).toEqual([
    '1  TWIN_NO_JOBS jobs config should contain at least one visible job',
  ]);
});

test('needs and dependencies on a job of a later stage or on none', async () => {
  const text = [
    'a: {stage: build, script: x, needs: [c, {job: c, optional: true}]}',
    'b: {stage: build, script: x, dependencies: [c, none]}',
    'c: {stage: deploy, script: x, needs: [{job: gone, optional: true}], dependencies: []}',
    'd: {stage: deploy, script: x, needs: [c, .hidden]}',
    '.hidden: {stage: build, script: x}',
  ];
  expect(await check(text.join('\n'))).toEqual([
    '1 a.needs TWIN_LATER_STAGE a job: need c is not defined in current or prior stages',
    '2 b.dependencies TWIN_LATER_STAGE b job: dependency c is not defined in current or prior stages',
    '2 b.dependencies TWIN_DEPENDENCY_ABSENT b job: undefined dependency: none',
    '4 d.needs TWIN_NEED_ABSENT d job: undefined need: .hidden',
  ]);
});

test('jobs of a parallel one may be named', async () => {
  const text = [
    'a: {script: x, parallel: 2}',
    'b: {script: x, parallel: {matrix: [{X: [y]}]}}',
    "c: {script: x, needs: ['a 1/2', 'b: [y]', 'c 1/2'], dependencies: ['a 2/2']}",
  ];
  expect(await check(text.join('\n'))).toEqual(['3 c.needs TWIN_NEED_ABSENT c job: undefined need: c 1/2']);
});

test('expressions of rules that do not parse, of jobs and of the workflow', async () => {
  const text = [
    'workflow:',
    '  rules:',
    '    - if: $A == "x" &&',
    '.rules:',
    '  list: [{if: "$B =="}, {if: $B =~ /x/i}]',
    'a:',
    '  script: x',
    '  rules:',
    '    - !reference [.rules, list]',
    '    - if: (($C)',
    '    - if: true',
    '    - when: never',
  ];
  expect(await check(text.join('\n'))).toEqual([
    '8 a.rules TWIN_RULE_IF jobs:a:rules:rule if invalid expression syntax: $B ==',
    '8 a.rules TWIN_RULE_IF jobs:a:rules:rule if invalid expression syntax: (($C)',
    '8 a.rules TWIN_RULE_IF jobs:a:rules:rule if invalid expression syntax: true',
    '2 workflow.rules TWIN_RULE_IF workflow:rules:rule if invalid expression syntax: $A == "x" &&',
  ]);
});

test('one wrong extends hides nothing of other jobs, and nothing is said of what it lacks', async () => {
  const text = [
    'a: {extends: .none}',
    'b: {stage: build, script: x, needs: [a, z]}',
    'c: {script: x, stage: nowhere}',
  ];
  expect(await check(text.join('\n'))).toEqual([
    '1 a TWIN_EXTENDS a: unknown keys in `extends` (.none)',
    '3 c.stage TWIN_STAGE c job: chosen stage nowhere does not exist; available stages are .pre, build, test, deploy, .post',
    '2 b.needs TWIN_NEED_ABSENT b job: undefined need: z',
  ]);
});
