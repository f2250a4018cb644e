import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openPostgresLedger } from '../../components/stores/postgres-ledger.ts';
import { migrations } from '../../components/stores/postgres-migrations.ts';
import type { Bounds, DayAccount, DayAnswer, DayLedger, DayPlace } from '../../components/stores/types.ts';
import { type PostgresServer, postgresBinaries, startPostgres } from './postgres-server.ts';

const can = postgresBinaries() !== undefined;
const codeOf = (code: string) => expect.objectContaining({ code });

let server: PostgresServer;
const opened: DayLedger[] = [];
beforeAll(async () => {
  if (can) server = await startPostgres();
});
afterAll(() => server?.close());
afterEach(async () => {
  for (const ledger of opened.splice(0)) await ledger.close();
});

const free: Bounds = { tokens: undefined, costPicoUsd: undefined };
const usd = (costPicoUsd: bigint): Bounds => ({ tokens: undefined, costPicoUsd });

interface Parts extends Partial<DayAccount> {
  readonly ofAgent?: Bounds;
  readonly ofProject?: Bounds;
}

/** A ledger of a project that no other test has. */
async function open({ project = randomUUID(), agent = 'reviewer', ofAgent = free, ofProject = free }: Parts) {
  const ledger = await openPostgresLedger(
    server.url,
    { project, agent },
    { agent: ofAgent, project: ofProject },
  );
  opened.push(ledger);
  return ledger;
}

const call = (sequence: number, costPicoUsd: bigint, session: string = randomUUID(), tokens = 0) => ({
  ...{ session, epoch: 1, sequence, costPicoUsd, tokens },
});

function placeOf(answer: DayAnswer): DayPlace {
  if (!answer.ok) throw new Error(`refused: ${answer.of} has spent ${answer.spent}`);
  return answer.place;
}

async function query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    return (await client.query<Row>(text, [...values])).rows;
  } finally {
    await client.end();
  }
}

/** What a project has spent, and what its reservations come to: one and the same. */
async function spentIn(project: string): Promise<bigint> {
  const [row] = await query<{ kept: string; counted: string }>(
    `SELECT (SELECT coalesce(sum(pico_usd), 0) FROM pipewright.day_sums WHERE project = $1 AND agent = '') AS kept,
      (SELECT coalesce(sum(coalesce(settled_pico_usd, pico_usd)), 0) FROM pipewright.reservations WHERE project = $1) AS counted`,
    [project],
  );
  expect(row?.kept).toBe(row?.counted);
  return BigInt(row?.kept ?? 0);
}

