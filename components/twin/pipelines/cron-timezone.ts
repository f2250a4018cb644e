/** What the clocks of a timezone show. */
export interface LocalTime {
  readonly minute: number;
  readonly hour: number;
  readonly dayOfMonth: number;
  /** January is 1. */
  readonly month: number;
  /** Sunday is 0. */
  readonly dayOfWeek: number;
}

/** Whether the platform knows the timezone by its IANA name. */
export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    // Offsets (`+02:00`) are no names.
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}

/** A function from milliseconds since the epoch to what the timezone's clocks show then. */
export function localClock(timezone: string): (at: number) => LocalTime {
  // UTC needs no tables, and they are slow.
  const ahead = timezone === 'UTC' ? () => 0 : offsets(timezone);
  return (at) => {
    const local = new Date(at + ahead(at));
    return {
      minute: local.getUTCMinutes(),
      hour: local.getUTCHours(),
      dayOfMonth: local.getUTCDate(),
      month: local.getUTCMonth() + 1,
      dayOfWeek: local.getUTCDay(),
    };
  };
}

/** Milliseconds the timezone is ahead of UTC at a time. */
function offsets(timeZone: string): (at: number) => number {
  const date = { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' } as const;
  const format = new Intl.DateTimeFormat('en-US', { ...date, hour: 'numeric', minute: 'numeric' });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'));
    return shown - Math.floor(at / 60_000) * 60_000;
  };
}
