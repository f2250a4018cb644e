import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Head, SessionLog, SessionStore } from '../../components/stores/types.ts';

/**
 * What every driver keeps to. `make` gives a store of its own to a test; two of one test see the same sessions.
 *
 * @param drops - whether it removes what is asked of it
 */
export function storeContract(make: () => { open: () => SessionStore }, drops: boolean): void {
  const codeOf = (code: string) => expect.objectContaining({ code });
  const kinds = (log: SessionLog) => log.records.map(({ sequence, epoch, kind }) => [sequence, epoch, kind]);

  test('a begun session is empty, in epoch 1, and what is appended is read back in order', async () => {
    const { open } = make();
    const session = randomUUID();
    const log = await open().open(session, 'begin');
    expect([log.epoch, log.records, log.dropped]).toEqual([1, [], 0]);
    const body = { text: 'Grüße \u2028 ', list: [1, 2.5, null, true], inner: { left: undefined, kept: '' } };
    const appended = await log.append('first', body);
    await log.append('second', null);
    expect(appended).toMatchObject({ sequence: 0, epoch: 1, kind: 'first' });
    expect(appended.body).toEqual({ text: body.text, list: body.list, inner: { kept: '' } });
    await log.close();
    const resumed = await open().open(session, 'resume');
    expect(resumed.records).toEqual(log.records);
    expect([resumed.epoch, resumed.dropped]).toEqual([2, 0]);
    await resumed.close();
  });

  test('records of many epochs are one sequence', async () => {
    const { open } = make();
    const session = randomUUID();
    for (const how of ['begin', 'resume', 'resume', 'resume'] as const) {
      const log = await open().open(session, how);
      await log.append('opened', { how });
      if (log.epoch !== 3) await log.append('again', {});
      await log.close();
    }
    const log = await open().open(session, 'resume');
    expect(kinds(log)).toEqual([
      ...[[0, 1, 'opened'] as const, [1, 1, 'again'] as const, [2, 2, 'opened'] as const],
      ...[[3, 2, 'again'] as const, [4, 3, 'opened'] as const, [5, 4, 'opened'] as const],
      [6, 4, 'again'],
    ]);
    await log.close();
  });

  test('appends that are not waited for keep their order', async () => {
    const { open } = make();
    const log = await open().open(randomUUID(), 'begin');
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => log.append('n', index)));
    expect(all.map(({ sequence, body }) => [sequence, body])).toEqual(all.map((_, index) => [index, index]));
    await log.close();
  });

  test('a session is begun once, and gone on with only where it is', async () => {
    const { open } = make();
    const session = randomUUID();
    await (await open().open(session, 'begin')).close();
    await expect(open().open(session, 'begin')).rejects.toEqual(codeOf('STORE_SESSION_EXISTS'));
    await expect(open().open(randomUUID(), 'resume')).rejects.toEqual(codeOf('STORE_SESSION_MISSING'));
  });

  test.each(['', '..', '../../etc', 'A'.repeat(36), `${randomUUID()}/x`, `${randomUUID()}\n`])(
    'the id %j never becomes a place',
    async (session) => {
      await expect(make().open().open(session, 'begin')).rejects.toEqual(codeOf('STORE_SESSION_ID'));
    },
  );

  test('of two that go on at one time one does, and of a writer that is overtaken nothing is acknowledged', async () => {
    const { open } = make();
    const session = randomUUID();
    const old = await open().open(session, 'begin');
    await old.append('kept', 1);
    const opened = await Promise.allSettled([open().open(session, 'resume'), open().open(session, 'resume')]);
    const logs = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    for (const result of opened)
      if (result.status === 'rejected') expect(result.reason).toEqual(codeOf('STORE_BUSY'));
    await expect(old.append('lost', 2)).rejects.toEqual(codeOf('STORE_BUSY'));
    await expect(old.append('lost too', 3)).rejects.toEqual(codeOf('STORE_BUSY'));
    const winner = logs.toSorted((a, b) => b.epoch - a.epoch)[0];
    await winner?.append('won', 4);
    for (const log of [old, ...logs]) await log.close();
    const after = await open().open(session, 'resume');
    expect(after.records.map(({ kind }) => kind)).toEqual(['kept', 'won']);
    await after.close();
  });

  test('whoever opens it after a snapshot begins with that, and with what came later', async () => {
    const { open } = make();
    const session = randomUUID();
    const log = await open().open(session, 'begin');
    await log.append('first', 1);
    await log.appendSnapshot({ all: ['first'] });
    await log.append('second', 2);
    await log.close();
    const again = await open().open(session, 'resume');
    expect(again.snapshot).toEqual({ all: ['first'] });
    expect(kinds(again)).toEqual([[2, 1, 'second']]);
    await again.appendSnapshot({ all: ['first', 'second'] });
    await again.close();
    const last = await open().open(session, 'resume');
    expect([last.snapshot, last.records]).toEqual([{ all: ['first', 'second'] }, []]);
    expect(await last.append('third', 3)).toMatchObject({ sequence: 4, epoch: 3 });
    await last.close();
  });

  test('a snapshot is due when there is as much to read after the last one as in it', async () => {
    const { open } = make();
    const log = await open().open(randomUUID(), 'begin');
    const noise = () => randomBytes(6_000).toString('base64');
    let [records, snapshots] = [0, 0];
    for (let round = 0; round < 60; round += 1) {
      await log.append('noise', noise());
      records += 1;
      if (!log.isSnapshotDue()) continue;
      await log.appendSnapshot(Array.from({ length: records }, noise));
      snapshots += 1;
      expect(log.isSnapshotDue()).toBe(false);
    }
    // At 5, 10, 20 and 40 records or so: what is written stays in proportion to the records.
    expect(snapshots).toBeGreaterThanOrEqual(3);
    expect(snapshots).toBeLessThanOrEqual(5);
    await log.close();
  });

  test('a head is the last record, and the log is refused that does not hold it', async () => {
    const { open } = make();
    const session = randomUUID();
    const log = await open().open(session, 'begin');
    expect(log.head()).toBeUndefined();
    await log.append('first', 1);
    const first = log.head();
    await log.append('second', 2);
    const head = log.head();
    expect(head).toEqual({ sequence: 1, tag: expect.stringMatching(/^[0-9a-f]{32}$/) });
    await log.close();
    for (const known of [first, head]) await (await open().open(session, 'resume', known)).close();
    for (const known of [
      { sequence: 2, tag: head?.tag ?? '' },
      { sequence: 1, tag: '0'.repeat(32) },
    ])
      await expect(open().open(session, 'resume', known)).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
  });

  /** A session of four epochs with snapshots in the second and the third. */
  async function withSnapshots(open: () => SessionStore) {
    const session = randomUUID();
    const heads: (Head | undefined)[] = [];
    for (let epoch = 1; epoch <= 4; epoch += 1) {
      const log = await open().open(session, epoch === 1 ? 'begin' : 'resume');
      await log.append('step', epoch);
      if (epoch === 2 || epoch === 3) await log.appendSnapshot({ epoch });
      await log.append('step', epoch + 0.5);
      heads.push(log.head());
      await log.close();
    }
    return { session, heads };
  }

  const droppedTest = drops ? test : undefined;
  droppedTest?.('what is before the last snapshot can be dropped, and the log says so', async () => {
    const { open } = make();
    const { session, heads } = await withSnapshots(open);
    const before = await open().open(session, 'resume');
    await before.close();
    expect(await open().prune(session)).toMatchObject({ segments: 2, bytes: expect.any(Number) });
    expect(await open().prune(session)).toEqual({ segments: 0, bytes: 0 });
    const after = await open().open(session, 'resume', heads.at(-1));
    expect([after.snapshot, after.records]).toEqual([before.snapshot, before.records]);
    expect(await after.append('step', 5)).toMatchObject({ sequence: 10 });
    await after.close();
    const read = await open().read(session);
    expect(read.records.map(({ kind, sequence }) => `${kind} ${sequence}`)).toEqual([
      ...['snapshot 6', 'step 7', 'step 8', 'step 9', 'step 10'],
    ]);
    // A head of what was dropped cannot be held against anything, one of what is kept is.
    for (const known of [heads[0], heads[3]]) await (await open().open(session, 'resume', known)).close();
    for (const sequence of [5, 7]) {
      const other = { sequence, tag: '0'.repeat(32) };
      await expect(open().open(session, 'resume', other)).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
    }
  });

  droppedTest?.('without a snapshot nothing is dropped', async () => {
    const { open } = make();
    const session = randomUUID();
    for (const how of ['begin', 'resume'] as const) {
      const log = await open().open(session, how);
      await log.append('step', how);
      await log.close();
    }
    expect(await open().prune(session)).toEqual({ segments: 0, bytes: 0 });
    expect((await open().read(session)).records).toHaveLength(2);
  });

  droppedTest?.(
    'retention drops the oldest segments that a session needs no more, and asks for a snapshot',
    async () => {
      const { open } = make();
      const { session, heads } = await withSnapshots(open);
      const kept = async (segments: number, known?: Head) => {
        const log = await open().open(session, 'resume', known, { days: undefined, segments });
        const told = {
          pruned: log.pruned?.segments,
          due: log.isSnapshotDue(),
          last: log.records.at(-1)?.body,
        };
        if (log.isSnapshotDue()) await log.appendSnapshot({ epoch: log.epoch });
        expect(log.isSnapshotDue()).toBe(false);
        await log.append('step', log.epoch);
        await log.close();
        return told;
      };
      // The fifth job: of four segments the first is too much.
      expect(await kept(4, heads[3])).toEqual({ pruned: 1, due: false, last: 4.5 });
      // The fourth has no snapshot, and what it builds on is the third.
      expect(await kept(1)).toEqual({ pruned: 1, due: true, last: 5 });
      // Now that there is one in the sixth, all before it goes, those without a record too.
      expect(await kept(1)).toEqual({ pruned: 3, due: true, last: 6 });
      expect((await open().read(session)).records.map(({ kind, body }) => [kind, body])).toEqual([
        ...[
          ['snapshot', { epoch: 6 }],
          ['step', 6],
          ['snapshot', { epoch: 7 }],
          ['step', 7],
        ],
      ]);
    },
  );

  const keptTest = drops ? undefined : test;
  keptTest?.('it keeps all, and says so', async () => {
    const { open } = make();
    const { session } = await withSnapshots(open);
    await expect(open().prune(session)).rejects.toEqual(codeOf('STORE_KEEPS_ALL'));
    const log = await open().open(session, 'resume', undefined, { days: 1, segments: 1 });
    expect([log.pruned, log.isSnapshotDue()]).toEqual([undefined, false]);
    await log.close();
  });

  test('a log is read while its writer goes on, snapshots and all', async () => {
    const { open } = make();
    const session = randomUUID();
    const log = await open().open(session, 'begin');
    await log.append('first', 1);
    await log.appendSnapshot('state');
    const read = await open().read(session);
    expect(read.records.map(({ kind, body }) => [kind, body])).toEqual([
      ['first', 1],
      ['snapshot', 'state'],
    ]);
    expect(read.head).toEqual(log.head());
    expect(await log.append('second', 2)).toMatchObject({ sequence: 2, epoch: 1 });
    await log.close();
    expect(await open().list()).toContain(session);
    await expect(open().read(randomUUID())).rejects.toEqual(codeOf('STORE_SESSION_MISSING'));
    await expect(open().read('../x')).rejects.toEqual(codeOf('STORE_SESSION_ID'));
  });

  test('the guarantee is a sentence for people', () => {
    expect(make().open().guarantee).toMatch(/survives/);
  });
}
