import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { createPostgresStore } from '../../../components/stores/postgres.ts';
import { postgresBinaries, startPostgres } from '../../stores/postgres-server.ts';
import { type Figure, figure, median } from '../figure.ts';
import { grow, resumes } from './growing.ts';
import { makePlace, newKey, newSession } from './place.ts';

const peer = resolve('test/bench/sessions/peer');
const iterations = 100;
const rounds = 3;

interface Taken {
  readonly times: readonly number[];
  readonly gets: readonly number[];
}

/** Our log in PostgreSQL, encrypted, beside LangGraph's PostgresSaver, which is not, on one server. */
export async function measureAgainstLangGraph(): Promise<readonly Figure[]> {
  if (postgresBinaries() === undefined || !install()) {
    process.stderr.write('against-langgraph: not measured, PostgreSQL or the peer cannot be had here\n');
    return [];
  }
  const server = await startPostgres();
  const place = makePlace(2);
  try {
    const taken = { ours: [] as Taken[], default: [] as Taken[], lean: [] as Taken[] };
    for (let round = 0; round < rounds; round += 1) {
      for (const variant of ['default', 'lean'] as const) taken[variant].push(runPeer(server.url, variant));
      taken.ours.push(await runOurs(place, server.url));
    }
    const bytes = await bytesOf(server.url);
    const connect = await connecting(server.url);
    const all = (of: keyof typeof taken, what: keyof Taken) => taken[of].flatMap((one) => one[what]);
    const put = {
      ours: median(all('ours', 'times')),
      default: median(all('default', 'times')),
      lean: median(all('lean', 'times')),
    };
    const get = { ours: median(all('ours', 'gets')), default: median(all('default', 'gets')) };
    const each = (schema: string) => Math.round((bytes.get(schema) ?? Number.NaN) / (iterations * rounds));
    const p99 = (of: keyof typeof taken) =>
      all(of, 'times')
        .toSorted((a, b) => a - b)
        [Math.floor(iterations * rounds * 0.99)]?.toFixed(2);
    const times = `put p50 and p99 in ms: ours ${put.ours.toFixed(2)} and ${p99('ours')}, its default ${put.default.toFixed(2)} and ${p99('default')}, leanest ${put.lean.toFixed(2)} and ${p99('lean')}`;
    return [
      ratio('put-over-default', put.default / put.ours, 8, times),
      ratio('put-over-leanest', put.lean / put.ours, 3, 'its messages written whole every 25th step only'),
      ratio(
        'bytes-under-default',
        each('peer_default') / each('pipewright'),
        15,
        `bytes an iteration with indexes: ours ${each('pipewright')}, its default ${each('peer_default')}, leanest ${each('peer_lean')}`,
      ),
      ratio(
        'resume-over-default',
        (get.default - connect) / (get.ours - connect),
        5,
        `until the state is there, without the ${connect.toFixed(1)} ms of connecting: ours ${(get.ours - connect).toFixed(1)} ms with the claim of a new epoch, which is two commits, its get ${(get.default - connect).toFixed(1)} ms`,
      ),
    ];
  } finally {
    place.close();
    await server.close();
  }
}

function ratio(id: string, value: number, goal: number, against: string): Figure {
  const versions =
    'PostgreSQL 14, langgraph-checkpoint-postgres 1.0.5, state 20 to 118 KB over 100 iterations';
  return figure({ id, value, unit: '×', better: 'higher', goal, against: `${against}; ${versions}` });
}

function install(): boolean {
  if (existsSync(join(peer, 'node_modules'))) return true;
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
  return spawnSync('npm', ['ci', ...flags], { cwd: peer, stdio: 'ignore' }).status === 0;
}

function runPeer(url: string, variant: 'default' | 'lean'): Taken {
  const args = [join(peer, 'langgraph.mjs'), url, variant, String(iterations)];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the peer exited ${status}: ${stderr.slice(0, 500)}`);
  return JSON.parse(stdout);
}

async function runOurs(place: ReturnType<typeof makePlace>, url: string): Promise<Taken> {
  const store = createSessionStore(place.context, createPostgresStore(url), newKey());
  const { session } = newSession(place);
  const log = await store.open(session, 'begin');
  const times = await grow(log, iterations);
  await log.close();
  return { times, gets: await resumes(store, session) };
}

/** Milliseconds of a connection alone. */
async function connecting(connectionString: string): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round += 1) {
    const start = performance.now();
    const client = new pg.Client({ connectionString });
    await client.connect();
    await client.query('SELECT 1');
    times.push(performance.now() - start);
    await client.end();
  }
  return median(times);
}

/** Of each schema, with indexes and what lies outside of the rows. */
async function bytesOf(connectionString: string): Promise<ReadonlyMap<string, number>> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const text = `SELECT nspname AS schema, sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c
    JOIN pg_namespace n ON n.oid = relnamespace WHERE relkind = 'r' GROUP BY 1`;
  const { rows } = await client.query<{ schema: string; bytes: string }>(text);
  await client.end();
  return new Map(rows.map(({ schema, bytes }) => [schema, Number(bytes)]));
}
