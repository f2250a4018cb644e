/** Seconds in a unit. OSSA's durations know s, m (minutes) and h; manifests also write days and longer ones. */
const secondsIn: ReadonlyMap<string, number> = new Map([
  ...['s', 'sec', 'secs', 'second', 'seconds'].map((unit) => [unit, 1] as const),
  ...['m', 'min', 'mins', 'minute', 'minutes'].map((unit) => [unit, 60] as const),
  ...['h', 'hr', 'hrs', 'hour', 'hours'].map((unit) => [unit, 3600] as const),
  ...['d', 'day', 'days'].map((unit) => [unit, 86_400] as const),
  ...['w', 'week', 'weeks'].map((unit) => [unit, 7 * 86_400] as const),
  ...['mo', 'month', 'months'].map((unit) => [unit, 30 * 86_400] as const),
  ...['y', 'yr', 'year', 'years'].map((unit) => [unit, 365 * 86_400] as const),
]);

/**
 * How long something is kept, in days: a number is days, a text is a number with a unit (`30d`, `7years`) or days
 * without one, words such as `forever` are infinite. Undefined where it cannot be told.
 */
export function daysOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string' || value.length > 64) return undefined;
  const text = value.trim().toLowerCase();
  if (/^(?:forever|unlimited|infinite|indefinite|indefinitely|never)$/.test(text)) return Infinity;
  const match = /^(\d{1,9}(?:\.\d{1,6})?) {0,3}([a-z]{0,8})$/.exec(text);
  if (match === null) return undefined;
  const [, amount = '', unit = ''] = match;
  const seconds = unit === '' ? 86_400 : secondsIn.get(unit);
  return seconds === undefined ? undefined : (Number(amount) * seconds) / 86_400;
}

/** `30 days`, `1 day`, `for ever`. */
export function shownDays(days: number): string {
  if (days === Infinity) return 'for ever';
  return days === 1 ? '1 day' : `${Math.round(days * 100) / 100} days`;
}
