import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCron, nextRun } from '../../../components/twin/pipelines/cron.ts';

const minute = 60_000;

function next(cron: string, after: string, timezone = 'UTC'): string | undefined {
  const at = nextRun(cron, timezone, Date.parse(after));
  return at === undefined ? undefined : new Date(at).toISOString().replace(':00.000Z', 'Z');
}

test.each([
  ['*/15 * * * *', '2026-11-21T03:31Z', '2026-11-21T03:45Z'],
  ['45 3 * * *', '2026-11-21T03:45Z', '2026-11-22T03:45Z'],
  ['0 4 * * mon-fri', '2026-11-21T00:00Z', '2026-11-23T04:00Z'],
  ['0 0 1 JAN *', '2026-11-21T00:00Z', '2027-01-01T00:00Z'],
  ['5/20 8-9,12 * * *', '2026-11-21T08:30Z', '2026-11-21T08:45Z'],
  ['0 0 29 2 *', '2026-11-21T00:00Z', '2028-02-29T00:00Z'],
  ['0 0 * * 7', '2026-11-21T00:00Z', '2026-11-22T00:00Z'],
  ['@weekly', '2026-11-21T00:00Z', '2026-11-22T00:00Z'],
])('%s after %s is %s', (cron, after, expected) => {
  expect(next(cron, after)).toBe(expected);
});

test('of a day of the month and a day of the week one suffices', () => {
  expect(next('0 0 25 * mon', '2026-11-21T00:00Z')).toBe('2026-11-23T00:00Z');
  expect(next('0 0 25 * mon', '2026-11-23T00:00Z')).toBe('2026-11-25T00:00Z');
});

test('the clocks of the timezone count', () => {
  expect(next('0 9 * * *', '2026-07-01T00:00Z', 'Europe/Berlin')).toBe('2026-07-01T07:00Z');
  expect(next('0 9 * * *', '2026-12-01T00:00Z', 'Europe/Berlin')).toBe('2026-12-01T08:00Z');
  expect(next('30 0 * * *', '2026-12-01T00:00Z', 'Asia/Kolkata')).toBe('2026-12-01T19:00Z');
});

test('a time that summer time leaves out comes the next day', () => {
  // On 29 March 2026 clocks in Berlin go from 02:00 to 03:00.
  expect(next('30 2 * * *', '2026-03-28T12:00Z', 'Europe/Berlin')).toBe('2026-03-30T00:30Z');
});

test.each([
  '',
  '* * * *',
  '* * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '0 0 0 * *',
  '5-1 * * * *',
  '*/0 * * * *',
  'x * * * *',
  '0 0 30 2 *',
])('"%s" is no cron expression', (cron) => {
  expect(isCron(cron)).toBe(false);
});

test('a timezone nobody knows has no times', () => {
  expect(nextRun('* * * * *', 'Middle/Earth', 0)).toBeUndefined();
});

const field = (min: number, max: number) =>
  fc.oneof(
    fc.constant('*'),
    fc.integer({ min: 1, max: 12 }).map((step) => `*/${step}`),
    fc.integer({ min, max }).map(String),
    fc
      .tuple(fc.integer({ min, max }), fc.integer({ min, max }))
      .map((ends) => `${Math.min(...ends)}-${Math.max(...ends)}`),
  );

test('it is the first minute whose parts the fields allow, found by trying every minute', () => {
  const times = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
  fc.assert(
    fc.property(field(0, 59), field(0, 23), field(0, 6), times, (minutes, hours, weekdays, after) => {
      const found = nextRun(`${minutes} ${hours} * * ${weekdays}`, 'UTC', after);
      let tried = (Math.floor(after / minute) + 1) * minute;
      const allows = (written: string, value: number, min: number) => {
        const [from = '', to] = written.split('-');
        if (written.startsWith('*/')) return (value - min) % Number(written.slice(2)) === 0;
        return written === '*' || (value >= Number(from) && value <= Number(to ?? from));
      };
      for (;;) {
        const date = new Date(tried);
        const fits =
          allows(minutes, date.getUTCMinutes(), 0) &&
          allows(hours, date.getUTCHours(), 0) &&
          allows(weekdays, date.getUTCDay(), 0);
        if (fits) break;
        tried += minute;
      }
      expect(found).toBe(tried);
    }),
    { numRuns: 150 },
  );
});

test('in every timezone it is later than asked, and asking again a minute earlier gives the same', () => {
  const zones = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'America/St_Johns',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
  );
  const times = fc.integer({ min: Date.UTC(2024, 0), max: Date.UTC(2027, 0) });
  fc.assert(
    fc.property(
      zones,
      times,
      field(0, 59),
      field(0, 23),
      field(1, 28),
      (zone, after, minutes, hours, days) => {
        const cron = `${minutes} ${hours} ${days} * *`;
        const found = nextRun(cron, zone, after);
        expect(found).toBeGreaterThan(after);
        expect(nextRun(cron, zone, (found ?? 0) - minute)).toBe(found);
      },
    ),
    { numRuns: 100 },
  );
});
