import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { directoryStore } from '../support.ts';

const day = 24 * 60 * 60 * 1000;

test('segments are dropped some days after their last record, once a snapshot has taken their place', async () => {
  const context = testContext(workspace());
  let now = Date.parse('2026-01-01T00:00:00Z');
  const store = directoryStore({ ...context, clock: { ...context.clock, now: () => now } }, 'sessions');
  const session = randomUUID();
  const told: unknown[] = [];
  for (let date = 0; date <= 4; date += 1) {
    const how = date === 0 ? 'begin' : 'resume';
    const log = await store.open(session, how, undefined, { days: 2, segments: undefined });
    told.push([log.pruned?.segments, log.isSnapshotDue()]);
    await log.append('day', date);
    if (log.isSnapshotDue()) await log.appendSnapshot({ date });
    await log.close();
    now += day;
  }
  // A day's records are two days old the moment the third day begins, and older on the fourth.
  expect(told).toEqual([
    [0, false],
    [0, false],
    [0, false],
    [0, true],
    [2, false],
  ]);
  const { records } = await store.read(session);
  expect(records.map(({ body }) => body)).toEqual([{ date: 3 }, 4]);
});

test('a clock that went back drops nothing that is younger than it says', async () => {
  const context = testContext(workspace());
  let now = Date.parse('2026-06-01T00:00:00Z');
  const store = directoryStore({ ...context, clock: { ...context.clock, now: () => now } }, 'sessions');
  const session = randomUUID();
  const log = await store.open(session, 'begin');
  await log.append('step', 1);
  await log.appendSnapshot({ n: 1 });
  await log.close();
  now -= 100 * day;
  const again = await store.open(session, 'resume', undefined, { days: 1, segments: undefined });
  expect([again.pruned, again.isSnapshotDue(), again.snapshot]).toEqual([
    { segments: 0, bytes: 0 },
    false,
    { n: 1 },
  ]);
  await again.close();
});
