import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { manifest } from '../../decide/shop.ts';
import { repository } from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { git, workspace, writeFiles } from '../../support/workspace.ts';

const agent = 'agents/reviewer.ossa.yaml';

/** A repository whose branch changes the manifest to this text. */
function project(text: string, files: Readonly<Record<string, string>> = {}): string {
  const cwd = repository({ [agent]: manifest, ...files });
  writeFiles(cwd, { [agent]: text });
  git(cwd, 'commit', '--quiet', '--all', '--message', 'manifest');
  return cwd;
}

/** A variable can become any provider. */
const denied = manifest.replace('anthropic', `'\${LLM}'`);
const broken = { 'policies/q.policy.yaml': 'apiVersion: pipewright/v1\nkind: Policy\n' };

describe('exit codes', () => {
  test.each([
    ['allowed', `${manifest}# more\n`, {}, { enforce: 0, warn: 0, observe: 0 }, /would be allowed/],
    ['denied', denied, {}, { enforce: 21, warn: 21, observe: 0 }, /would be DENIED/],
    [
      'undecided',
      'kind: Banana\n',
      {},
      { enforce: 22, warn: 22, observe: 0 },
      /NO DECISION is possible here/,
    ],
    [
      'broken policies',
      denied,
      broken,
      { enforce: 22, warn: 22, observe: 0 },
      /q\.policy\.yaml:1:1 error POLICY_/,
    ],
  ])('%s', async (_, text, files, codes, words) => {
    const cwd = project(text, files);
    for (const [mode, exitCode] of Object.entries(codes)) {
      const run = await pipewright(['gate', `--mode=${mode}`], { cwd });
      expect(run.stdout).toMatch(words);
      expect(run.exitCode, mode).toBe(exitCode);
    }
  });

  test('nothing to decide is no mistake, and enforcing is the default', async () => {
    const cwd = repository({ 'README.md': 'x\n' });
    expect(await pipewright(['gate'], { cwd })).toMatchObject({
      ...{ exitCode: 0, stdout: expect.stringMatching(/advice: nothing to decide/) },
    });
    expect((await pipewright(['gate'], { cwd: project(denied) })).exitCode).toBe(21);
  });
});

test('the report is written whole, with every policy that decided', async () => {
  const cwd = project(denied);
  await pipewright(['gate'], { cwd });
  const report = JSON.parse(readFileSync(join(cwd, '.pipewright/gate/pipewright/decision.json'), 'utf8'));
  expect(report).toMatchObject({
    ...{ format: 'pipewright/decision/v1', by: 'gate', verdict: 'denied', target: null },
    policies: { commit: git(cwd, 'rev-parse', 'main') },
    agents: [{ path: agent, verdict: 'denied', policies: [{ id: 'default/provider-allow-list' }] }],
  });
});

describe('bad input', () => {
  const plant = (cwd: string, text: string, place = 'run/pipewright') =>
    writeFiles(cwd, { [`.pipewright/${place}/proposals.json`]: text });

  test('every bundle that cannot be read is told in one run', async () => {
    const cwd = repository({ [agent]: manifest });
    plant(cwd, '{');
    plant(cwd, '{"format": "pipewright/proposals/v9"}', 'run/second');
    plant(cwd, `"${'x'.repeat(17 * 1024 * 1024)}"`, 'run/third/2');
    const run = await pipewright(['gate'], { cwd });
    expect(run.stdout).toMatch(
      /run\/pipewright\/proposals\.json: proposals: NO DECISION[^\n]*\n +it is not JSON/,
    );
    expect(run.stdout).toMatch(/run\/second\/proposals\.json: proposals: NO DECISION/);
    expect(run.stdout).toMatch(/run\/third\/2\/proposals\.json: proposals: NO DECISION/);
    expect(run.exitCode).toBe(22);
  });

  test('proposals made at a terminal are for no merge request', async () => {
    const cwd = repository({ [agent]: manifest });
    plant(cwd, JSON.stringify({ nothing: true }));
    expect((await pipewright(['gate'], { cwd })).exitCode).toBe(22);
  });

  test('links where its files lie are not followed', async () => {
    const cwd = repository({ [agent]: manifest });
    const elsewhere = workspace({ 'kept.txt': 'x' });
    symlinkSync(elsewhere, join(cwd, '.pipewright'));
    const run = await pipewright(['gate'], { cwd });
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(/link/);
  });

  test('outside of a repository', async () => {
    const run = await pipewright(['gate'], { cwd: workspace() });
    expect(run.stderr).toMatch(/GIT_NO_REPOSITORY/);
    expect(run.exitCode).toBe(2);
  });

  test('a setting that decides is no variable', async () => {
    const cwd = project(denied);
    const run = await pipewright(['gate'], { cwd, env: { PIPEWRIGHT_POLICIES: 'elsewhere' } });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/PIPEWRIGHT_POLICIES/);
  });
});
