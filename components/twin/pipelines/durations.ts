const seconds: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hr: 3600, hour: 3600 },
  ...{ d: 86_400, day: 86_400, w: 604_800, wk: 604_800, week: 604_800 },
  ...{ mo: 2_592_000, mon: 2_592_000, month: 2_592_000, y: 31_536_000, yr: 31_536_000, year: 31_536_000 },
};

/**
 * Seconds of a duration as `timeout` and `start_in` take it: `3600`, `90 minutes`, `1h 30m`, `1:30:00`. Undefined for
 * what GitLab could not read. Source: docs.gitlab.com/ci/yaml/#timeout and the gem it names, gitlab-chronic-duration.
 */
export function parseDuration(text: unknown): number | undefined {
  const words = String(text ?? '')
    .trim()
    .toLowerCase();
  if (/^\d+(\.\d+)?$/.test(words)) return Math.round(Number(words));
  const clock = /^(?:(\d+):)?(\d+):(\d{2})$/.exec(words);
  if (clock) return Number(clock[1] ?? 0) * 3600 + Number(clock[2]) * 60 + Number(clock[3]);
  const parts = [...words.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)];
  const rest = words.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/g, '').replace(/\band\b|,/g, '');
  if (parts.length === 0 || rest.trim() !== '') return undefined;
  let total = 0;
  for (const [, count = '', unit = ''] of parts) {
    const worth = seconds[unit] ?? seconds[unit.replace(/s$/, '')];
    if (worth === undefined) return undefined;
    total += Number(count) * worth;
  }
  return Math.round(total);
}
