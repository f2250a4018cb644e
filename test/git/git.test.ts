import { expect, test } from 'vitest';
import { git } from '../../components/git/git.ts';
import type { Context, ExecOptions } from '../../components/kernel/context.ts';
import { createContext } from '../../scripts/wire/context.ts';

/** The environment git would be started with. */
async function environmentOf(env: Readonly<Record<string, string>>): Promise<ExecOptions['env']> {
  const silent = () => undefined;
  const port = { env, cwd: '/', cancel: new AbortController().signal, terminal: false };
  const made = createContext(
    { log: 'human', debug: false, secrets: [] },
    { ...port, stdout: silent, stderr: silent },
  );
  let seen: ExecOptions['env'] = {};
  const exec: Context['exec'] = async (_program, _args, options) => {
    seen = options.env;
    return { exitCode: 0, signal: null, stdout: '', stderr: '', timedOut: false };
  };
  await git({ ...made, exec }, '/', ['fetch']);
  return seen;
}

test('git uses the proxies of the other clients, in the spelling that it knows', async () => {
  expect(
    await environmentOf({ HTTPS_PROXY: 'http://a:1', HTTP_PROXY: 'http://b:2', no_proxy: 'local' }),
  ).toMatchObject({ HTTPS_PROXY: 'http://a:1', http_proxy: 'http://b:2', no_proxy: 'local' });
});

test("git trusts the authority of GitLab's server, unless it is told another", async () => {
  const file = { CI_SERVER_TLS_CA_FILE: '/builds/ca.pem' };
  expect(await environmentOf(file)).toMatchObject({ GIT_SSL_CAINFO: '/builds/ca.pem' });
  expect(await environmentOf({ ...file, GIT_SSL_CAINFO: '/own.pem' })).toMatchObject({
    GIT_SSL_CAINFO: '/own.pem',
  });
});

test('nothing else of the environment reaches git', async () => {
  const env = await environmentOf({
    GIT_DIR: '/elsewhere',
    GIT_SSH_COMMAND: 'evil',
    SECRET: 'x',
    PATH: '/bin',
  });
  expect(Object.keys(env).sort()).toEqual([
    ...['GIT_ALLOW_PROTOCOL', 'GIT_NO_LAZY_FETCH', 'GIT_OPTIONAL_LOCKS', 'GIT_TERMINAL_PROMPT'],
    ...['LC_ALL', 'PATH'],
  ]);
});
