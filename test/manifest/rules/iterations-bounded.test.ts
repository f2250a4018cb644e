import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/iterations-bounded.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('RULE_ITERATIONS_BOUNDED: an autonomous agent says when it ends at the latest', () => {
  expect(rule.code).toBe('RULE_ITERATIONS_BOUNDED');
  expect(apply(rule, 'kind: Agent\nspec: {autonomy: {level: fully_autonomous}}')).toEqual([
    'spec.autonomy.level: this agent goes on by itself (its autonomy is fully_autonomous), ' +
      'and spec.completion has no max_iterations and no timeout_seconds',
  ]);
  const half = 'kind: Agent\nspec: {autonomy: {level: autonomous}, completion: {max_iterations: 5}}';
  expect(apply(rule, half)).toEqual([
    'spec.completion: this agent goes on by itself (its autonomy is autonomous), and spec.completion has no timeout_seconds',
  ]);
  expect(apply(rule, half.replace('5', '5, timeout_seconds: 60'))).toEqual([]);
});

test('so does one that signals continue, by itself or by default', () => {
  const reasons = {
    'it has a signal "continue"': '{timeout_seconds: 5, signals: [{signal: blocked}, {signal: continue}]}',
    'its default is "continue"': '{timeout_seconds: 5, default_signal: continue}',
  };
  for (const [words, completion] of Object.entries(reasons)) {
    expect(apply(rule, `kind: Agent\nspec: {completion: ${completion}}`)).toEqual([
      `spec.completion: this agent goes on by itself (${words}), and spec.completion has no max_iterations`,
    ]);
  }
});

test.each(['supervised', 'assisted', 'semi_autonomous'])('%s agents are stopped by people', (level) => {
  expect(apply(rule, `kind: Agent\nspec: {autonomy: {level: ${level}}}`)).toEqual([]);
});

test.each([
  ['ossa/v0.2.9', 0],
  ['ossa/v0.3.0', 0],
  ['ossa/v0.3.4-rc.1', 0],
  ['ossa/v0.3', 1],
  ['ossa/v0.3.5', 1],
  ['ossa/v0.3.10', 1],
  ['ossa/v0.4.6', 1],
  ['ossa/v1', 1],
])('%s has completion signals: %d', (version, count) => {
  const yaml = `apiVersion: ${version}\nkind: Agent\nspec: {autonomy: {level: autonomous}}`;
  expect(apply(rule, yaml)).toHaveLength(count);
});

test.each(wrongTypes)('%s where it looks', (value) => {
  expect(apply(rule, `kind: Agent\nspec: ${value}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {autonomy: ${value}, completion: ${value}}`)).toEqual([]);
  expect(
    apply(rule, `kind: Agent\nspec: {autonomy: {level: ${value}}, completion: {signals: ${value}}}`),
  ).toEqual([]);
});
