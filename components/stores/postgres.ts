import { errors } from './errors.ts';
import { ask, connect, type Database, inTransaction, lock, withDatabase } from './postgres-database.ts';
import type { Claim, SegmentStore, StoredSegment } from './types.ts';

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 256 * 1024 * 1024;

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
