import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { type PostgresServer, postgresBinaries, startPostgres } from '../stores/postgres-server.ts';
import { pipewright } from '../support/cli.ts';
import {
  agentPath,
  agentYaml,
  readOutput,
  record,
  repository,
  review,
  runArguments,
  sessionOf,
} from './support.ts';

const can = postgresBinaries() !== undefined;

let server: PostgresServer;
beforeAll(async () => {
  if (can) server = await startPostgres();
});
afterAll(() => server?.close());

/** Three calls of a cent each, which could cost up to three cents. */
const turns = review.map((each) => ({ ...each, costPicoUsd: 10_000_000_000n }));

async function sumsOf(project: string) {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  const text = `SELECT agent, pico_usd, tokens FROM pipewright.day_sums WHERE project LIKE $1 ORDER BY agent`;
  const { rows } = await client.query(text, [`%${project}`]);
  await client.end();
  return rows as readonly { agent: string; pico_usd: string; tokens: string }[];
}

/** What a job of that project knows of itself. */
const jobOf = (project: number) => ({
  ...{ GITLAB_CI: 'true', CI_PROJECT_ID: String(project), CI_PROJECT_PATH: 'acme/shop' },
  ...{ CI_PROJECT_URL: 'https://gitlab.example.com/acme/shop', CI_DEFAULT_BRANCH: 'main' },
  ...{ CI_SERVER_URL: 'https://gitlab.example.com', CI_API_V4_URL: 'https://gitlab.example.com/api/v4' },
  ...{ CI_SERVER_VERSION: '18.5.0', CI_JOB_ID: '1', CI_JOB_NAME: 'run', CI_JOB_STAGE: 'test' },
  ...{ CI_JOB_URL: 'https://gitlab.example.com/1', CI_JOB_STARTED_AT: new Date().toISOString() },
  ...{ CI_JOB_TIMEOUT: '3600', CI_NODE_TOTAL: '1' },
});

describe.skipIf(!can)(`of a day${can ? '' : ' (skipped: npm has no binaries of PostgreSQL here)'}`, () => {
  async function checkout(project: number, cost: string) {
    const yaml = agentYaml({ model: 'claude-haiku-4-5', more: `constraints: {cost: {${cost}}}` });
    const cwd = repository({ [agentPath]: yaml });
    await record(cwd, turns);
    const env = { ...jobOf(project), PIPEWRIGHT_POSTGRES_URL: server.url };
    const run = (args: readonly string[], change: (context: Context) => Context = (same) => same) =>
      pipewright([...runArguments, ...args], { cwd, env, change });
    return { cwd, run };
  }

  test('all sessions of an agent share it, and one that it does not hold goes on with more', async () => {
    const { cwd, run } = await checkout(41, 'maxCostPerDay: 0.06, maxTokensPerDay: 100000');
    const first = await run([]);
    expect(first.exitCode, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toContain(
      'budget of the agent reviewer for a day: 0.06 USD and 100000 tokens; the database holds all sessions to it together\n',
    );
    expect(await sumsOf(' 41')).toEqual([
      { agent: '', pico_usd: '30000000000', tokens: '360' },
      { agent: '41 reviewer', pico_usd: '30000000000', tokens: '360' },
    ]);
    const second = await run([]);
    expect(second.exitCode, second.stdout).toBe(23);
    expect(second.stdout).toMatch(
      /^budget: the call could cost up to 0\.02\d+ USD, and 0\.02 USD is left of the budget of the agent for \d{4}-\d\d-\d\d \(UTC\) of 0\.06 USD$/m,
    );
    expect(readOutput(cwd, 'result')).toMatchObject({ outcome: 'budget', usage: { iterations: 1 } });
  });

  test('one of the project is over all its agents, and of another project it is another', async () => {
    const here = await checkout(42, 'maxTokensPerRequest: 90000');
    const args = ['--budget-day=0.05', '--budget=1'];
    expect((await here.run(args)).exitCode).toBe(0);
    const more = await here.run(args);
    expect([more.exitCode, more.stdout]).toEqual([
      23,
      expect.stringContaining('0.02 USD is left of the budget of the project'),
    ]);
    const env = { ...jobOf(43), PIPEWRIGHT_POSTGRES_URL: server.url };
    expect((await pipewright([...runArguments, ...args], { cwd: here.cwd, env })).exitCode).toBe(0);
  });

  /** A disk that is full after so many records and what comes before them. */
  function fullAfter(most: number) {
    return (context: Context): Context => {
      const open: Context['fs']['open'] = async (...call) => {
        const handle = await context.fs.open(...call);
        if (!String(call[0]).includes('sessions')) return handle;
        const writeFile = handle.writeFile.bind(handle);
        let writes = 0;
        handle.writeFile = async (data) => {
          writes += 1;
          if (writes > most) throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
          await writeFile(data);
        };
        return handle;
      };
      return { ...context, fs: { ...context.fs, open } };
    };
  }

  test('a job is cut off: what a call may have cost is spent, here and there; one that was never made costs nothing twice', async () => {
    const { cwd, run } = await checkout(44, 'maxCostPerDay: 1');
    let spent = 0n;
    // At the record of the second answer, then at that of the third call, whose reservation the database has.
    for (const [most, lost] of [
      [5, 1],
      [6, 0],
    ] as const) {
      const cut = await run([], fullAfter(most));
      expect([cut.exitCode, cut.stderr]).toEqual([3, expect.stringContaining('STORE_UNWRITABLE')]);
      const again = await run([`--session=${sessionOf(cut)}`]);
      expect(again.exitCode, again.stdout + again.stderr).toBe(0);
      const { usage, completion } = readOutput(cwd, 'result');
      expect(usage).toMatchObject({ iterations: 3, costPicoUsd: '30000000000', callsLost: lost });
      expect(Number(usage.lostPicoUsd) > 20_000_000_000).toBe(lost === 1);
      const total = BigInt(usage.costPicoUsd) + BigInt(usage.lostPicoUsd);
      expect(completion.cost_usd).toBeCloseTo(Number(total) / 1e12, 12);
      spent += total;
      expect((await sumsOf(' 44'))[0]?.pico_usd).toBe(String(spent));
      if (lost === 0) continue;
      const shown = await pipewright(['sessions', 'show', sessionOf(cut)], { cwd });
      expect(shown.stdout).toMatch(
        /1 call of the model may have .*; up to \d+ tokens, 0\.0\d+ USD count as spent/,
      );
      const json = await pipewright(['sessions', 'show', sessionOf(cut), '--json'], { cwd });
      expect(JSON.parse(json.stdout).end.lost.costPicoUsd).toBe(usage.lostPicoUsd);
    }
  });

  test('a database that is gone lets nothing be spent', async () => {
    const { cwd } = await checkout(45, 'maxCostPerDay: 1');
    const env = { ...jobOf(45), PIPEWRIGHT_POSTGRES_URL: 'postgres://ada:hidden-password@127.0.0.1:1/none' };
    const run = await pipewright([...runArguments, '--enforcement=best-effort'], { cwd, env });
    expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining('STORE_DATABASE')]);
    expect(run.stdout + run.stderr).not.toContain('hidden-password');
  });
});
