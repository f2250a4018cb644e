import { expect, test } from 'vitest';
import { readTwinFile } from '../../../components/twin/setup/read-twin-file.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

function read(text: string, env: Readonly<Record<string, string>> = {}) {
  const folder = workspace({ 'twin.yaml': text });
  return readTwinFile(testContext(folder, { env }), 'twin.yaml');
}

test('a whole file', async () => {
  const file = await read(
    `
version: '18.9'
tier: premium
users:
  alice: {role: developer}
  bot: {kind: service_account, role: reporter, scopes: [api]}
projects:
  acme/shop:
    folder: .
    members: {alice: maintainer, local: owner}
    settings: {only_allow_merge_if_pipeline_succeeds: true}
    protected_branches: {'release/*': {push: no one}}
    variables:
      PLAIN: text
      TOKEN: {token_of: bot, masked: true, protected: true}
      FROM: {from_env: HOST_VALUE}
      TRIGGER: {trigger_of: acme/lib, owner: bot, masked: true}
    schedules: {nightly: {cron: '0 2 * * *', owner: alice, variables: {A: b}}}
  acme/lib: {job_token_allowlist: [acme/shop]}
  you/shop: {fork_of: acme/shop}
steps: [open feature]
`,
    { HOST_VALUE: 'x' },
  );
  expect(file).toMatchObject({ ok: true, file: { tier: 'premium', steps: ['open feature'] } });
});

test('nothing is a file too', async () => {
  expect(await read('')).toEqual({ ok: true, file: {} });
});

test('every name that leads nowhere is told, with its place', async () => {
  const result = await read(`users:
  alice: {}
projects:
  acme/shop:
    fork_of: acme/shpo
    members: {alcie: developer}
    job_token_allowlist: [acme/lib]
    variables:
      A: {token_of: bot}
      B: {value: x, from_env: C}
      C: {from_env: NOT_THERE}
      D: {trigger_of: acme/shp, owner: alcie}
      E: {trigger_of: acme/shop, token_of: alice}
      F: {token_of: alice, owner: alice}
    schedules: {n: {cron: '* * * * *', owner: eve}}
`);
  expect(result.ok).toBe(false);
  const found = result.ok ? [] : result.findings;
  expect(found.map(({ code, line, column, suggestion }) => [code, line, column, suggestion])).toEqual([
    ['TWIN_SETUP', 5, 14, 'acme/shop'],
    ['TWIN_SETUP', 6, 15, 'alice'],
    ['TWIN_SETUP', 7, 27, undefined],
    ['TWIN_SETUP', 9, 21, undefined],
    ['TWIN_SETUP', 10, 10, undefined],
    ['TWIN_SETUP', 11, 21, undefined],
    ['TWIN_SETUP', 12, 23, 'acme/shop'],
    ['TWIN_SETUP', 12, 40, 'alice'],
    ['TWIN_SETUP', 13, 10, undefined],
    ['TWIN_SETUP', 14, 35, undefined],
    ['TWIN_SETUP', 15, 47, undefined],
  ]);
});

test('a fork comes from a project that is there before it, and folders are there', async () => {
  const result = await read(`projects:
  a/one: {folder: nowhere}
  a/two: {fork_of: a/three}
  a/three: {fork_of: a/two}
  a/four: {fork_of: a/one, folder: .}
`);
  const found = result.ok ? [] : result.findings;
  expect(found.map(({ line, column, message }) => [line, column, message])).toEqual([
    [2, 19, 'there is no such folder'],
    [3, 20, 'forks are made from each other in a circle'],
    [4, 22, 'forks are made from each other in a circle'],
    [5, 36, 'a fork has the repository of its project'],
  ]);
});

test('what the schema does not know and what is no YAML has a place, too', async () => {
  const wrong = await read('tier: gold\nprojcts: {}\n');
  expect(wrong).toMatchObject({
    ok: false,
    findings: [
      { line: 1, column: 7, path: 'tier' },
      { line: 2, column: 1, suggestion: 'projects' },
    ],
  });
  expect(await read('a: [\n')).toMatchObject({ ok: false, findings: [{ code: 'YAML_SYNTAX' }] });
});
