import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/step-dependency-exists.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { issuesOf } from '../apply-further.ts';

function workflow(...steps: object[]): string {
  return JSON.stringify({ kind: 'Workflow', spec: { steps } });
}

test('RULE_STEP_DEPENDENCY_EXISTS: each name that is no step, with the nearest that is', async () => {
  expect(rule.code).toBe('RULE_STEP_DEPENDENCY_EXISTS');
  const yaml = workflow({ id: 'fetch' }, { id: 'check', depends_on: ['fetch', 'fecth', 'deploy'] });
  expect(apply(rule, yaml)).toEqual([
    'spec.steps[1].depends_on[1]: spec.steps[1].depends_on[1] is "fecth", which is no step of this workflow',
    'spec.steps[1].depends_on[2]: spec.steps[1].depends_on[2] is "deploy", which is no step of this workflow',
  ]);
  expect((await issuesOf(rule, yaml)).map(({ suggestion, expected }) => [suggestion, expected])).toEqual([
    ['fetch', 'one of: fetch, check'],
    [undefined, 'one of: fetch, check'],
  ]);
});

test('steps inside of others are steps', () => {
  const inner = { id: 'outer', parallel: [{ id: 'inner', depends_on: ['first'] }] };
  expect(apply(rule, workflow({ id: 'first' }, inner, { id: 'last', depends_on: ['inner'] }))).toEqual([]);
});

test.each(wrongTypes.filter((value) => !value.includes('"x"')))('%s where steps stand', (value) => {
  expect(apply(rule, `kind: Workflow\nspec: {steps: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Workflow\nspec: {steps: [{id: a, depends_on: ${value}}]}`)).toEqual([]);
});

test('20,000 names that are none of 20,000 end at once', () => {
  const steps = Array.from({ length: 20_000 }, (_, index) => ({
    id: `step-${index}`,
    depends_on: [`stop-${index}`],
  }));
  const spent = processorTime();
  expect(rule.check({ index: 0, data: { spec: { steps } }, kind: 'Workflow' })).toHaveLength(20_000);
  expect(spent()).toBeLessThan(5_000);
});
