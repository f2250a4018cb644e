import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { quote } from '../../kernel/schema-terms.ts';
import { areComparable, dimensionOf, parseTarget } from '../metric-target.ts';
import { metricsOf, type Placed, textAt } from '../read-data.ts';
import { defineRule, type RuleIssue } from '../rule.ts';
import type { Data } from '../types.ts';

/** From here on a ratio is taken for a percentage: 30 would be 3,000 %. */
const leastOddRatio = 10;

export const rule = defineRule({
  id: 'metric-target-comparable',
  severity: 'warning',
  about:
    'The target of a measure of effectiveness of `extensions.moe` cannot be compared with what is measured: it is a ' +
    'text without a number, has another unit than the metric (`95%` against milliseconds), is a percentage where a ' +
    'ratio from 0 to 1 is measured, or lies outside of the scale.',
  check: ({ data }) =>
    metricsOf(data).flatMap((metric) => {
      const target = valueAt(metric.value, ['target']);
      const path = [...metric.path, 'target'];
      if (typeof target === 'string') return checkText(path, target, metric.value);
      if (typeof target !== 'number') return [];
      return [...checkRatio(path, target, metric.value), ...checkScale(path, target, metric)];
    }),
});

function checkText(path: DataPath, target: string, metric: Data): readonly RuleIssue[] {
  // What a variable will stand for is not known.
  if (target.includes('${')) return [];
  const parsed = parseTarget(target);
  if (parsed === undefined) {
    const message = `${renderPath(path)} is ${quote(target)}, which cannot be compared with a measured number`;
    return [{ path, message, expected: 'a number', got: quote(target) }];
  }
  const unit = textAt(metric, ['unit']);
  const measured = unit === undefined ? undefined : dimensionOf(unit);
  const written = parsed.unit === undefined ? undefined : dimensionOf(parsed.unit);
  if (measured === undefined || written === undefined || areComparable(measured, written)) return [];
  return [
    {
      path,
      message: `${renderPath(path)} is ${quote(target)}, but the metric is measured in ${quote(unit)}`,
      expected: `a number, in ${quote(unit)}`,
      got: quote(target),
    },
  ];
}

/** A number that was meant in percent, where the ratio itself is measured. */
function checkRatio(path: DataPath, target: number, metric: Data): readonly RuleIssue[] {
  const unit = textAt(metric, ['unit']);
  const isRatio =
    unit === undefined ? textAt(metric, ['measurement', 'type']) === 'ratio' : dimensionOf(unit) === 'ratio';
  if (!isRatio || target < leastOddRatio || target > 100) return [];
  return [
    {
      path,
      message: `${renderPath(path)} is ${target}, of a ratio: that would be ${target * 100} %`,
      expected: 'a ratio, as a rule from 0 to 1',
      got: String(target),
      suggestion: String(target / 100),
    },
  ];
}

function checkScale(path: DataPath, target: number, { value }: Placed<Data>): readonly RuleIssue[] {
  const scale = valueAt(value, ['scale']);
  if (!Array.isArray(scale) || scale.length < 2) return [];
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const end of scale) {
    if (typeof end !== 'number') return [];
    low = Math.min(low, end);
    high = Math.max(high, end);
  }
  if (target >= low && target <= high) return [];
  return [
    {
      path,
      message: `${renderPath(path)} is ${target}, outside of the scale of the metric`,
      expected: `a number from ${low} to ${high}`,
      got: String(target),
    },
  ];
}
