import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/expert-declared-twice.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each(['extensions', 'spec.extensions'])('RULE_EXPERT_DECLARED_TWICE at %s', (place) => {
  expect(rule.code).toBe('RULE_EXPERT_DECLARED_TWICE');
  const holder = {
    extensions: { experts: { registry: [{ id: 'a' }, { id: 'b' }, { name: 'a' }, { id: 'a' }] } },
  };
  const data = place === 'extensions' ? { kind: 'Agent', ...holder } : { kind: 'Agent', spec: holder };
  expect(apply(rule, JSON.stringify(data))).toEqual([
    `${place}.experts.registry[3].id: the expert "a" is declared already at ${place}.experts.registry[0]`,
  ]);
});

test.each(wrongTypes)('%s where experts stand', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: {experts: {registry: ${value}}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nextensions: {experts: {registry: [{id: ${value}}]}}`)).toEqual([]);
});
