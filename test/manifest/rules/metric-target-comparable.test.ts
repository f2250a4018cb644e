import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/metric-target-comparable.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { issuesOf } from '../apply-further.ts';

function metric(fields: object): string {
  return JSON.stringify({ kind: 'Agent', extensions: { moe: { primary: { metric: 'm', ...fields } } } });
}

const at = 'extensions.moe.primary.target';
const ratio = { measurement: { type: 'ratio', numerator: 'a', denominator: 'b' } };

test.each([
  [{ target: 0.95 }],
  [{ target: 0.95, ...ratio }],
  [{ target: 4, unit: 'ratio' }],
  [{ target: 30, unit: 'percentage', ...ratio }],
  [{ target: 600, unit: 'seconds' }],
  [{ target: 4.5, unit: 'rating', scale: [1, 5] }],
  [{ target: 5, scale: [5, 1] }],
  [{ target: '95%' }],
  [{ target: '95%', unit: 'ratio' }],
  [{ target: '>= 95 percent', unit: '%' }],
  [{ target: '< 500 ms', unit: 'seconds' }],
  [{ target: '$0.25', unit: 'usd' }],
  [{ target: '1,000 tokens', unit: 'tokens' }],
  [{ target: '5M', unit: 'tokens' }],
  [{ target: '12 reviews', unit: 'seconds' }],
  [{ target: '40', unit: 'seconds' }],
  [{ target: '\u0024{TARGET:-0.9}', unit: 'seconds' }],
])('%j can be compared', (fields) => expect(apply(rule, metric(fields))).toEqual([]));

test.each([
  [{ target: '95%', unit: 'ms' }, 'is "95%", but the metric is measured in "ms"'],
  [{ target: '$3', unit: 'seconds' }, 'is "$3", but the metric is measured in "seconds"'],
  [{ target: '3 EUR', unit: 'usd' }, 'is "3 EUR", but the metric is measured in "usd"'],
  [{ target: 'high' }, 'is "high", which cannot be compared with a measured number'],
  [{ target: '1 to 2' }, 'is "1 to 2", which cannot be compared with a measured number'],
  [{ target: '' }, 'is "", which cannot be compared with a measured number'],
  [{ target: 95, ...ratio }, 'is 95, of a ratio: that would be 9500 %'],
  [{ target: 95, unit: 'ratio' }, 'is 95, of a ratio: that would be 9500 %'],
  [{ target: 45, scale: [1, 5] }, 'is 45, outside of the scale of the metric'],
])('%j cannot', (fields, words) => expect(apply(rule, metric(fields))).toEqual([`${at}: ${at} ${words}`]));

test('RULE_METRIC_TARGET_COMPARABLE: a percentage of a ratio has one right answer', async () => {
  expect(rule.code).toBe('RULE_METRIC_TARGET_COMPARABLE');
  expect((await issuesOf(rule, metric({ target: 95, ...ratio })))[0]?.suggestion).toBe('0.95');
});

test('secondary and operational metrics at the other place', () => {
  const moe = { secondary: [{ target: 1 }, { target: 'x' }], operational: [{ target: 'y' }] };
  expect(apply(rule, JSON.stringify({ kind: 'Agent', spec: { extensions: { moe } } }))).toHaveLength(2);
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where targets stand', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: {moe: {primary: ${value}, operational: ${value}}}`)).toEqual(
    [],
  );
  expect(
    apply(rule, `kind: Agent\nextensions: {moe: {primary: {target: ${value}, scale: ${value}}}}`),
  ).toEqual([]);
  expect(apply(rule, `kind: Agent\nextensions: {moe: {primary: {target: 95, unit: ${value}}}}`)).toEqual([]);
});

test('a hostile text takes no time', () => {
  const spent = processorTime();
  for (const text of ['1'.repeat(200_000), `${'1'.repeat(60)}!!`, `${','.repeat(63)}`, ' '.repeat(200_000)]) {
    expect(apply(rule, metric({ target: text })).length).toBeLessThanOrEqual(1);
  }
  expect(spent()).toBeLessThan(1_000);
});