describe.skipIf(!can)(
  `budgets of a day${can ? '' : ' (skipped: npm has no binaries of PostgreSQL here)'}`,
  () => {
    test('64 writers at one time never reserve more than there is', async () => {
      const [project, limit] = [randomUUID(), 1_000n];
      const writers = await Promise.all(
        Array.from({ length: 64 }, (_, at) =>
          open({ project, agent: `agent ${at % 16}`, ofAgent: usd(90n), ofProject: usd(limit) }),
        ),
      );
      let [granted, refused] = [0n, 0];
      await Promise.all(
        writers.map(async (ledger, at) => {
          for (let sequence = 0; sequence < 8; sequence += 1) {
            const cost = BigInt(1 + ((at * 7 + sequence * 3) % 20));
            const answer = await ledger.reserve(call(sequence, cost));
            if (answer.ok) granted += cost;
            else refused += 1;
          }
        }),
      );
      expect(await spentIn(project)).toBe(granted);
      expect(granted).toBeLessThanOrEqual(limit);
      // Nobody was refused while the greatest call would have had room.
      expect(granted).toBeGreaterThan(limit - 20n);
      expect(refused).toBeGreaterThan(0);
      const agents = await query<{ pico_usd: string }>(
        "SELECT pico_usd FROM pipewright.day_sums WHERE project = $1 AND agent <> ''",
        [project],
      );
      expect(agents).toHaveLength(16);
      for (const { pico_usd } of agents) expect(Number(pico_usd)).toBeLessThanOrEqual(90);
    });

    test('a call that was never begun reserves once, however often a job is cut off before it', async () => {
      const [project, session] = [randomUUID(), randomUUID()];
      const ledger = await open({ project, ofProject: usd(100n) });
      for (const cost of [60n, 60n, 40n, 70n]) {
        const answer = await ledger.reserve(call(3, cost, session));
        expect(answer).toEqual({ ok: true, place: expect.objectContaining({ sequence: 3, attempt: 1 }) });
        expect(await spentIn(project)).toBe(cost);
      }
      // Of another session it is another call.
      expect(await ledger.reserve(call(3, 60n))).toMatchObject({ ok: false, of: 'project', spent: 70n });
    });

    test('one that was begun and is asked again, by a log that lost records, counts twice', async () => {
      const [project, session] = [randomUUID(), randomUUID()];
      const ledger = await open({ project, ofProject: usd(100n) });
      const first = placeOf(await ledger.reserve(call(3, 60n, session)));
      await ledger.begin(session, first);
      expect(await ledger.reserve(call(3, 60n, session))).toMatchObject({ ok: false, spent: 60n });
      const second = placeOf(await ledger.reserve(call(3, 40n, session)));
      expect(second).toEqual({ ...first, attempt: 2 });
      expect(await spentIn(project)).toBe(100n);
    });

    test('what a call took is put in the place of what it could, once; more than that is booked in full', async () => {
      const [project, session] = [randomUUID(), randomUUID()];
      const ledger = await open({ project, ofProject: usd(100n) });
      const cheap = placeOf(await ledger.reserve(call(1, 80n, session)));
      for (let time = 0; time < 3; time += 1) {
        await ledger.settle(session, cheap, { tokens: 5, costPicoUsd: 10n });
        expect(await spentIn(project)).toBe(10n);
      }
      const dear = placeOf(await ledger.reserve(call(2, 20n, session)));
      await ledger.settle(session, dear, { tokens: 5, costPicoUsd: 200n });
      expect(await spentIn(project)).toBe(210n);
      expect(await ledger.reserve(call(3, 0n, session))).toMatchObject({ ok: false, spent: 210n });
    });

    test('agents, projects and days are counted apart, money and tokens too', async () => {
      const project = randomUUID();
      const limits = { ofAgent: { tokens: 50, costPicoUsd: 100n }, ofProject: usd(150n) };
      const mine = await open({ project, ...limits });
      const other = await open({ project, agent: 'triage', ...limits });
      placeOf(await mine.reserve(call(1, 100n, randomUUID(), 10)));
      const dear = await mine.reserve(call(2, 1n));
      expect(dear).toMatchObject({ ok: false, of: 'agent', unit: 'costPicoUsd', spent: 100n });
      expect(await mine.reserve(call(2, 0n, randomUUID(), 41))).toMatchObject({ unit: 'tokens', spent: 10n });
      expect(await other.reserve(call(1, 51n))).toMatchObject({ ok: false, of: 'project', spent: 100n });
      placeOf(await other.reserve(call(1, 50n)));
      placeOf(await (await open(limits)).reserve(call(1, 100n)));
      await query('UPDATE pipewright.day_sums SET day = day - 1 WHERE project = $1', [project]);
      placeOf(await mine.reserve(call(3, 100n)));
    });

    test('sums beyond 64 bits are exact', async () => {
      const project = randomUUID();
      const most = 10n ** 20n;
      const ledger = await open({ project, ofProject: usd(most) });
      placeOf(await ledger.reserve(call(1, most - 1n)));
      expect(await ledger.reserve(call(2, 2n))).toMatchObject({ ok: false, spent: most - 1n });
      placeOf(await ledger.reserve(call(2, 1n)));
      expect(await spentIn(project)).toBe(most);
    });

    test('whatever is asked, it answers as a sum on paper does', async () => {
      const step = fc.record({
        sequence: fc.nat(3),
        cost: fc.bigInt(0n, 60n),
        after: fc.constantFrom('nothing', 'begin', 'settle', 'settle'),
        took: fc.bigInt(0n, 80n),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const [project, session, limit] = [randomUUID(), randomUUID(), 150n];
          const ledger = await open({ project, ofProject: usd(limit) });
          const paper = new Map<string, { counts: bigint; begun: boolean }>();
          const total = () => [...paper.values()].reduce((sum, { counts }) => sum + counts, 0n);
          for (const { sequence, cost, after, took } of steps) {
            const rows = [...paper.keys()].filter((key) => key.startsWith(`${sequence}:`));
            const last = paper.get(rows.at(-1) ?? '');
            const attempt = rows.length + (last?.begun === false ? 0 : 1);
            const key = `${sequence}:${attempt}`;
            const holds = total() - (paper.get(key)?.counts ?? 0n) + cost <= limit;
            const answer = await ledger.reserve(call(sequence, cost, session));
            expect(answer.ok).toBe(holds);
            if (!answer.ok) continue;
            expect(answer.place.attempt).toBe(attempt);
            paper.set(key, { counts: cost, begun: false });
            if (after === 'nothing') continue;
            await ledger.begin(session, answer.place);
            if (after === 'settle')
              await ledger.settle(session, answer.place, { tokens: 0, costPicoUsd: took });
            paper.set(key, { counts: after === 'settle' ? took : cost, begun: true });
          }
          expect(await spentIn(project)).toBe(total());
          await ledger.close();
        }),
        { numRuns: 15 },
      );
    });

    test('a connection that breaks, and rows that are gone, let nothing be spent', async () => {
      const session = randomUUID();
      const ledger = await open({ ofProject: usd(100n) });
      const place = placeOf(await ledger.reserve(call(1, 10n, session)));
      await query('DELETE FROM pipewright.reservations WHERE session = $1', [session]);
      await expect(ledger.begin(session, place)).rejects.toEqual(codeOf('STORE_RESERVATION_LOST'));
      await expect(ledger.settle(session, place, { tokens: 1, costPicoUsd: 1n })).rejects.toEqual(
        codeOf('STORE_RESERVATION_LOST'),
      );
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pipewright'",
      );
      await expect(ledger.reserve(call(2, 1n, session))).rejects.toEqual(codeOf('STORE_DATABASE'));
      const unreachable = openPostgresLedger(
        'postgres://ada:hidden-password@127.0.0.1:1/none',
        { project: 'p', agent: 'a' },
        { agent: free, project: free },
      );
      await expect(unreachable).rejects.toEqual(codeOf('STORE_DATABASE'));
      await expect(unreachable).rejects.not.toThrow('hidden-password');
    });

    test('tables of sessions that were there before get these', async () => {
      await query('DROP SCHEMA IF EXISTS pipewright CASCADE');
      await query('CREATE SCHEMA pipewright');
      await query('CREATE TABLE pipewright.migrations (version integer PRIMARY KEY)');
      await query(migrations[0] ?? '');
      await query('INSERT INTO pipewright.migrations VALUES (1)');
      const session = randomUUID();
      await query('INSERT INTO pipewright.sessions VALUES ($1, 7)', [session]);
      placeOf(await (await open({})).reserve(call(1, 10n)));
      expect(await query('SELECT epoch FROM pipewright.sessions WHERE session = $1', [session])).toEqual([
        { epoch: 7 },
      ]);
    });
  },
);
