import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { postgresBinaries, startPostgres } from '../../stores/postgres-server.ts';
import { startS3 } from '../../stores/s3-server.ts';
import type { Figure } from '../figure.ts';
import { figuresOf } from './at-every-call.ts';
import { judge, makePlace, newSession, openStore, type Place, runShare } from './place.ts';

/** Kills real processes (SIGKILL) at random instants of a session, until there were so many, and each session ends. */
export async function killProcesses(iterations: number, wanted: number): Promise<readonly Figure[]> {
  const place = makePlace(iterations);
  try {
    return await killUntil(place, '', wanted, 'sigkill', 'directory');
  } finally {
    place.close();
  }
}

/** The same with sessions in a PostgreSQL. */
export async function killProcessesOfDatabase(
  iterations: number,
  wanted: number,
): Promise<readonly Figure[]> {
  if (postgresBinaries() === undefined) return [];
  const place = makePlace(iterations);
  const server = await startPostgres();
  try {
    return await killUntil(place, server.url, wanted, 'sigkill-postgres', 'postgres');
  } finally {
    place.close();
    await server.close();
  }
}

/** The same with sessions in a bucket. */
export async function killProcessesOfBucket(iterations: number, wanted: number): Promise<readonly Figure[]> {
  const place = makePlace(iterations);
  const server = await startS3();
  try {
    return await killUntil(place, server.url, wanted, 'sigkill-s3', 's3');
  } finally {
    place.close();
    await server.close();
  }
}

/** @param url - of the database or the bucket; empty for a folder */
async function killUntil(place: Place, url: string, wanted: number, id: string, name: string) {
  const sums = { kills: 0, lost: 0, doubled: 0, repeated: 0 };
  while (sums.kills < wanted) {
    const { kills, ...judged } = await oneSession(place, url);
    sums.kills += kills;
    for (const key of ['lost', 'doubled', 'repeated'] as const) sums[key] += judged[key];
    if (judged.repeated > kills) throw new Error(`${judged.repeated} calls repeated by ${kills} kills`);
  }
  const sort = 'the death of a process, not of the power';
  const against = `SIGKILL at random instants of sessions of ${place.turns.length} iterations, ${name} (${sort})`;
  return figuresOf(id, sums, against);
}

async function oneSession(place: Place, url: string) {
  const secret = randomBytes(32).toString('base64');
  const { session, notes } = newSession(place);
  let kills = 0;
  // A session makes some progress between kills, or it would never end.
  while (kills < 8 && (await killChild(place, { session, notes, secret, url }))) kills += 1;
  const store = openStore(place.context, place.cwd, secret, url);
  const last = await runShare(place, store, session, notes);
  if (last.end === undefined) throw last.failure;
  return { kills, ...(await judge(place, store, session, notes, last.end)) };
}

interface Share {
  readonly session: string;
  readonly notes: string;
  readonly secret: string;
  readonly url: string;
}

/** Whether the process was killed before its session ended. */
async function killChild({ cwd, turns }: Place, { session, notes, secret, url }: Share): Promise<boolean> {
  const entry = resolve('test/bench/sessions/child.ts');
  const child = spawn(process.execPath, [entry, cwd, session, notes, String(turns.length)], {
    env: {
      PATH: process.env.PATH ?? '',
      KEY: secret,
      URL: url,
      NODE_COMPILE_CACHE: resolve('node_modules/.cache/bench'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = new Promise<NodeJS.Signals | null>((done) =>
    child.once('close', (_, signal) => done(signal)),
  );
  await new Promise((ready) => child.stdout.once('data', ready));
  await setTimeout(Math.random() * 120);
  child.kill('SIGKILL');
  return (await closed) === 'SIGKILL';
}
