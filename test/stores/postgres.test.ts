import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import { createPostgresStore } from '../../components/stores/postgres.ts';
import { migrations } from '../../components/stores/postgres-migrations.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import { testContext } from '../support/cli.ts';
import { storeContract } from './contract.ts';
import { type PostgresServer, postgresBinaries, startPostgres } from './postgres-server.ts';
import { keyRing, noKeys } from './support.ts';
import { contest } from './two-writers.ts';

const can = postgresBinaries() !== undefined;
const codeOf = (code: string) => expect.objectContaining({ code });

let server: PostgresServer;
beforeAll(async () => {
  if (can) server = await startPostgres();
});
afterAll(() => server?.close());

function openStore(keys: KeyRing = noKeys, url = server.url, mostBytes?: number): SessionStore {
  const options = mostBytes === undefined ? {} : { mostBytes };
  return createSessionStore(testContext('/'), createPostgresStore(url, options), keys);
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

describe.skipIf(!can)(
  `PostgreSQL${can ? '' : ' (skipped: npm has no binaries of it for this machine)'}`,
  () => {
    describe('keeps the contract', () => {
      storeContract(() => {
        const keys = keyRing();
        return { open: () => openStore(keys) };
      }, true);
    });

    test('three writers at one time never have one record acknowledged each, and none is lost', async () => {
      let [acknowledged, busy] = [0, 0];
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(6), { minLength: 30, maxLength: 30 }), async (pauses) => {
          let at = 0;
          const pause = () => setTimeout(pauses[at++ % pauses.length]);
          const result = await contest(() => openStore(), pause, 6);
          expect(result).toMatchObject({ lost: [], doubled: [] });
          for (const code of result.failures) expect(code).toBe('STORE_BUSY');
          acknowledged += result.acknowledged.length;
          busy += result.failures.length;
        }),
        { numRuns: 20 },
      );
      expect(acknowledged).toBeGreaterThan(20 * 5);
      expect(busy).toBeGreaterThan(10);
    });

    test('many that use an empty database at one time make its tables once', async () => {
      await query('DROP SCHEMA IF EXISTS pipewright CASCADE');
      const logs = await Promise.all(
        Array.from({ length: 8 }, () => openStore().open(randomUUID(), 'begin')),
      );
      for (const log of logs) {
        await log.append('first', 1);
        await log.close();
      }
      const versions = await query('SELECT version FROM pipewright.migrations ORDER BY 1');
      expect(versions).toEqual(migrations.map((_, index) => ({ version: index + 1 })));
      const [day] = await query<{ partitions: string }>(
        "SELECT count(*) AS partitions FROM pg_inherits WHERE inhparent = 'pipewright.pieces'::regclass",
      );
      expect(day?.partitions).toBe('1');
    });

    test('tables of a version to come are left alone', async () => {
      await (await openStore().open(randomUUID(), 'begin')).close();
      await query('INSERT INTO pipewright.migrations VALUES (1000)');
      try {
        await expect(openStore().open(randomUUID(), 'begin')).rejects.toEqual(codeOf('STORE_DATABASE_NEWER'));
      } finally {
        await query('DELETE FROM pipewright.migrations WHERE version = 1000');
      }
    });

    test('what was taken out of the tables is found', async () => {
      const session = randomUUID();
      for (const how of ['begin', 'resume'] as const) {
        const log = await openStore().open(session, how);
        await log.append('step', how);
        await log.close();
      }
      await query('DELETE FROM pipewright.pieces WHERE session = $1 AND epoch = 1', [session]);
      await expect(openStore().open(session, 'resume')).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
    });

    test('a connection that breaks acknowledges nothing more, and the session goes on by another', async () => {
      const session = randomUUID();
      const log = await openStore().open(session, 'begin');
      await log.append('kept', 1);
      await query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pipewright'",
      );
      await expect(log.append('lost', 2)).rejects.toEqual(codeOf('STORE_DATABASE'));
      await log.close();
      const again = await openStore().open(session, 'resume');
      expect(again.records.map(({ kind }) => kind)).toEqual(['kept']);
      await again.close();
    });

    test('a log grows to its limit and no further', async () => {
      const session = randomUUID();
      const log = await openStore(noKeys, server.url, 2_000).open(session, 'begin');
      await log.append('fits', 'x');
      const noise = Array.from({ length: 100 }, () => randomUUID());
      await expect(log.append('too much', noise)).rejects.toEqual(codeOf('STORE_FULL'));
      await log.close();
    });
  },
);

test.each([
  'postgres://ada:hidden-password@127.0.0.1:1/none',
  'postgres://ada:hidden-password@no-such-host.invalid/none',
  'hidden-password',
])('a database that cannot be reached is told, without its URL', async (url) => {
  const opened = openStore(noKeys, url).open(randomUUID(), 'begin');
  await expect(opened).rejects.toEqual(codeOf('STORE_DATABASE'));
  await expect(opened).rejects.not.toThrow('hidden-password');
});
