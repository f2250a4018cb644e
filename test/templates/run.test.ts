import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createSandbox } from '../../components/sandbox/create.ts';
import { agentPath, agentYaml, record, repository, review, turn } from '../session/support.ts';
import { type CliRun, pipewright, testContext } from '../support/cli.ts';
import { git, writeFiles } from '../support/workspace.ts';

const { rung, reason } = await createSandbox(testContext('/')).state();

const taskPath = 'tasks/count.ossa.yaml';
const task = {
  [taskPath]:
    'apiVersion: ossa/v0.3.5\nkind: Task\nmetadata: {name: count, version: 1.0.0}\nspec:\n  execution: {type: deterministic, entrypoint: scripts/count.sh}\n',
  'scripts/count.sh': '#!/bin/sh\necho "{\\"files\\": $(ls src | wc -l)}"\n',
};

/** A project whose merge request changes a file, with the given includes of the component and a recorded agent. */
async function project(
  includes: readonly Record<string, unknown>[],
  turns = review,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const include = includes.map((inputs) => ({
    component: '$CI_SERVER_FQDN/pipewright/pipewright/run@main',
    inputs: {
      image: 'registry.example.com/pipewright:1',
      agent: agentPath,
      cassette: 'turns.jsonl',
      ...inputs,
    },
  }));
  const yaml = `stages: [test]\ninclude: ${JSON.stringify(include)}\nwork: {stage: test, script: [echo], rules: [{when: always}]}\n`;
  const cwd = repository({ '.gitlab-ci.yml': yaml, [agentPath]: agentYaml(), ...task, ...files });
  await record(cwd, turns);
  // The change of the merge request stays the same: the cassette is on main, like the agent.
  git(cwd, 'stash', '--quiet', '--include-untracked');
  git(cwd, 'switch', '--quiet', 'main');
  git(cwd, 'stash', 'pop', '--quiet');
  git(cwd, 'add', '--all');
  git(cwd, 'commit', '--quiet', '--message', 'cassette');
  git(cwd, 'switch', '--quiet', 'feature');
  git(cwd, 'rebase', '--quiet', 'main');
  git(cwd, 'remote', 'add', 'origin', 'https://gitlab.example.com/acme/shop.git');
  return cwd;
}

const eventArguments = (event: string) => ['local', `--event=${event}`, '--target-branch=main'];

function local(cwd: string, event: string, ...args: string[]): Promise<CliRun> {
  return pipewright([...eventArguments(event), ...args], { cwd });
}

function artifact(cwd: string, name: string, job = 'pipewright-run') {
  const [file] = globSync(`.pipewright/local/*/artifacts/${job}/.pipewright/run/*/${name}.json`, { cwd });
  expect(file, `${name} among the artifacts of ${job}`).toBeDefined();
  return JSON.parse(readFileSync(join(cwd, file ?? ''), 'utf8'));
}

describe('what a project on Free gets that includes it, without any token', () => {
  test('a merge request is read, and what is proposed lies among the artifacts', async () => {
    const cwd = await project([{}]);
    const run = await local(cwd, 'merge-request');
    expect(run.stdout).toMatch(/^pipewright-run +test +success/m);
    expect(run.exitCode, run.stdout).toBe(0);
    const head = git(cwd, 'rev-parse', 'feature');
    expect(artifact(cwd, 'result')).toMatchObject({
      ...{ outcome: 'complete', sources: ['merge-request-diff'] },
      target: { base: git(cwd, 'rev-parse', 'main'), head, mergeRequest: { iid: 1 } },
    });
    const proposals = artifact(cwd, 'proposals');
    expect(proposals.target).toMatchObject({ mergeRequest: 1, head });
    expect(proposals.proposals).toHaveLength(2);
    const sessions = globSync('.pipewright/local/*/artifacts/pipewright-run/.pipewright/sessions/*/*.log', {
      cwd,
    });
    expect(sessions).toHaveLength(1);
  });

  test('a merge request from a fork runs in the fork, and comes to the same', async () => {
    const cwd = await project([{}]);
    const run = await local(cwd, 'merge-request', '--path=stranger/shop');
    expect(run.stdout).toMatch(/^pipewright-run +test +success/m);
    expect(artifact(cwd, 'proposals').proposals).toHaveLength(2);
  });

  test.skipIf(rung === 'none')(`a task (${reason ?? 'in the sandbox'})`, async () => {
    const cwd = await project([{ agent: taskPath, 'job-prefix': 'count' }]);
    const run = await local(cwd, 'merge-request');
    expect(run.stdout, run.stdout).toMatch(/^count-run +test +success/m);
    expect(artifact(cwd, 'result', 'count-run')).toMatchObject({ outcome: 'complete', output: { files: 1 } });
  });

  test.skipIf(rung === 'none')(`an agent that is a program (${reason ?? 'in the sandbox'})`, async () => {
    const extensions =
      '{pipewright: {proposals: {note: {topics: [review]}, issue: {}}, loop: {entrypoint: agents/loop.mjs}}}';
    const program = readFileSync('test/consumer/loop/loop.mjs', 'utf8');
    const files = { [agentPath]: agentYaml({ extensions }), 'agents/loop.mjs': program };
    const cwd = await project([{}], review, files);
    const run = await local(cwd, 'merge-request');
    expect(run.stdout, run.stdout).toMatch(/^pipewright-run +test +success/m);
    expect(artifact(cwd, 'result')).toMatchObject({ outcome: 'complete', usage: { iterations: 3 } });
    expect(artifact(cwd, 'proposals').proposals).toHaveLength(2);
  });

  test('an agent’s own word makes the job orange and stops nothing; a mistake is red', async () => {
    const doubtful = [turn('', ['report', { confidence: 0.1, signal: 'escalate' }])];
    const yaml = agentYaml({ completion: 'signals: [{signal: escalate}]' });
    const cwd = repository({ [agentPath]: yaml });
    await record(cwd, doubtful);
    const cassette = readFileSync(join(cwd, 'turns.jsonl'), 'utf8');
    const orange = await project([{}]);
    writeFiles(orange, { [agentPath]: yaml, 'turns.jsonl': cassette });
    git(orange, 'commit', '--quiet', '--all', '--message', 'doubtful');
    const run = await local(orange, 'merge-request');
    expect(run.stdout).toMatch(/^pipewright-run +test +failed \(allowed\) +32/m);
    expect(run.exitCode).toBe(0);
    // Nor is what a session may cost anything about the merge.
    const poor = await project([{ budget: '0' }]);
    writeFiles(poor, { [agentPath]: agentYaml({ model: 'claude-haiku-4-5' }) });
    git(poor, 'commit', '--quiet', '--all', '--message', 'priced');
    expect((await local(poor, 'merge-request')).stdout).toMatch(
      /^pipewright-run +test +failed \(allowed\) +23/m,
    );
    const red = await local(await project([{ cassette: 'none.jsonl' }]), 'merge-request');
    expect(red.stdout).toMatch(/^pipewright-run +test +failed +2 /m);
    expect(red.exitCode).toBe(20);
  });
});

