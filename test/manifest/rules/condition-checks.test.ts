import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/condition-checks.ts';
import { processorTime } from '../../support/processor-time.ts';
import { wrongTypes } from '../../support/rule.ts';
import { applyAll, issuesOf } from '../apply-further.ts';

function agent(condition: string, more = ''): string {
  return `kind: Agent\nspec: {completion: {signals: [{signal: blocked, condition: ${JSON.stringify(condition)}}]}}\n${more}`;
}

function task(field: string, expression: string): string {
  const spec = {
    input: { type: 'object', properties: { milestone_id: {}, both: {} } },
    output: { type: 'object', properties: { entries: {}, both: {} } },
    [field]: [{ expression }],
  };
  return JSON.stringify({ kind: 'Task', spec });
}

const at = 'spec.completion.signals[0].condition';

test.each([
  ['error_count > 2', []],
  ['iteration_count % 5 == 0 && confidence >= 0.5', []],
  ['eror_count > 2', [`${at}: ${at} at "eror_count": there is no "eror_count" here`]],
  [
    'tokens > 2 || foo',
    [`${at}: ${at} at "tokens": there is no "tokens" here`, `${at}: ${at} at "foo": there is no "foo" here`],
  ],
  ['error_count', [`${at}: ${at}: the result is neither true nor false`]],
  ['error_count > 2 and confidence < 0.5', [`${at}: ${at} at "and": "and" cannot stand here`]],
  ['confidence == "high"', [`${at}: ${at}: "==" has no meaning between double and string`]],
  ['', [`${at}: ${at}: the expression is empty`]],
])('a signal: %s', async (condition, said) => {
  expect(await applyAll(rule, agent(condition))).toEqual(said);
});

test.each([
  ['eror_count > 2', 'error_count'],
  ['my_iteration_count % 5 == 0', 'iteration_count'],
  ['accuracy < 0.5', 'primary_metric'],
  ['\u0024{{ error_count > 2 }}', 'error_count > 2'],
])('what is meant by %s', async (condition, suggestion) => {
  const moe = 'extensions: {moe: {primary: {metric: accuracy, target: 0.9}}}';
  expect((await issuesOf(rule, agent(condition, moe))).map((issue) => issue.suggestion)).toEqual([
    suggestion,
  ]);
});

test('what stands in dollar sign and braces is looked at as well', async () => {
  expect(await applyAll(rule, agent('\u0024{{ eror_count > 2 }}'))).toEqual([
    `${at}: ${at} stands in \${{ }}, which nothing takes away here`,
    `${at}: ${at} at "eror_count": there is no "eror_count" here`,
  ]);
});

test('a target that is not there is never there', async () => {
  const condition = 'primary_metric < target';
  const numeric = 'extensions: {moe: {primary: {metric: a, target: 0.9}}}';
  expect(await applyAll(rule, agent(condition, numeric))).toEqual([]);
  expect(await applyAll(rule, agent(condition, numeric.replace('0.9', '"90%"')))).toEqual([
    `${at}: ${at} at "target": it never has a value here, because the target of the primary metric is no number`,
  ]);
  expect(await applyAll(rule, agent(condition))).toEqual([
    `${at}: ${at} at "target": it never has a value here, because the manifest has no extensions.moe`,
  ]);
});

test('conditions of a task know its input, its output only afterwards', async () => {
  const before = 'spec.preconditions[0].expression';
  expect(await applyAll(rule, task('preconditions', 'input.milestone_id > 0'))).toEqual([]);
  expect(await applyAll(rule, task('preconditions', 'output.entries > 0 && exit_code == 0'))).toEqual([
    `${before}: ${before} at "exit_code": it never has a value here, because the task has not run yet`,
    `${before}: ${before} at "output": it never has a value here, because the task has not run yet`,
  ]);
  expect(await applyAll(rule, task('postconditions', 'output.entries > 0 && exit_code == 0'))).toEqual([]);
});

test.each([
  ['preconditions', 'milestone_id > 0', 'input.milestone_id'],
  ['preconditions', 'entries > 0', undefined],
  ['postconditions', 'entries > 0', 'output.entries'],
  ['postconditions', 'both > 0', 'input.both'],
])('in %s %s means %s', async (field, expression, suggestion) => {
  expect((await issuesOf(rule, task(field, expression))).map((issue) => issue.suggestion)).toEqual([
    suggestion,
  ]);
});

test('RULE_CONDITION_CHECKS: handoffs speak to people, and tasks have no signals', async () => {
  expect(rule.code).toBe('RULE_CONDITION_CHECKS');
  expect(await applyAll(rule, 'kind: Agent\nspec: {handoffs: [{to: a, condition: user is lost}]}')).toEqual(
    [],
  );
  expect(await applyAll(rule, agent('user is lost').replace('Agent', 'Task'))).toEqual([]);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where conditions stand', async (value) => {
  expect(await applyAll(rule, `kind: Agent\nspec: {completion: {signals: ${value}}}`)).toEqual([]);
  expect(await applyAll(rule, `kind: Agent\nspec: {completion: {signals: [{condition: ${value}}]}}`)).toEqual(
    [],
  );
  expect(await applyAll(rule, `kind: Task\nspec: {preconditions: ${value}, input: ${value}}`)).toEqual([]);
  expect(await applyAll(rule, `kind: Task\nspec: {postconditions: [{expression: ${value}}]}`)).toEqual([]);
});

test('20,000 conditions end in time', async () => {
  const preconditions = Array.from({ length: 20_000 }, (_, index) => ({ expression: `input.a${index} > 0` }));
  const data = { kind: 'Task', spec: { preconditions } };
  const spent = processorTime();
  expect(
    await rule.checkFurther?.({ index: 0, data, kind: 'Task' }, { kindsIn: async () => undefined }),
  ).toEqual([]);
  expect(spent()).toBeLessThan(20_000);
});
