import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type CliRun, pipewright } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

const good = readFileSync('test/consumer/shop/fixed/agents/reviewer/agent.ossa.yaml', 'utf8');
const bad = readFileSync('test/consumer/shop/mistake/agents/reviewer/agent.ossa.yaml', 'utf8');
const job = 'work: {stage: test, script: [echo], rules: [{when: always}]}\n';

/** A project on main with the given includes of the component, and a merge request that adds files. */
function project(
  includes: readonly Record<string, unknown>[],
  files: Record<string, string>,
  others = job,
): string {
  const include = includes.map((inputs) => ({
    component: '$CI_SERVER_FQDN/pipewright/pipewright/validate@main',
    inputs: { image: 'registry.example.com/pipewright:1', ...inputs },
  }));
  const yaml = `stages: [test]\ninclude: ${JSON.stringify(include)}\n${others}`;
  const cwd = workspace({ '.gitlab-ci.yml': yaml, 'agents/old.ossa.yaml': good });
  commitAll(cwd);
  git(cwd, 'remote', 'add', 'origin', 'https://gitlab.example.com/acme/shop.git');
  git(cwd, 'switch', '--quiet', '--create', 'feature');
  writeFiles(cwd, files);
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--allow-empty', '--message', 'change');
  return cwd;
}

function local(cwd: string, event: string, ...args: string[]): Promise<CliRun> {
  return pipewright(['local', `--event=${event}`, '--target-branch=main', ...args], { cwd });
}

function artifacts(cwd: string, job: string, name: string): string {
  const [file] = globSync(`.pipewright/local/*/artifacts/${job}/.pipewright/validate/*/${name}`, { cwd });
  expect(file, `${name} among the artifacts of ${job}`).toBeDefined();
  return readFileSync(join(cwd, file ?? ''), 'utf8');
}

