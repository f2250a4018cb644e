import { errors } from './errors.ts';
import { ask, connect, type Database } from './postgres-database.ts';
import type { DayAccount, DayAnswer, DayLedger, DayLimits, DayPlace } from './types.ts';

/** How a function of the database answers. */
interface Reserved {
  readonly on_day: string;
  readonly number: number;
  readonly refused_by: 'agent' | 'project' | null;
  readonly unit: 'tokens' | 'costPicoUsd' | null;
  readonly spent: string | null;
}

const reserve = 'SELECT * FROM pipewright.reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)';

const begin = `UPDATE pipewright.reservations SET begun = true
  WHERE day = $1 AND session = $2 AND sequence = $3 AND attempt = $4 RETURNING 1 AS there`;

const settle = 'SELECT pipewright.settle($1, $2, $3, $4, $5, $6) AS there';

/**
 * Counts what is spent in a day in tables of a PostgreSQL, of which all jobs of a project use the same one. Days are those of
 * the database's clock, in UTC.
 *
 * A reservation is one statement: a function locks the sums of the day, of the project and of the agent, compares, and adds. So
 * of any number of writers each sees what all before it have reserved. What nothing settles stays in the sums.
 *
 * @throws STORE_DATABASE
 */
export async function openPostgresLedger(
  url: string,
  { project, agent }: DayAccount,
  limits: DayLimits,
): Promise<DayLedger> {
  const database = await connect(url);
  const bounds = [limits.agent, limits.project].flatMap(({ costPicoUsd, tokens }) => [
    textOf(costPicoUsd),
    textOf(tokens),
  ]);
  return {
    reserve: async ({ session, epoch, sequence, costPicoUsd, tokens }) => {
      const values = [
        session,
        epoch,
        sequence,
        project,
        agent,
        String(costPicoUsd),
        String(tokens),
        ...bounds,
      ];
      const [row] = (await ask<Reserved>(database, reserve, values, 'reserve')).rows;
      if (row === undefined) throw errors.DATABASE({ reason: 'it answers a reservation with nothing' });
      return answerOf(row, sequence);
    },
    begin: (session, place) => changed(database, begin, 'begin', session, place, []),
    settle: (session, place, { costPicoUsd, tokens }) =>
      changed(database, settle, 'settle', session, place, [String(costPicoUsd), String(tokens)]),
    close: database.end,
  };
}

function answerOf(
  { on_day: day, number, refused_by: of, unit, spent }: Reserved,
  sequence: number,
): DayAnswer {
  if (of === null || unit === null) return { ok: true, place: { day, sequence, attempt: number } };
  return { ok: false, day, of, unit, spent: BigInt(spent ?? 0) };
}

/** @throws STORE_RESERVATION_LOST */
async function changed(
  database: Database,
  text: string,
  name: string,
  session: string,
  { day, sequence, attempt }: DayPlace,
  more: readonly string[],
): Promise<void> {
  const values = [day, session, sequence, attempt, ...more];
  const [row] = (await ask<{ there: boolean | number }>(database, text, values, name)).rows;
  if (!row?.there) throw errors.RESERVATION_LOST({ session, sequence, day });
}

/** Numbers of the database are text to its driver; undefined is its null, with which nothing compares. */
function textOf(bound: bigint | number | undefined): string | null {
  return bound === undefined ? null : String(bound);
}
