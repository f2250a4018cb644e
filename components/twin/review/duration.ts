/** Seconds of GitLab's units of work: a day has 8 hours, a week 5 days, a month 4 weeks. */
const units = { mo: 576_000, w: 144_000, d: 28_800, h: 3600, m: 60, s: 1 } as const;
type Unit = keyof typeof units;

const part = /(\d+(?:\.\d+)?)\s*(mo|w|d|h|m|s)/g;

/** Seconds of `1w 3d 2h 14m`, negative after a minus; undefined where it is no duration. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  const sign = trimmed.startsWith('-') ? -1 : 1;
  const amount = trimmed.replace(/^-\s*/, '');
  if (!/^(?:\d+(?:\.\d+)?\s*(?:mo|w|d|h|m|s)\s*)+$/.test(amount)) return undefined;
  const parts = [...amount.matchAll(part)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as Unit], 0);
  return sign * Math.round(seconds);
}

/** Seconds as `1w 3d 2h 14m`. */
export function renderDuration(seconds: number): string {
  let rest = seconds;
  const parts = Object.entries(units).flatMap(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count}${unit}`];
  });
  return parts.length === 0 ? '0h' : parts.join(' ');
}