describe('what a project gets that includes it', () => {
  test('a red merge request with the message at its line, and all reports', async () => {
    const cwd = project([{ mode: 'enforce' }], { 'agents/new.ossa.yaml': bad });
    const run = await local(cwd, 'merge-request');
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toMatch(/^pipewright-validate +\.pre +failed +20 /m);
    expect(run.stdout).toContain('agents/new.ossa.yaml:25:17 error OSSA_ENUM');
    for (const name of [
      'report.json',
      'gl-code-quality-report.json',
      'junit.xml',
      'report.sarif',
      'annotations.json',
      'note.md',
    ]) {
      expect(artifacts(cwd, 'pipewright-validate', name)).not.toBe('');
    }
    expect(JSON.parse(artifacts(cwd, 'pipewright-validate', 'report.json')).gate).toMatchObject({
      scope: 'changed',
    });
  });

  test.each([
    ['observe', 0, 'success'],
    ['warn', 0, 'failed (allowed)'],
    ['enforce', 20, 'failed'],
  ])('mode %s', async (mode, exitCode, result) => {
    const run = await local(project([{ mode }], { 'agents/new.ossa.yaml': bad }), 'push');
    expect(run.stdout).toMatch(
      new RegExp(`^pipewright-validate +\\.pre +${result.replace(/[()]/g, '\\$&')} `, 'm'),
    );
    expect(run.exitCode).toBe(exitCode);
  });

  test('warn lets findings pass and nothing else', async () => {
    const run = await local(project([{ mode: 'warn', manifests: 'nothing/*.yaml' }], {}), 'push');
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toMatch(/^pipewright-validate +\.pre +failed +2 /m);
    expect(run.stdout).toContain('MANIFEST_NONE_FOUND');
  });

  test('a merge request from a fork runs in the fork, and is judged the same', async () => {
    const cwd = project([{ mode: 'enforce' }], { 'agents/new.ossa.yaml': bad });
    const run = await local(cwd, 'merge-request', '--path=stranger/shop');
    expect(run.stdout).toContain('agents/new.ossa.yaml:25:17 error OSSA_ENUM');
    expect(run.exitCode).toBe(20);
  });

  test('a monorepo includes it twice, each with its own root and reports', async () => {
    const includes = ['back', 'front'].map((name) => ({ 'job-prefix': name, root: name, mode: 'enforce' }));
    const cwd = project(includes, { 'back/a.ossa.yaml': good, 'front/b.ossa.yaml': bad });
    const run = await local(cwd, 'push');
    expect(run.stdout).toMatch(/^back-validate +\.pre +success/m);
    expect(run.stdout).toMatch(/^front-validate +\.pre +failed/m);
    expect(JSON.parse(artifacts(cwd, 'back-validate', 'report.json')).files[0].path).toBe('back/a.ossa.yaml');
    expect(JSON.parse(artifacts(cwd, 'front-validate', 'report.json')).files[0].path).toBe(
      'front/b.ossa.yaml',
    );
  });

  test('its baseline keeps old debt from counting, and in a merge request that of the target counts', async () => {
    const old = {
      file: 'agents/new.ossa.yaml',
      code: 'OSSA_ENUM',
      path: 'spec.completion.signals[0].signal',
    };
    const message = 'spec.completion.signals[0].signal is "escalated"';
    const baseline = {
      format: 'pipewright/validate-baseline/v1',
      version: '1',
      findings: [{ ...old, message }],
    };
    const files = { 'agents/new.ossa.yaml': bad, 'the debt.json': JSON.stringify(baseline) };
    const cwd = project([{ mode: 'enforce', baseline: 'the debt.json' }], files);
    const push = await local(cwd, 'push');
    expect(push.exitCode).toBe(0);
    const { gate } = JSON.parse(artifacts(cwd, 'pipewright-validate', 'report.json'));
    expect(gate.baseline).toMatchObject({ file: 'the debt.json', errors: 1, gone: 0 });
    const request = await local(cwd, 'merge-request');
    expect(request.stdout).toContain('the debt.json is not in the commit that the merge request begins at');
    expect(request.exitCode).toBe(20);
  });

  test('two includes of one prefix are reported', async () => {
    const run = await local(project([{ root: 'a' }, { root: 'b' }], {}), 'push', '--dry-run');
    expect(run.stderr).toContain('RENDER_JOB_DEFINED_TWICE');
    expect(run.stderr).toContain('job-prefix');
  });
});

describe('which pipelines it is part of', () => {
  const always = job;
  test.each([
    [{}, { push: true, 'merge-request': true, schedule: true }],
    [{ stage: '.post' }, { push: true, 'merge-request': true }],
    [{ stage: 'test' }, { push: true, 'merge-request': false }],
    [{ pipelines: 'merge-request' }, { push: false, 'merge-request': true }],
    [{ pipelines: 'branch' }, { push: true, 'merge-request': false }],
  ])('%j', async (inputs, expected) => {
    const cwd = project([inputs], {}, always);
    for (const [event, present] of Object.entries(expected)) {
      const { stdout } = await local(cwd, event);
      expect(/^pipewright-validate +\S+ +success/m.test(stdout), `${event}: ${stdout}`).toBe(present);
    }
  });

  test('alone in .pre it creates no pipeline', async () => {
    const branchOnly = "work: {stage: test, script: [echo], rules: [{if: '$CI_COMMIT_BRANCH'}]}\n";
    const run = await local(project([{}], {}, branchOnly), 'merge-request');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).not.toContain('pipewright-validate ');
  });
});

describe('inputs that GitLab refuses before anything runs', () => {
  test.each([
    [{ image: undefined }, '`image` input: required value has not been provided'],
    [{ typo: 1 }, 'unknown input arguments: typo'],
    [{ strict: 'maybe' }, '`strict` input: provided value is not a boolean'],
    [
      { mode: 'strict' },
      '`mode` input: `strict` cannot be used because it is not in the list of allowed options',
    ],
    [{ image: '$CI_REGISTRY_IMAGE' }, '`image` input: provided value does not match required RegEx pattern'],
    [
      { pipewright: 'sh -c evil' },
      '`pipewright` input: provided value does not match required RegEx pattern',
    ],
    [{ 'job-prefix': 'A b' }, '`job-prefix` input: provided value does not match required RegEx pattern'],
    [
      { baseline: "x'\n  before_script: [evil]" },
      '`baseline` input: provided value does not match required RegEx pattern',
    ],
    [{ features: 'some' }, '`features` input: provided value is not a boolean'],
    [
      { manifests: "x'\n  before_script: [evil]" },
      '`manifests` input: provided value does not match required RegEx pattern',
    ],
  ])('%j', async (inputs, message) => {
    const run = await local(project([inputs], {}), 'push', '--dry-run');
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain(message);
  });
});

