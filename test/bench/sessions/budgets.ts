import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { costOf, findPrice, readPrices } from '../../../components/models/prices.ts';
import type { Price } from '../../../components/models/types.ts';
import { openPostgresLedger } from '../../../components/stores/postgres-ledger.ts';
import type { Bounds, DayLedger } from '../../../components/stores/types.ts';
import { postgresBinaries, startPostgres } from '../../stores/postgres-server.ts';
import { testContext } from '../../support/cli.ts';
import { type Figure, figure } from '../figure.ts';
import { seeded } from '../validate/manifests.ts';

const writers = 64;
const free: Bounds = { tokens: undefined, costPicoUsd: undefined };
const most = { inputTokens: 6_000, outputTokens: 4_096 };

/**
 * Writers that spend one budget at the same time: they reserve what a call may cost, begin it, and settle what it took, or are
 * cut off at any of these steps and do the call again as a resumed job does. What they took is counted apart, by the price.
 */
export async function measureBudgets(operations: number): Promise<readonly Figure[]> {
  if (postgresBinaries() === undefined) return [];
  const price = findPrice(await readPrices(testContext('/'), ''), {
    ...{ provider: 'anthropic', model: 'claude-sonnet-4-5-20250929' },
  });
  const server = await startPostgres();
  try {
    const crowd = await spend(server.url, price, { writers, operations, calls: 2_000, cuts: 0.1 });
    const few = await spend(server.url, price, { writers: 4, operations: 1, calls: 250, cuts: 0 });
    const against = `${crowd.done} operations of ${writers} writers in one PostgreSQL, ${crowd.days} budgets one after the other, a fifth of the calls cut off; ${crowd.refused} reservations refused`;
    const used =
      'really spent at the first refusal of 4 writers, each with one call open at most, of a budget of 250 such calls';
    return [
      figure({ id: 'budget-overspent', value: crowd.overspent, unit: '', better: 'lower', goal: 0, against }),
      figure({ id: 'budget-uncounted', value: crowd.uncounted, unit: '', better: 'lower', goal: 0, against }),
      figure({
        id: 'budget-used',
        value: few.used * 100,
        unit: '%',
        better: 'higher',
        goal: 90,
        against: used,
      }),
      figure({
        id: 'budget-operations',
        value: crowd.perSecond,
        unit: '/s',
        better: 'higher',
        goal: null,
        against,
      }),
    ];
  } finally {
    await server.close();
  }
}

interface Spent {
  readonly done: number;
  readonly days: number;
  readonly refused: number;
  /** Budgets of which more was taken than there is. */
  readonly overspent: number;
  /** Budgets whose sums in the database are less than what was taken. */
  readonly uncounted: number;
  /** Of the first budget, the part that was taken when the first reservation was refused. */
  readonly used: number;
  readonly perSecond: number;
}

interface Size {
  readonly writers: number;
  readonly operations: number;
  /** The greatest that a budget holds. */
  readonly calls: number;
  /** Of calls, that are cut off at each step. */
  readonly cuts: number;
}

async function spend(url: string, price: Price, size: Size): Promise<Spent> {
  const limit = costOf(price, most) * BigInt(size.calls);
  const started = performance.now();
  let [done, refused, days, overspent, uncounted, used] = [0, 0, 0, 0, 0, 0];
  while (done < size.operations) {
    const project = randomUUID();
    const day: Day = {
      project,
      limit,
      price,
      taken: 0n,
      operations: 0,
      refused: 0,
      first: undefined,
    };
    await Promise.all(
      Array.from({ length: size.writers }, (_, at) => work(url, day, size.cuts, days * 1_000 + at)),
    );
    [done, refused, days] = [done + day.operations, refused + day.refused, days + 1];
    if (days === 1) used = Number(day.first ?? 0n) / Number(limit);
    if (day.taken > limit) overspent += 1;
    if ((await keptOf(url, project)) < day.taken) uncounted += 1;
  }
  const perSecond = (done / (performance.now() - started)) * 1_000;
  return { done, days, refused, overspent, uncounted, used, perSecond };
}

interface Day {
  readonly project: string;
  readonly limit: bigint;
  readonly price: Price;
  /** What calls took, whether anybody was told of it or not. */
  taken: bigint;
  operations: number;
  refused: number;
  /** `taken` at the first refusal. */
  first: bigint | undefined;
}

/** One writer, until its budget has refused it. */
async function work(url: string, day: Day, cuts: number, seed: number): Promise<void> {
  const random = seeded(seed + 1);
  const account = { project: day.project, agent: `agent ${seed % 5}` };
  const limits = { agent: free, project: { tokens: undefined, costPicoUsd: day.limit } };
  const ledger = await openPostgresLedger(url, account, limits);
  const session = randomUUID();
  try {
    for (let sequence = 0; ; sequence += 1) {
      // One that is cut off before its record is there reserves again, as the same call.
      const repeats = random() < cuts ? 2 : 1;
      for (let time = 0; time < repeats; time += 1)
        if (!(await oneCall(ledger, day, { session, sequence, random, cuts, isCut: time < repeats - 1 })))
          return;
    }
  } finally {
    await ledger.close();
  }
}

interface Attempt {
  readonly session: string;
  readonly sequence: number;
  readonly random: () => number;
  readonly cuts: number;
  readonly isCut: boolean;
}

/** False where the budget does not hold it. */
async function oneCall(
  ledger: DayLedger,
  day: Day,
  { session, sequence, random, cuts, isCut }: Attempt,
): Promise<boolean> {
  const usage = { inputTokens: 1_500 + Math.floor(random() * 4_500), outputTokens: most.outputTokens };
  const costPicoUsd = costOf(day.price, usage);
  const tokens = usage.inputTokens + usage.outputTokens;
  day.operations += 1;
  const answer = await ledger.reserve({ session, epoch: 1, sequence, tokens, costPicoUsd });
  if (!answer.ok) {
    day.refused += 1;
    day.first ??= day.taken;
    return false;
  }
  if (isCut) return true;
  day.operations += 1;
  await ledger.begin(session, answer.place);
  const took = { inputTokens: Math.ceil(usage.inputTokens / 4), outputTokens: Math.floor(random() * 4_097) };
  const actual = { tokens: took.inputTokens + took.outputTokens, costPicoUsd: costOf(day.price, took) };
  day.taken += actual.costPicoUsd;
  if (random() < cuts) return true;
  day.operations += 1;
  await ledger.settle(session, answer.place, actual);
  return true;
}

async function keptOf(url: string, project: string): Promise<bigint> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const text = "SELECT pico_usd FROM pipewright.day_sums WHERE project = $1 AND agent = ''";
  const { rows } = await client.query<{ pico_usd: string }>(text, [project]);
  await client.end();
  return BigInt(rows[0]?.pico_usd ?? 0);
}
