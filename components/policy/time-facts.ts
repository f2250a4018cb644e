import { weekdays } from '../expressions/environments/policy-values.ts';
import type { FactValues } from '../expressions/types.ts';

/**
 * The facts of a point in time. In UTC: where a runner is must not decide.
 *
 * @param now - milliseconds since the Unix epoch
 */
export function timeFacts(now: number): FactValues {
  const date = new Date(now);
  return {
    'context.date': date.toISOString().slice(0, 10),
    'context.weekday': weekdays[date.getUTCDay()],
    'context.hour': date.getUTCHours(),
  };
}
