import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/condition-readable.ts';
import { wrongTypes } from '../../support/rule.ts';
import { applyAll, issuesOf } from '../apply-further.ts';

function step(condition: string): string {
  return JSON.stringify({ kind: 'Workflow', spec: { steps: [{ id: 'a', condition }] } });
}

const at = 'spec.steps[0].condition';

test.each([
  ['\u0024{{ steps.review.output.approved }}', []],
  ["\u0024{{ workflow.input.priority == 'high' }} && \u0024{{ context.retries < 3 }}", []],
  ['whatever.name in some_list', []],
  ['\u0024{LIMIT} > ', []],
  ['a and b', [`${at}: ${at} at "and": "and" cannot stand here`]],
  ['a == "', [expect.stringContaining(`${at}: ${at}`)]],
  ['a > ', [`${at}: ${at}: the expression ends too early`]],
  [`a${' || a'.repeat(400)}`, [`${at}: ${at}: the expression is too long`]],
])('a step: %s', async (condition, said) => {
  expect(await applyAll(rule, step(condition))).toEqual(said);
});

test('RULE_CONDITION_READABLE: every place of a workflow and of a flow', async () => {
  expect(rule.code).toBe('RULE_CONDITION_READABLE');
  const bad = { condition: 'a b' };
  const steps = [
    { id: 'a', kind: 'Parallel', parallel: [{ id: 'b', ...bad }] },
    {
      id: 'c',
      kind: 'Conditional',
      branches: [{ ...bad, steps: [{ id: 'd', ...bad }] }],
      else: [{ id: 'e', ...bad }],
    },
    { id: 'f', kind: 'Loop', loop: { over: 'x' }, steps: [{ id: 'g', ...bad }] },
    { id: 'h', on_error: { action: 'compensate', compensation: { id: 'i', ...bad } } },
  ];
  const workflow = {
    kind: 'Workflow',
    spec: { steps, error_handling: { compensation_steps: [{ id: 'j', ...bad }] } },
  };
  expect((await issuesOf(rule, JSON.stringify(workflow))).map(({ path }) => path.slice(1).join('/'))).toEqual(
    [
      'steps/0/parallel/0/condition',
      'steps/1/else/0/condition',
      'steps/1/branches/0/steps/0/condition',
      'steps/2/steps/0/condition',
      'steps/3/on_error/compensation/condition',
      'error_handling/compensation_steps/0/condition',
      'steps/1/branches/0/condition',
    ],
  );
  const spec = {
    transitions: [{ ...bad, trigger: { type: 'condition', condition_expression: 'c d' } }],
    edges: [bad],
  };
  const flow = await issuesOf(rule, JSON.stringify({ kind: 'Flow', spec }));
  expect(flow.map(({ path }) => path.slice(1).join('/'))).toEqual([
    'transitions/0/condition',
    'transitions/0/trigger/condition_expression',
    'edges/0/condition',
  ]);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where conditions stand', async (value) => {
  expect(await applyAll(rule, `kind: Workflow\nspec: {steps: ${value}}`)).toEqual([]);
  expect(
    await applyAll(rule, `kind: Workflow\nspec: {steps: [{condition: ${value}, branches: ${value}}]}`),
  ).toEqual([]);
  expect(await applyAll(rule, `kind: Flow\nspec: {transitions: ${value}, edges: ${value}}`)).toEqual([]);
  expect(
    await applyAll(rule, `kind: Flow\nspec: {transitions: [{condition: ${value}, trigger: ${value}}]}`),
  ).toEqual([]);
});