describe('what a job’s surroundings cannot do', () => {
  test('a variable does not open the gate', async () => {
    const cwd = project([{ mode: 'enforce' }], { 'agents/new.ossa.yaml': bad });
    const variables = {
      ...{ PIPEWRIGHT_MODE: 'observe', PIPEWRIGHT_MANIFESTS: 'agents/old*', PIPEWRIGHT_ROOT: 'docs' },
      ...{ PIPEWRIGHT_BASELINE: 'debt.json', PIPEWRIGHT_UPDATE_BASELINE: 'true' },
    };
    const given = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`]);
    const run = await local(cwd, 'push', ...given);
    expect(run.exitCode).toBe(20);
    expect(run.stdout).toContain('INPUT_NOT_FROM_ENV');
    for (const name of Object.keys(variables)) expect(run.stdout).toContain(name);
  });

  test('free text is neither expanded nor run', async () => {
    const manifests = '$CI_PROJECT_PATH/*.yaml $(touch$IFS./planted)* `touch$IFS./planted`*';
    const cwd = project([{ mode: 'enforce', manifests }], {});
    const run = await local(cwd, 'push');
    expect(run.stdout).toContain(`no manifest matches ${manifests} in .`);
    expect(globSync('**/planted', { cwd })).toEqual([]);
  });

  test('a planted pipewright and a planted .npmrc are not used', async () => {
    const evil = '#!/bin/sh\ntouch planted\nexit 0\n';
    const cwd = project([{ mode: 'enforce' }], {
      'agents/new.ossa.yaml': bad,
      '.npmrc': 'registry=http://127.0.0.1:9/\nscript-shell=./evil\nnode-options=--require ./evil.cjs\n',
      'node_modules/pipewright/package.json': '{"name":"pipewright","bin":"main.js"}',
      'node_modules/pipewright/main.js': evil,
      'node_modules/.bin/pipewright': evil,
      pipewright: evil,
    });
    const run = await local(cwd, 'push');
    expect(run.stdout).toContain('agents/new.ossa.yaml:25:17 error OSSA_ENUM');
    expect(existsSync(join(cwd, 'planted'))).toBe(false);
  });
});

test('without tags the job keeps the project’s own, with tags it takes them', async () => {
  const flat = async (inputs: Record<string, unknown>) =>
    (await local(project([inputs], {}), 'push', '--dry-run')).stdout;
  expect(await flat({})).not.toMatch(/tags: \[\]/);
  expect(await flat({ tags: ['docker', 'eu'] })).toMatch(/tags:\s+(- docker\s+- eu|\[docker, eu\])/);
});

test('the SAST report is handed to GitLab where that is asked for', async () => {
  const flat = async (inputs: Record<string, unknown>) =>
    (await local(project([inputs], {}), 'push', '--dry-run')).stdout;
  const hidden =
    /\.pipewright-validate-sast-true:\s+artifacts:\s+reports:\s+sast:\s+- .pipewright\/validate\/pipewright\/gl-sast-report.json/;
  const [usual, asked] = [await flat({}), await flat({ sast: true })];
  expect(usual).toMatch(/- "?\.pipewright-validate-sast-false/);
  expect(usual).not.toMatch(/- "?\.pipewright-validate-sast-true/);
  expect(asked).toMatch(hidden);
  expect(asked).toMatch(/- "?\.pipewright-validate-sast-true/);
});
