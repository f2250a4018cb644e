import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/fallback-experts-acyclic.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function agent(place: string, fallbacks: Readonly<Record<string, string | undefined>>): string {
  const registry = Object.entries(fallbacks).map(([id, fallback]) => ({ id, availability: { fallback } }));
  const holder = { extensions: { experts: { registry } } };
  return JSON.stringify(
    place === 'extensions' ? { kind: 'Agent', ...holder } : { kind: 'Agent', spec: holder },
  );
}

test.each(['extensions', 'spec.extensions'])('RULE_FALLBACK_EXPERTS_ACYCLIC at %s', (place) => {
  expect(rule.code).toBe('RULE_FALLBACK_EXPERTS_ACYCLIC');
  expect(apply(rule, agent(place, { a: 'b', b: 'c', c: 'b', d: 'd', e: 'nobody' }))).toEqual([
    `${place}.experts.registry[1].availability.fallback: experts fall back to each other in a circle: b → c → b`,
    `${place}.experts.registry[3].availability.fallback: experts fall back to each other in a circle: d → d`,
  ]);
});

test('a chain ends, and two may end at one', () => {
  expect(apply(rule, agent('extensions', { a: 'c', b: 'c', c: 'd', d: undefined }))).toEqual([]);
});

test('a chain of 20,000 experts ends at once', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`e${index}`, `e${index + 1}`]),
  );
  const data = JSON.parse(agent('extensions', { ...chain, e19999: 'e0' })) as Record<string, unknown>;
  const issues = rule.check({ index: 0, data, kind: 'Agent' });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.message.length).toBeLessThan(200);
});

test.each(wrongTypes)('%s where experts stand', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: {experts: {registry: ${value}}}`)).toEqual([]);
  expect(
    apply(rule, `kind: Agent\nextensions: {experts: {registry: [{id: ${value}, availability: ${value}}]}}`),
  ).toEqual([]);
});
