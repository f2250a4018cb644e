import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { command } from '../../../scripts/local.ts';
import { pipewright } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';
import { client } from '../../twin/repositories/git-server.ts';

const commands = { local: { summary: command.summary, load: async () => command } };

const config = 'a:\n  script: [echo "$CI_PIPELINE_SOURCE of $GITLAB_USER_LOGIN"]\n';

/** A twin that a command serves until it is told to stop. */
async function serve(files: Readonly<Record<string, string>>, ...args: string[]) {
  const cwd = workspace({ '.gitlab-ci.yml': config, ...files });
  commitAll(cwd);
  const temporary = workspace();
  const cancel = new AbortController();
  const options = { cwd, commands, cancel: cancel.signal, env: { TMPDIR: temporary } };
  const running = pipewright(['local', '--serve', '--path=acme/shop', ...args], options);
  let ended = false;
  running.finally(() => {
    ended = true;
  });
  const stop = () => {
    cancel.abort('SIGINT');
    return running;
  };
  onTestFinished(async () => {
    await stop();
  });
  const file = join(cwd, '.pipewright/local/twin.json');
  while (!existsSync(file) && !ended) await sleep(20);
  if (ended) throw new Error(`it does not serve: ${JSON.stringify(await running)}`);
  const { url, users }: { url: string; users: Record<string, { token: string }> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  const tokenOf = (user: string) => users[user]?.token ?? '';
  const api = async (path: string, user = 'local', method = 'GET') => {
    const headers = { 'private-token': tokenOf(user) };
    const response = await fetch(`${url}/api/v4${path}`, { method, headers });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  return { cwd, temporary, file, url, tokenOf, api, stop };
}

const shop = '/projects/acme%2Fshop';

test('a served twin speaks API and git to those who have a token, until it is interrupted', async () => {
  const twin = await serve({ 'twin.yaml': 'users: {alice: {role: developer}}\n' });
  expect(statSync(twin.file).mode & 0o777).toBe(0o600);
  expect(await twin.api('/user', 'alice')).toMatchObject({ status: 200, body: { username: 'alice' } });
  expect(await twin.api('/user', 'nobody')).toMatchObject({ status: 401 });
  // Nothing has happened: a push by git is the first.
  expect(await twin.api(`${shop}/pipelines`)).toMatchObject({ body: [] });
  const folder = workspace();
  const remote = twin.url.replace('//', `//alice:${twin.tokenOf('alice')}@`);
  expect(await client(folder, 'clone', '--quiet', `${remote}/acme/shop.git`, 'shop')).toMatchObject({
    code: 0,
  });
  const clone = join(folder, 'shop');
  git(clone, 'switch', '--quiet', '--create', 'feature');
  writeFiles(clone, { 'b.txt': 'b' });
  commitAll(clone, 'mine');
  expect(await client(clone, 'push', '--quiet', 'origin', 'feature')).toMatchObject({ code: 0 });
  const pipelines = () => twin.api(`${shop}/pipelines`, 'alice');
  while ((await pipelines()).body[0]?.status !== 'success') await sleep(50);
  expect(await pipelines()).toMatchObject({ body: [{ ref: 'feature', source: 'push' }] });

  const run = await twin.stop();
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
  const [first, ...told] = run.stdout.split('\n');
  expect(first).toBe(`GitLab twin at ${twin.url}; tokens of its users: ${twin.file}`);
  // The pipeline of the push is told where it has ended before the interruption.
  if (told.join('') !== '') expect(told[0]).toBe('acme/shop pipeline 1 of feature (push)');
  await expect(fetch(twin.url)).rejects.toThrow();
  expect(existsSync(twin.file)).toBe(false);
  expect(readdirSync(twin.temporary)).toEqual([]);
  expect(git(twin.cwd, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  expect(git(twin.cwd, 'status', '--short')).toBe('');
}, 60_000);

test('steps come before it is served, and the exit code is theirs', async () => {
  const red = { '.gitlab-ci.yml': 'a: {script: [exit 5]}\n' };
  const twin = await serve(red, '--step=push main', '--tier=premium');
  const [pipeline] = (await twin.api(`${shop}/pipelines`)).body;
  expect(pipeline).toMatchObject({ ref: 'main', status: 'failed' });
  // Only a tier above free has these.
  expect(await twin.api(`${shop}/protected_environments`)).toMatchObject({ status: 200 });
  const run = await twin.stop();
  expect(run.exitCode).toBe(20);
  expect(run.stdout).toContain('pipeline failed: a');
}, 60_000);

test('what runs when it is interrupted ends with it', async () => {
  const mark = join(workspace(), 'started');
  const slow = `a: {script: ["trap '' TERM", "echo $$ > ${mark}", "sleep 300"]}\n`;
  const twin = await serve({ '.gitlab-ci.yml': slow });
  const created = await twin.api(`${shop}/pipeline?ref=main`, 'local', 'POST');
  expect(created).toMatchObject({ status: 201 });
  await vi.waitFor(() => expect(existsSync(mark)).toBe(true), 30_000);
  expect(await twin.stop()).toMatchObject({ exitCode: 0, stderr: '' });
  const pid = Number(readFileSync(mark, 'utf8'));
  // Whoever collects what has no parent any more may take a moment.
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow(), 10_000);
  expect(readdirSync(twin.temporary)).toEqual([]);
}, 60_000);

test('a port that is taken is told, and nothing is left', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve(Number(Object(other.address()).port)));
  });
  onTestFinished(() => void other.close());
  const cwd = workspace({ '.gitlab-ci.yml': config });
  commitAll(cwd);
  const temporary = workspace();
  const args = ['local', '--serve', `--port=${port}`];
  const run = await pipewright(args, { cwd, commands, env: { TMPDIR: temporary } });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toContain(`the twin cannot listen on port ${port}: `);
  expect(run.stderr).toContain('code: TWIN_PORT');
  expect(readdirSync(temporary)).toEqual([]);
});
