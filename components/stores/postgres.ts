import type { Client, ClientConfig } from 'pg';
import { once } from '../kernel/once.ts';
import { errors } from './errors.ts';
import { migrations } from './postgres-migrations.ts';
import type { Claim, SegmentStore, StoredSegment } from './types.ts';

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 256 * 1024 * 1024;

const loadDriver = once(() => import('pg'));

/**
 * Keeps segments in tables of a PostgreSQL (14 or later), in the schema `pipewright`, which is made and brought up to date by
 * itself. A segment lies in the partition of the day its epoch was claimed, so that old days can be dropped whole.
 *
 * One row a session holds its epoch. Who appends shares a lock on it and compares the epoch in the same statement, who claims
 * waits for that lock: so what is acknowledged before a claim is seen by it, and nothing is acknowledged after.
 *
 * @param url - of the database; no message holds it
 */
export function createPostgresStore(url: string, { mostBytes = defaultMostBytes } = {}): SegmentStore {
  return {
    id: 'postgres',
    guarantee: 'the database survives the loss of the runner',
    claim: async (session, how) => {
      const database = await connect(url);
      try {
        return await claimNext(database, session, how, mostBytes);
      } catch (error) {
        await database.end();
        throw error;
      }
    },
    list: () =>
      withDatabase(url, async (database) => {
        const { rows } = await ask<{ session: string }>(database, 'SELECT session FROM pipewright.sessions');
        return rows.map(({ session }) => session);
      }),
    read: (session) =>
      withDatabase(url, async (database) => {
        const text = 'SELECT epoch FROM pipewright.sessions WHERE session = $1';
        const [found] = (await ask<{ epoch: number }>(database, text, [session])).rows;
        if (found === undefined) throw missing(session);
        return readSegments(database, session, found.epoch + 1, mostBytes);
      }),
  };
}

interface Database {
  readonly client: Client;
  readonly end: () => Promise<void>;
}

/** Milliseconds. */
const timeouts = {
  connectionTimeoutMillis: 15_000,
  statement_timeout: 60_000,
  idle_in_transaction_session_timeout: 60_000,
} satisfies ClientConfig;

/** @throws STORE_DATABASE */
async function connect(url: string): Promise<Database> {
  const { default: pg } = await loadDriver();
  let client: Client;
  try {
    client = new pg.Client({ connectionString: url, application_name: 'pipewright', ...timeouts });
    // A connection that breaks while nothing is asked is told by the next question.
    client.on('error', () => undefined);
    await client.connect();
  } catch (error) {
    throw failureOf(error);
  }
  const database = { client, end: () => client.end().catch(() => undefined) };
  try {
    await migrate(database);
    return database;
  } catch (error) {
    await database.end();
    throw error;
  }
}

async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await connect(url);
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

/** @param name - of a statement that is asked often: the database reads and plans it once */
async function ask<Row extends object>(
  { client }: Database,
  text: string,
  values: readonly unknown[] = [],
  name?: string,
): Promise<{ readonly rows: readonly Row[] }> {
  try {
    return await client.query<Row>({ text, values: [...values], ...(name === undefined ? {} : { name }) });
  } catch (error) {
    throw failureOf(error);
  }
}

