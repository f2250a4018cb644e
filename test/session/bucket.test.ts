import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type S3Server, startS3 } from '../stores/s3-server.ts';
import { pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { agentPath, agentYaml, record, repository, review, runArguments, sessionOf } from './support.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());

/** What an operator has set up. */
const bucket = () => ({
  PIPEWRIGHT_S3_URL: `${server.url}/ci`,
  PIPEWRIGHT_SESSION_KEY: randomBytes(32).toString('base64'),
  AWS_ACCESS_KEY_ID: server.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: server.credentials.secretAccessKey,
});

/** A checkout with an agent whose manifest asks for a backend, or for none. */
async function checkout(storage = ''): Promise<string> {
  const checkpointing = storage === '' ? '' : `  checkpointing: {storage: ${storage}}\n`;
  const cwd = repository({
    [agentPath]: agentYaml().replace('  completion:', `${checkpointing}  completion:`),
  });
  await record(cwd, review);
  return cwd;
}

test('a session in a bucket is run, listed, shown and gone on with, and no secret is said', async () => {
  const [cwd, env] = [await checkout(), bucket()];
  const first = await pipewright([...runArguments, '--store=s3', '--debug'], { cwd, env });
  expect(first.exitCode, first.stderr).toBe(0);
  expect(first.stdout).toContain('store: the bucket sessions-bucket survives the loss of the runner');
  expect(first.stdout).toContain('it is encrypted\n');
  const session = sessionOf(first);
  const listed = await pipewright(['sessions', '--store=s3'], { cwd, env });
  expect(listed.stdout).toContain(`${session}  `);
  const shown = await pipewright(['sessions', 'show', session, '--store=s3'], { cwd, env });
  expect(shown.stdout).toContain('Agent reviewer');
  const again = await pipewright([...runArguments, '--store=s3', `--session=${session}`], { cwd, env });
  expect(again.stdout).toContain('job 2 of it');
  for (const { stdout, stderr } of [first, listed, shown, again])
    expect(stdout + stderr).not.toContain(server.credentials.secretAccessKey);
  for (const bytes of server.objects.values())
    expect(Buffer.from(bytes).includes('session-begun')).toBe(false);
});

test.each([
  [{ PIPEWRIGHT_S3_URL: '' }, 'S3_URL', 2],
  [{ PIPEWRIGHT_S3_URL: 'http://s3.example.com/sessions' }, 'S3_URL', 2],
  [{ AWS_SECRET_ACCESS_KEY: ' ' }, 'S3_CREDENTIALS', 2],
  [{ AWS_ACCESS_KEY_ID: '' }, 'S3_CREDENTIALS', 2],
  [{ AWS_SECRET_ACCESS_KEY: 'another-secret-access-key' }, 'S3_DENIED', 3],
  [{ PIPEWRIGHT_SESSION_KEY: '' }, 'STORE_KEY_REQUIRED', 2],
] as const)('%j', async (change, code, exitCode) => {
  const env = { ...bucket(), ...change };
  const run = await pipewright(['sessions', '--store=s3'], { cwd: workspace(), env });
  expect(run).toMatchObject({ exitCode, stderr: expect.stringContaining(code) });
  expect(run.stdout + run.stderr).not.toContain('another-secret-access-key');
});

test('a manifest that asks for s3 gets the bucket that is set up, whatever location it names', async () => {
  const [cwd, env] = [await checkout('{backend: s3, location: "s3://elsewhere/x"}'), bucket()];
  server.calls.length = 0;
  const run = await pipewright(runArguments, { cwd, env });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toContain('store: the bucket sessions-bucket survives');
  expect(run.stdout).not.toContain('the manifest asks');
  expect(server.calls.length).toBeGreaterThan(0);
});

test('where none is set up it says what it is instead', async () => {
  const cwd = await checkout('{backend: agent-brain, location: "https://brain.example.com/x"}');
  const run = await pipewright(runArguments, { cwd, env: { ...bucket(), PIPEWRIGHT_SESSION_KEY: '' } });
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toContain(
    'store: the manifest asks for the backend agent-brain, and PIPEWRIGHT_POSTGRES_URL is not set: it is directory\n',
  );
  expect(existsSync(join(cwd, '.pipewright/sessions', sessionOf(run), '000001.log'))).toBe(true);
});

test('a bucket that is set up is used by no manifest that does not ask, and for none that the job says no to', async () => {
  server.calls.length = 0;
  const env = bucket();
  await pipewright(runArguments, { cwd: await checkout(), env });
  const asks = await checkout('{backend: s3, location: "s3://elsewhere/x"}');
  const run = await pipewright([...runArguments, '--store=directory'], { cwd: asks, env });
  expect(run.stdout).toContain('store: the directory');
  expect(server.calls).toEqual([]);
});