describe('on a runner without user namespaces', () => {
  const without = ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', 'sh'];
  const can = spawnSync('unshare', [...without, 'true']).status === 0;

  test.skipIf(!can)(
    `agents run, tasks say what to change${can ? '' : ' (skipped: unshare -Ur is not allowed here)'}`,
    async () => {
      const cwd = await project([{}, { agent: taskPath, 'job-prefix': 'count' }]);
      const main = resolve('scripts/main.ts');
      const run = spawnSync(
        'unshare',
        [...without, process.execPath, main, ...eventArguments('merge-request')],
        {
          cwd,
          encoding: 'utf8',
        },
      );
      expect(run.stdout).toMatch(/^pipewright-run +test +success/m);
      expect(run.stdout).toMatch(/^count-run +test +failed +3 /m);
      expect(run.stdout).toContain('SANDBOX_UNAVAILABLE');
      expect(run.stdout).toContain('user.max_user_namespaces');
      expect(artifact(cwd, 'result').rung).toBe('none');
    },
  );
});

describe('which pipelines it is part of', () => {
  test.each([
    [{}, { push: false, 'merge-request': true }],
    [{ pipelines: 'branch' }, { push: true, 'merge-request': false }],
    [
      { pipelines: 'auto', stage: '.post' },
      { push: true, 'merge-request': true },
    ],
  ])('%j', async (inputs, expected) => {
    const cwd = await project([inputs], [turn('Nothing to say.')]);
    for (const [event, present] of Object.entries(expected)) {
      const { stdout } = await local(cwd, event);
      expect(/^pipewright-run +\S+ +success/m.test(stdout), `${event}: ${stdout}`).toBe(present);
    }
  });
});

describe('inputs that GitLab refuses before anything runs', () => {
  test.each([
    [{ agent: undefined }, '`agent` input: required value has not been provided'],
    [{ agent: "x' --store=/ '" }, '`agent` input: provided value does not match required RegEx pattern'],
    [
      { session: 'x; touch planted' },
      '`session` input: provided value does not match required RegEx pattern',
    ],
    [
      { store: '/etc' },
      '`store` input: `/etc` cannot be used because it is not in the list of allowed options',
    ],
    [
      { 'allow-hosts': "a.example' --store=/ '" },
      '`allow-hosts` input: provided value does not match required RegEx pattern',
    ],
    [
      { 'allow-mcp': "a=https://a.example' --store=/ '" },
      '`allow-mcp` input: provided value does not match required RegEx pattern',
    ],
    [
      { 'store-folder': '/etc' },
      '`store-folder` input: provided value does not match required RegEx pattern',
    ],
    [{ cassette: 'a\nb' }, '`cassette` input: provided value does not match required RegEx pattern'],
  ])('%j', async (inputs, message) => {
    const run = await local(await project([inputs]), 'merge-request', '--dry-run');
    expect(run.exitCode).toBe(20);
    expect(run.stderr).toContain(message);
  });
});

test('a variable changes nothing of what runs, and free text is neither expanded nor run', async () => {
  const cwd = await project([{ agent: '$CI_PROJECT_PATH $(touch$IFS./planted) `touch$IFS./planted`' }]);
  const run = await local(cwd, 'merge-request');
  expect(run.stdout).toContain('FILE_NOT_FOUND');
  expect(globSync('**/planted', { cwd })).toEqual([]);
  const names = ['AGENT', 'CASSETTE', 'SESSION', 'STORE', 'INPUT', 'PROJECT', 'POLICIES'];
  const variables = names.flatMap((name) => ['--variable', `PIPEWRIGHT_${name}=x`]);
  const tried = await local(await project([{}]), 'merge-request', ...variables);
  expect(tried.exitCode).toBe(20);
  expect(tried.stdout.match(/INPUT_NOT_FROM_ENV/g)).toHaveLength(names.length);
});
