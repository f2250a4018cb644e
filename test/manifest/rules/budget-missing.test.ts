import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/budget-missing.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function agent(cost: string): string {
  return `kind: Agent\nspec: {llm: {provider: a, model: b}, constraints: {cost: ${cost}}}`;
}

test('RULE_BUDGET_MISSING: a model without a limit', () => {
  expect(rule.code).toBe('RULE_BUDGET_MISSING');
  expect(apply(rule, 'kind: Agent\nspec: {llm: {provider: a, model: b}}')).toEqual([
    'spec.llm: the model of this agent has no budget: spec.constraints.cost is missing',
  ]);
  expect(apply(rule, agent('{currency: USD, maxTokensPerDay: 0}'))).toEqual([
    'spec.constraints.cost: the model of this agent has no budget: spec.constraints.cost sets no limit',
  ]);
});

test.each([
  '{maxTokensPerDay: 5}',
  '{maxTokensPerRequest: 5}',
  '{maxCostPerDay: 0.5}',
  '{maxCostPerDay: "\u0024{MOST}"}',
])('%s is a limit', (cost) => expect(apply(rule, agent(cost))).toEqual([]));

test('no model, no budget', () => {
  expect(apply(rule, 'kind: Agent\nspec: {role: a}')).toEqual([]);
  expect(apply(rule, agent('{}').replace('Agent', 'Task'))).toEqual([]);
});

test.each(wrongTypes)('%s where costs stand', (value) => {
  expect(apply(rule, agent(value))).toHaveLength(1);
  expect(apply(rule, agent(`{maxCostPerDay: ${value}}`)).length).toBe(value === '7' ? 0 : 1);
  expect(apply(rule, `kind: Agent\nspec: {llm: ${value}}`).length).toBe(value.startsWith('{') ? 1 : 0);
});
