import { metricsOf, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

const parts = ['numerator', 'denominator'];

export const rule = defineRule({
  id: 'ratio-metric-complete',
  severity: 'warning',
  about:
    'A measure of effectiveness of `extensions.moe` is a ratio, and does not say of what to what, so it has no value.',
  check: ({ data }) =>
    metricsOf(data).flatMap(({ path, value }) => {
      if (textAt(value, ['measurement', 'type']) !== 'ratio') return [];
      const missing = parts.filter((part) => (textAt(value, ['measurement', part]) ?? '').trim() === '');
      if (missing.length === 0) return [];
      return [
        {
          path: [...path, 'measurement'],
          target: 'key' as const,
          message: `this measurement is a ratio and has no ${missing.join(' and no ')}`,
          expected: `the names of the fields that are counted, as ${missing.join(' and ')}`,
        },
      ];
    }),
});
