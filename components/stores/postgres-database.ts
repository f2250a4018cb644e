import type { Client, ClientConfig } from 'pg';
import { once } from '../kernel/once.ts';
import { errors } from './errors.ts';
import { migrations } from './postgres-migrations.ts';

const loadDriver = once(() => import('pg'));

export interface Database {
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
export async function connect(url: string): Promise<Database> {
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

export async function withDatabase<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const database = await connect(url);
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

/** @param name - of a statement that is asked often: the database reads and plans it once */
export async function ask<Row extends object>(
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
export async function inTransaction<T>(database: Database, work: () => Promise<T>): Promise<T> {
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

/** A number of ours: whoever changes tables holds this lock. */
export const lock = 7_093_254;

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
