import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/fallback-expert-exists.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

const registry = '[{id: a, availability: {fallback: FALLBACK}}, {id: b}]';

test.each(['extensions', 'spec.extensions'])('an unknown fallback at %s', (place) => {
  const experts = `extensions: {experts: {registry: ${registry.replace('FALLBACK', 'c')}}}`;
  const yaml = place === 'extensions' ? `kind: Agent\n${experts}` : `kind: Agent\nspec:\n  ${experts}`;
  const path = `${place}.experts.registry[0].availability.fallback`;
  expect(apply(rule, yaml)).toEqual([`${path}: ${path} is "c", which is no expert of this registry`]);
});

test('the code is made from the id', () => expect(rule.code).toBe('RULE_FALLBACK_EXPERT_EXISTS'));

test('a known fallback, and none', () => {
  expect(
    apply(rule, `kind: Agent\nextensions: {experts: {registry: ${registry.replace('FALLBACK', 'b')}}}`),
  ).toEqual([]);
  expect(apply(rule, 'kind: Agent')).toEqual([]);
});

test.each(wrongTypes)('%s where experts stand', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: {experts: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nextensions: {experts: {registry: ${value}}}`)).toEqual([]);
});
