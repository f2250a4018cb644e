import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/ratio-metric-complete.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each(['extensions', 'spec.extensions'])('RULE_RATIO_METRIC_COMPLETE at %s', (place) => {
  expect(rule.code).toBe('RULE_RATIO_METRIC_COMPLETE');
  const moe = {
    primary: { metric: 'a', measurement: { type: 'ratio', numerator: 'x' } },
    secondary: [
      { metric: 'b', measurement: { type: 'average' } },
      { metric: 'c', measurement: { type: 'ratio' } },
    ],
    operational: [
      { metric: 'd', measurement: { type: 'ratio', numerator: 'x', denominator: 'y' } },
      { metric: 'e', measurement: { type: 'ratio', numerator: ' ', denominator: 'y' } },
    ],
  };
  const holder = { extensions: { moe } };
  const data = place === 'extensions' ? { kind: 'Agent', ...holder } : { kind: 'Agent', spec: holder };
  expect(apply(rule, JSON.stringify(data))).toEqual([
    `${place}.moe.primary.measurement: this measurement is a ratio and has no denominator`,
    `${place}.moe.secondary[1].measurement: this measurement is a ratio and has no numerator and no denominator`,
    `${place}.moe.operational[1].measurement: this measurement is a ratio and has no numerator`,
  ]);
});

test.each(wrongTypes)('%s where metrics stand', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: {moe: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nextensions: {moe: {primary: ${value}, secondary: ${value}}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nextensions: {moe: {primary: {measurement: ${value}}}}`)).toEqual([]);
  const measurement = `{type: ratio, numerator: ${value}, denominator: ${value}}`;
  const said = apply(rule, `kind: Agent\nextensions: {moe: {primary: {measurement: ${measurement}}}}`);
  expect(said).toHaveLength(value === 'text' ? 0 : 1);
});
