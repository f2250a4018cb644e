import { randomBytes } from 'node:crypto';
import { globSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { endsOf } from '../stores/log/frames.ts';
import { type CliRun, pipewright } from '../support/cli.ts';
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

const newKey = () => randomBytes(32).toString('base64');

/** A session that was run to its end, with what a job to come may be given. */
async function ran(env: Readonly<Record<string, string>> = {}) {
  const cwd = repository({ [agentPath]: agentYaml() });
  await record(cwd, review);
  const first = await pipewright(runArguments, { cwd, env });
  expect(first.exitCode, first.stderr).toBe(0);
  const again = (more: Readonly<Record<string, string>>, ...args: string[]): Promise<CliRun> =>
    pipewright([...runArguments, `--session=${sessionOf(first)}`, ...args], { cwd, env: more });
  return { cwd, first, again, segment: join(cwd, '.pipewright/sessions', sessionOf(first), '000001.log') };
}

const refused = (exitCode: number, code: string) => ({ exitCode, stderr: expect.stringContaining(code) });

test('with a key nothing of the records can be read, and what is written never names it', async () => {
  const key = newKey();
  const { cwd, first, again } = await ran({ PIPEWRIGHT_SESSION_KEY: key });
  expect(first.stdout).toContain('not the loss of the runner; it is encrypted\n');
  expect(await again({ PIPEWRIGHT_SESSION_KEY: key })).toMatchObject({ exitCode: 0 });
  const files = globSync('.pipewright/**/*.{log,json}', { cwd }).map((file) => readFileSync(join(cwd, file)));
  for (const text of [first.stdout, first.stderr, ...files.map(String)]) expect(text).not.toContain(key);
  const logs = globSync('.pipewright/sessions/*/*', { cwd }).map((file) => readFileSync(join(cwd, file)));
  expect(logs.some((bytes) => bytes.includes('session-begun') || bytes.includes('vat'))).toBe(false);
});

test('without a key it says so', async () => {
  const { first } = await ran();
  expect(first.stdout).toContain('it is not encrypted: who can write there can change what it holds\n');
});

test('no key, another one, a new one after the old one', async () => {
  const [key, next] = [newKey(), newKey()];
  const { again } = await ran({ PIPEWRIGHT_SESSION_KEY: key });
  expect(await again({})).toMatchObject(refused(2, 'STORE_KEY_MISSING'));
  expect(await again({ PIPEWRIGHT_SESSION_KEY: next })).toMatchObject(refused(2, 'STORE_KEY_UNKNOWN'));
  const rotated = { PIPEWRIGHT_SESSION_KEY: next, PIPEWRIGHT_SESSION_KEYS_BEFORE: `${newKey()} ${key}` };
  expect(await again(rotated)).toMatchObject({ exitCode: 0 });
  const forgotten = await again({ ...rotated, PIPEWRIGHT_SESSION_KEYS_BEFORE: `${newKey()} ${key}x` });
  expect(forgotten).toMatchObject(refused(2, 'STORE_KEY_FORM'));
  expect(forgotten.stderr).not.toContain(key);
});

test('a key makes what is not encrypted refused', async () => {
  const { again } = await ran();
  expect(await again({ PIPEWRIGHT_SESSION_KEY: newKey() })).toMatchObject(refused(2, 'STORE_NOT_ENCRYPTED'));
});

test.each(['short', Buffer.alloc(31, 7).toString('base64'), '§'])('%j is no key', async (key) => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const run = await pipewright(runArguments, { cwd, env: { PIPEWRIGHT_SESSION_KEY: key } });
  expect(run).toMatchObject(refused(2, 'STORE_KEY_FORM'));
  expect(run.stderr).not.toContain(key);
});

test('whoever goes on with the head finds that the newest records were taken away', async () => {
  const { cwd, again, segment } = await ran();
  const { head } = readOutput(cwd, 'result').session;
  truncateSync(segment, endsOf(readFileSync(segment)).at(-2));
  expect(await again({}, `--head=${head}`)).toMatchObject(refused(3, 'SESSION_ROLLED_BACK'));
  // Who knows no head does not see it: the session goes on from what is there.
  expect(await again({})).toMatchObject({ exitCode: 0 });
});

test('a session that is not complete says how to go on, with its head', async () => {
  const cwd = repository({ [agentPath]: agentYaml({ completion: 'default_signal: blocked' }) });
  await record(cwd, review);
  const run = await pipewright(runArguments, { cwd });
  const { id, head } = readOutput(cwd, 'result').session;
  expect(run.exitCode).toBe(31);
  expect(run.stdout).toContain(`--session=${id} --head=${head}, with the same inputs`);
  const again = await pipewright([...runArguments, `--session=${id}`, `--head=${head}`], { cwd });
  expect(again.stderr).not.toContain('SESSION_ROLLED_BACK');
});

test.each([
  [{}, 'STORE_DATABASE_URL', 2],
  [{ PIPEWRIGHT_POSTGRES_URL: 'postgres://ada:hidden-password@127.0.0.1:1/none' }, 'STORE_DATABASE', 3],
] as const)('a database that is not given, or cannot be reached: %j', async (env, code, exitCode) => {
  const cwd = repository({ [agentPath]: agentYaml() });
  await record(cwd, review);
  const run = await pipewright([...runArguments, '--store=postgres'], { cwd, env });
  expect(run).toMatchObject(refused(exitCode, code));
  expect(run.stderr + run.stdout).not.toContain('hidden-password');
});
