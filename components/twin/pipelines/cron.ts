import { type CronFields, cronFields } from './cron-fields.ts';
import { isTimezone, type LocalTime, localClock } from './cron-timezone.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** 29 February on a certain weekday comes back within 40 years, over a year like 2100 without one. */
const horizon = 41 * 366 * day;

/**
 * When a schedule runs next, in milliseconds since the epoch: the first minute after `afterMs` whose local time fits. A
 * time that the clocks leave out in spring does not come that day, one that they repeat in autumn comes twice.
 * Undefined for what is no cron expression, no timezone, or never comes (30 February).
 * Source: docs.gitlab.com/topics/cron, and crontab(5) for the rule that of two restricted kinds of day one suffices.
 *
 * @param timezone - IANA name, `Europe/Berlin`
 */
export function nextRun(cron: string, timezone: string, afterMs: number): number | undefined {
  const fields = cronFields(cron);
  if (fields === undefined || !isTimezone(timezone)) return undefined;
  // What never comes in UTC never comes anywhere, and there it is found out fast.
  const sooner = findRun(fields, 'UTC', afterMs);
  return timezone === 'UTC' || sooner === undefined ? sooner : findRun(fields, timezone, afterMs);
}

/** Whether it has five fields, of which something can come true. */
export function isCron(cron: string): boolean {
  return nextRun(cron, 'UTC', 0) !== undefined;
}

function findRun(fields: CronFields, timezone: string, afterMs: number): number | undefined {
  const clock = localClock(timezone);
  let at = (Math.floor(afterMs / minute) + 1) * minute;
  const end = at + horizon;
  while (at < end) {
    const local = clock(at);
    if (!fitsDay(fields, local)) at = nextDay(at, local, clock);
    else if (!fields.hours.has(local.hour)) at += (60 - local.minute) * minute;
    else if (!fields.minutes.has(local.minute)) at += minute;
    else return at;
  }
  return undefined;
}

function fitsDay(fields: CronFields, local: LocalTime): boolean {
  if (!fields.months.has(local.month)) return false;
  const inMonth = fields.daysOfMonth.values.has(local.dayOfMonth);
  const inWeek = fields.daysOfWeek.values.has(local.dayOfWeek);
  // Both restricted: either suffices. A field of a star does not restrict, though it may have a step.
  if (fields.daysOfMonth.restricted && fields.daysOfWeek.restricted) return inMonth || inWeek;
  return inMonth && inWeek;
}

/** The first minute of the next local day. Days are 23 to 25 hours long, so the last hours are tried one by one. */
function nextDay(at: number, today: LocalTime, clock: (at: number) => LocalTime): number {
  const isToday = (time: number) => clock(time).dayOfMonth === today.dayOfMonth;
  const left = 22 * 60 - (today.hour * 60 + today.minute);
  let next = at + Math.max(1, left) * minute;
  while (isToday(next)) next += (60 - clock(next).minute) * minute;
  // Midnight may lie a little back, where the clocks were changed by less than an hour.
  while (!isToday(next - minute)) next -= minute;
  return next;
}
