import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agentPath, agentYaml, repository, runArguments } from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { git, workspace } from '../../support/workspace.ts';

describe('manifests that cannot be run', () => {
  const task = (spec: string) =>
    `apiVersion: ossa/v0.3.5\nkind: Task\nmetadata: {name: t, version: 1.0.0}\nspec:\n  ${spec.replaceAll('\n', '\n  ')}\n`;
  const execution = 'execution: {type: deterministic, entrypoint: run.sh}';
  test.each([
    ['SESSION_FIELD', 'max_iterations', agentYaml({ completion: 'max_iterations: -1' })],
    ['SESSION_FIELD', 'entrypoint', task('execution: {type: deterministic, entrypoint: ../run.sh}')],
    [
      'SESSION_FIELD',
      'transactional',
      task('execution: {type: transactional, entrypoint: run.sh}\nerror_handling: {on_error: retry}'),
    ],
    ['SESSION_SCHEMA', 'spec.input', task(`${execution}\ninput: {$ref: "#/definitions/none"}`)],
    ['SESSION_SCHEMA', 'spec.output', task(`${execution}\noutput: {requird: [a]}`)],
    [
      'SESSION_EXPRESSION',
      'confidnce',
      agentYaml({ completion: 'signals: [{signal: blocked, condition: "confidnce < 1"}]' }),
    ],
    [
      'SESSION_EXPRESSION',
      'preconditions[0]',
      task(`${execution}\npreconditions: [{expression: "input +"}]`),
    ],
    ['SESSION_UNSUPPORTED', 'fallback', task(`${execution}\nerror_handling: {on_error: fallback}`)],
    [
      'SESSION_EXTENSION',
      'did you mean "note"?',
      agentYaml({ extensions: '{pipewright: {proposals: {notes: {}}}}' }),
    ],
    ['OSSA_', 'spec', agentYaml().replace('spec:', 'spek:')],
  ])('%s: %s', async (code, part, yaml) => {
    const cwd = repository({ [agentPath]: yaml });
    const run = await pipewright(['run', `--agent=${agentPath}`], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([20, '']);
    expect(run.stdout).toMatch(new RegExp(`^${agentPath}:\\d+:\\d+ error ${code}`, 'm'));
    expect(run.stdout).toContain(part);
    expect(existsSync(join(cwd, '.pipewright'))).toBe(false);
  });

  test('all mistakes are told in one run, warnings too', async () => {
    const yaml = agentYaml({
      completion: 'max_iterations: 0\nsignals: [{signal: blocked, condition: "a < 1"}]',
      tools: '[{type: function, name: read_dif}, {type: mcp, name: x}]',
    });
    const run = await pipewright(['run', `--agent=${agentPath}`], { cwd: repository({ [agentPath]: yaml }) });
    for (const code of ['SESSION_FIELD', 'SESSION_EXPRESSION', 'SESSION_TOOL_UNKNOWN', 'SESSION_IGNORED'])
      expect(run.stdout).toContain(code);
    expect(run.stdout).toContain('did you mean "read-diff"?');
  });

  test.each([
    ['SESSION_NOT_ONE_DOCUMENT', `${agentYaml()}---\n${agentYaml()}`],
    [
      'SESSION_KIND_UNSUPPORTED',
      'apiVersion: ossa/v0.3.5\nkind: Workflow\nmetadata: {name: w, version: 1.0.0}\nspec: {steps: [{id: a, kind: Task, ref: b}]}\n',
    ],
  ])('%s', async (code, yaml) => {
    const cwd = repository({ [agentPath]: yaml });
    const run = await pipewright(['run', `--agent=${agentPath}`], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining(code)]);
  });
});

describe('places that cannot be run in', () => {
  test('a manifest beside the repository, by its name or by a link', async () => {
    const outside = workspace({ 'a.ossa.yaml': agentYaml() });
    const cwd = repository({});
    symlinkSync(join(outside, 'a.ossa.yaml'), join(cwd, 'a.ossa.yaml'));
    for (const agent of [join(outside, 'a.ossa.yaml'), 'a.ossa.yaml']) {
      const run = await pipewright(['run', `--agent=${agent}`], { cwd });
      expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_MANIFEST_OUTSIDE')]);
    }
  });

  test('a manifest that is not there, no repository, one without a commit', async () => {
    const missing = await pipewright(runArguments, { cwd: repository({}) });
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining('FILE_NOT_FOUND')]);
    const cwd = workspace({ [agentPath]: agentYaml() });
    const bare = await pipewright(runArguments, { cwd });
    expect([bare.exitCode, bare.stderr]).toEqual([2, expect.stringContaining('GIT_NO_REPOSITORY')]);
    git(cwd, 'init', '--quiet');
    const empty = await pipewright(runArguments, { cwd });
    expect([empty.exitCode, empty.stderr]).toEqual([2, expect.stringContaining('it has no commit yet')]);
  });

  test('a merge request whose diff GitLab has not computed', async () => {
    const cwd = repository({ [agentPath]: agentYaml() });
    const head = git(cwd, 'rev-parse', 'HEAD');
    const env = {
      ...{ GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_IID: '7' },
      ...{ CI_MERGE_REQUEST_EVENT_TYPE: 'detached', CI_COMMIT_SHA: head, CI_PROJECT_ID: '1' },
      ...{ CI_MERGE_REQUEST_PROJECT_ID: '1', CI_MERGE_REQUEST_PROJECT_PATH: 'acme/shop' },
      ...{ CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main', CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '1' },
      ...{ CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/shop' },
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature',
    };
    const run = await pipewright(runArguments, { cwd, env });
    expect([run.exitCode, run.stderr]).toEqual([3, expect.stringContaining('SESSION_BASE_UNKNOWN')]);
  });

  test('inputs that decide what runs are taken from no variable', async () => {
    const cwd = repository({ [agentPath]: agentYaml() });
    const env = {
      PIPEWRIGHT_AGENT: 'evil.yaml',
      PIPEWRIGHT_CASSETTE: 'evil',
      PIPEWRIGHT_STORE: '/tmp',
      PIPEWRIGHT_SESSION: 'x',
      PIPEWRIGHT_INPUT: 'y',
    };
    const run = await pipewright(runArguments, { cwd, env });
    expect(run.exitCode).toBe(2);
    expect(run.stderr.match(/INPUT_NOT_FROM_ENV/g)).toHaveLength(5);
  });
});

test('in a merge train no agent runs, and nothing is held up', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  const env = { GITLAB_CI: 'true', CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' };
  const run = await pipewright(runArguments, { cwd, env });
  expect([run.exitCode, run.stdout]).toEqual([0, expect.stringContaining('no agent runs in it')]);
  expect(existsSync(join(cwd, '.pipewright'))).toBe(false);
});