/** @throws STORE_DATABASE */
async function inTransaction<T>(database: Database, work: () => Promise<T>): Promise<T> {
  await ask(database, 'BEGIN');
  try {
    const result = await work();
    await ask(database, 'COMMIT');
    return result;
  } catch (error) {
    await database.client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** A number of ours: whoever migrates holds this lock. */
const lock = 7_093_254;

async function migrate(database: Database): Promise<void> {
  const newest = async () => {
    const text = 'SELECT coalesce(max(version), 0) AS version FROM pipewright.migrations';
    return (await ask<{ version: number }>(database, text)).rows[0]?.version ?? 0;
  };
  const version = await newest().catch((error: unknown) => {
    if (isMissing(error)) return 0;
    throw error;
  });
  if (version > migrations.length) throw errors.DATABASE_NEWER({ version, known: migrations.length });
  if (version === migrations.length) return;
  await inTransaction(database, async () => {
    await ask(database, 'SELECT pg_advisory_xact_lock($1)', [lock]);
    await ask(database, 'CREATE SCHEMA IF NOT EXISTS pipewright');
    await ask(database, 'CREATE TABLE IF NOT EXISTS pipewright.migrations (version integer PRIMARY KEY)');
    // Somebody else may have been faster.
    for (let made = await newest(); made < migrations.length; made += 1) {
      await ask(database, migrations[made] ?? '');
      await ask(database, 'INSERT INTO pipewright.migrations VALUES ($1)', [made + 1]);
    }
  });
}

async function claimNext(
  database: Database,
  session: string,
  how: 'begin' | 'resume',
  mostBytes: number,
): Promise<Claim> {
  const text =
    how === 'begin'
      ? `INSERT INTO pipewright.sessions VALUES ($1, 1) ON CONFLICT DO NOTHING RETURNING ${told}`
      : `UPDATE pipewright.sessions SET epoch = epoch + 1 WHERE session = $1 RETURNING ${told}`;
  const [claimed] = (await ask<{ epoch: number; day: string; there: boolean }>(database, text, [session]))
    .rows;
  if (claimed === undefined)
    throw how === 'begin' ? errors.SESSION_EXISTS({ session, store: 'the database' }) : missing(session);
  const { epoch, day, there } = claimed;
  if (!there) await makePartition(database, day);
  let piece = 0;
  return {
    ...{ epoch, mostBytes },
    segments: await readSegments(database, session, epoch, mostBytes),
    append: async (bytes) => {
      piece += 1;
      const values = [day, session, epoch, piece, bytes];
      if ((await ask(database, appendPiece, values, 'append-piece')).rows.length === 1) return;
      const newest = await ask<{ epoch: number }>(
        database,
        'SELECT epoch FROM pipewright.sessions WHERE session = $1',
        [session],
      );
      throw errors.BUSY({ session, epoch: newest.rows[0]?.epoch ?? epoch + 1 });
    },
    drop: async (through) => {
      const gone = 'DELETE FROM pipewright.pieces WHERE session = $1 AND epoch <= $2';
      await ask(database, gone, [session, through]);
    },
    close: database.end,
  };
}

/** Of a claim: its epoch, today as the database counts it, and whether the partition of today is there. */
const told = `epoch, to_char(current_date, 'YYYY-MM-DD') AS day,
  to_regclass('pipewright.pieces_' || to_char(current_date, 'YYYYMMDD')) IS NOT NULL AS there`;

/** The epoch is compared in the statement that writes; the lock keeps it until that is durable. */
const appendPiece = `WITH held AS (SELECT 1 FROM pipewright.sessions WHERE session = $2 AND epoch = $3 FOR SHARE)
  INSERT INTO pipewright.pieces (day, session, epoch, piece, bytes)
  SELECT $1::date, $2::uuid, $3::integer, $4::integer, $5::bytea FROM held RETURNING piece`;

/** @param day - such as `2026-11-29` */
async function makePartition(database: Database, day: string): Promise<void> {
  if (!/^\d{4,}-\d\d-\d\d$/.test(day)) throw errors.DATABASE({ reason: `it has no day: ${day}` });
  const name = `pieces_${day.replaceAll('-', '')}`;
  await inTransaction(database, async () => {
    await ask(database, 'SELECT pg_advisory_xact_lock($1)', [lock]);
    await ask(
      database,
      `CREATE TABLE IF NOT EXISTS pipewright.${name} PARTITION OF pipewright.pieces
        FOR VALUES FROM ('${day}') TO ('${day}'::date + 1)`,
    );
  });
}

async function readSegments(
  database: Database,
  session: string,
  before: number,
  mostBytes: number,
): Promise<readonly StoredSegment[]> {
  const of = 'FROM pipewright.pieces WHERE session = $1 AND epoch < $2';
  const values = [session, before];
  const { rows: sums } = await ask<{ bytes: string }>(
    database,
    `SELECT coalesce(sum(octet_length(bytes)), 0) AS bytes ${of}`,
    values,
  );
  if (Number(sums[0]?.bytes) > mostBytes) throw errors.FULL({ session, limit: mostBytes });
  const { rows } = await ask<{ epoch: number; bytes: Buffer }>(
    database,
    `SELECT epoch, bytes ${of} ORDER BY epoch, piece`,
    values,
  );
  const pieces = Map.groupBy(rows, ({ epoch }) => epoch);
  return Array.from({ length: before - 1 }, (_, index) => {
    const epoch = index + 1;
    const bytes = Buffer.concat((pieces.get(epoch) ?? []).map((piece) => piece.bytes));
    return { epoch, name: `epoch ${epoch} in the database`, bytes };
  });
}

function missing(session: string) {
  return errors.SESSION_MISSING({ session, store: 'the database' });
}

/** Neither the schema nor the table is there yet: `undefined_table`, `invalid_schema_name`. */
function isMissing(error: unknown): boolean {
  const { code } = ((error as Error).cause ?? {}) as { readonly code?: string };
  return code === '42P01' || code === '3F000';
}

/** The driver's words name neither user nor password, and may name host and port. */
function failureOf(error: unknown) {
  const { message, code } = error as { readonly message?: string; readonly code?: string };
  const reason = (message ?? '') === '' ? (code ?? String(error)) : (message ?? '');
  return errors.DATABASE({ reason: reason.split('\n')[0] ?? '' }, error);
}
