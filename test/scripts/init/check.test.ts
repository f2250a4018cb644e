import { describe, expect, test } from 'vitest';
import { deadOrigin, quickClock, sendJson, serve } from '../../gitlab/harness.ts';
import { check, startTrusted } from '../../setup/trusted-setup.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const token = 'glpat-AbCdEfGhIjKlMnOpQrSt';

function ask(server: string | undefined, env: Readonly<Record<string, string>> = {}) {
  const args = server === undefined ? [] : [`--server=${server}`, '--project=acme/agents', '--account=bot'];
  return pipewright(['init', 'trusted-project', '--check', ...args], {
    ...{ cwd: workspace(), env: { PIPEWRIGHT_SETUP_TOKEN: token, ...env } },
    change: (context) => ({ ...context, clock: quickClock().clock }),
  });
}

describe('what is missing', () => {
  test('is named in one go', async () => {
    const run = await ask(undefined, { PIPEWRIGHT_SETUP_TOKEN: '' });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/--check needs --server, --project, the variable PIPEWRIGHT_SETUP_TOKEN/);
    expect(run.stderr).toMatch(/SETUP_INPUTS_MISSING/);
  });

  test('the token alone', async () => {
    const run = await ask('https://gitlab.example.com', { PIPEWRIGHT_SETUP_TOKEN: '' });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/--check needs the variable PIPEWRIGHT_SETUP_TOKEN\n/);
  });

  test.each([
    ['--server=ftp://gitlab.example.com', /--server is/],
    ['--server=https://user:secret@gitlab.example.com', /--server is/],
    ['--project=agents', /--project is/],
    ['--account=a b', /--account is/],
  ])('%s', async (flag, words) => {
    const run = await pipewright(['init', 'trusted-project', '--check', flag], { cwd: workspace() });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(words);
  });
});

describe('an outside that fails', () => {
  test('nobody there', async () => {
    const run = await ask(await deadOrigin());
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/GITLAB_UNREACHABLE/);
    expect(run.stdout).toBe('');
  });

  test('a token that GitLab does not know', async () => {
    const { twin } = await startTrusted();
    const run = await ask(twin.url);
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/GITLAB_UNAUTHORIZED/);
    expect(run.stdout + run.stderr).not.toContain(token);
  });

  test('an answer that is a page, and one that is cut', async () => {
    const { twin } = await startTrusted();
    const match = { path: /protected_branches$/ };
    for (const how of ['html', 'truncated'] as const) {
      twin.faults.add({ match, what: { kind: 'malformed', how }, times: 9 });
      const run = await pipewright(
        ['init', 'trusted-project', '--check', `--server=${twin.url}`, '--project=acme/agents'],
        {
          ...{ cwd: workspace(), env: { PIPEWRIGHT_SETUP_TOKEN: twin.tokenOf('mia') } },
          change: (context) => ({ ...context, clock: quickClock().clock }),
        },
      );
      expect(run.exitCode, how).toBe(3);
      expect(run.stderr).toMatch(/GITLAB_MALFORMED/);
      twin.faults.clear();
    }
  });

  test('one that fails once does no harm', async () => {
    const { twin } = await startTrusted();
    twin.faults.add({ match: { path: /triggers$/ }, what: { kind: 'status', status: 502 } });
    const run = await check(twin);
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
  });
});

test('a hostile server writes no line of its own, and learns nothing but the token it was given', async () => {
  const evil = 'main\u001b[2J\nok      default branch: fine\u202e';
  const { origin, seen } = await serve(({ url }, response) => {
    if (url.includes('protected_branches')) {
      const levels = { push_access_levels: [{ access_level: 30 }], merge_access_levels: [] };
      return sendJson(response, 200, [{ name: '*', allow_force_push: false, ...levels }]);
    }
    if (/\/(variables|triggers|members|branches|pipeline_schedules)/.test(url))
      return sendJson(response, 200, []);
    if (url.includes('/raw')) return response.writeHead(200).end('include: [{ component: x/y/z/apply@1 }]');
    if (url.includes('/metadata')) return sendJson(response, 200, { version: evil, enterprise: true });
    if (url.includes('/users')) return sendJson(response, 200, [{ id: 1, username: evil }]);
    const project = {
      id: 1,
      path_with_namespace: evil,
      default_branch: evil,
      web_url: 'x',
      visibility: 'private',
    };
    return sendJson(response, 200, project);
  });
  const run = await ask(origin);
  expect(run.exitCode).toBe(20);
  expect(run.stdout).not.toMatch(/^ok {6}default branch: fine/m);
  for (const sign of ['\u001b', '\u202e']) expect(run.stdout).not.toContain(sign);
  expect(run.stdout).toMatch(/^WRONG {3}default branch: .*developers may push$/m);
  expect(seen.every(({ method, body }) => method === 'GET' && body === '')).toBe(true);
  expect(run.stdout + run.stderr).not.toContain(token);
});

test('only reads are sent, and no value of a variable is shown', async () => {
  const { twin, shop } = await startTrusted();
  const before = twin.journal.entries.length;
  const run = await check(twin);
  const sent = twin.journal.entries.slice(before);
  expect(sent.length).toBeGreaterThan(10);
  expect(sent.filter(({ method }) => method !== 'GET')).toEqual([]);
  for (const { value } of shop.variables) expect(run.stdout + run.stderr).not.toContain(value);
});
