import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/experts-moe-mixed-up.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('a registry under moe, measures under experts', () => {
  expect(apply(rule, 'kind: Agent\nextensions: {moe: {registry: []}}')).toEqual([
    'extensions.moe: "moe" means measures of effectiveness, but holds mixture of experts (registry)',
  ]);
  expect(
    apply(rule, 'kind: Agent\nspec: {extensions: {experts: {primary: {metric: x}, tracking: {}}}}'),
  ).toEqual([
    'spec.extensions.experts: "experts" means the mixture of experts, but holds measures of effectiveness (primary, tracking)',
  ]);
});

test('each under its own name', () => {
  const yaml = 'kind: Agent\nextensions: {moe: {primary: {metric: x}}, experts: {registry: []}}';
  expect(apply(rule, yaml)).toEqual([]);
});

test.each(wrongTypes)('%s under both names', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: {moe: ${value}, experts: ${value}}`)).toEqual([]);
});
