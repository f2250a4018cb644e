import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { image, readAt, trustedFiles } from '../../setup/trusted-setup.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const init = (args: readonly string[], cwd = workspace()) =>
  pipewright(['init', 'trusted-project', ...args], { cwd });
const usual = [`--image=${image}`, '--serves=acme/shop', '--version=main'];

test('the files are written, and what is left to do is said', async () => {
  const cwd = workspace();
  const run = await init(usual, cwd);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(run.stdout).toMatch(/^written \.gitlab-ci\.yml\nwritten README\.md\nwritten policies\/certified/);
  for (const [path, text] of Object.entries(trustedFiles())) expect(readAt(cwd, path), path).toBe(text);
  for (const words of [
    ...['Protected branches', 'No one allowed', 'PIPEWRIGHT_GITLAB_TOKEN', 'openssl rand -base64 32'],
    ...['PIPEWRIGHT_TRIGGER_TOKEN', 'NOT protected', '--check', 'pipeline_schedules'],
  ])
    expect(run.stdout).toContain(words);
  const again = await init(usual, cwd);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toMatch(/^unchanged \.gitlab-ci\.yml\nunchanged README\.md\nunchanged policies/);
});

test('where something is in the way nothing is written, and all of it is named', async () => {
  const cwd = workspace({ 'README.md': '# Mine\n', '.gitlab-ci.yml': 'a: {}\n' });
  const run = await init(usual, cwd);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toMatch(/\.gitlab-ci\.yml has other content; README\.md has other content/);
  expect(run.stderr).toMatch(/code: SETUP_CONFLICT/);
  expect(readdirSync(cwd).sort()).toEqual(['.gitlab-ci.yml', 'README.md']);
  const beside = await init([...usual, '--into=trusted'], cwd);
  expect(beside.exitCode).toBe(0);
  expect(readAt(cwd, 'trusted/README.md')).toBe(trustedFiles()['README.md']);
});

test('what commits and a table of causes take is said, and the table of ci-doctor is written', async () => {
  const cwd = workspace();
  const agent = ['--agent=agents/ci-doctor/agent.ossa.yaml', '--playbook=agents/ci-doctor/playbook.yaml'];
  const forks = ['--commits=fork', '--bot-fork=bots/shop'];
  const run = await init([...usual, ...agent, ...forks], cwd);
  expect(run.exitCode, run.stderr).toBe(0);
  expect(readAt(cwd, agent[1]?.slice('--playbook='.length) ?? '')).toBe(
    readFileSync('agents/ci-doctor/playbook.yaml', 'utf8'),
  );
  for (const words of [
    ...[
      'written agents/ci-doctor/playbook.yaml',
      'PIPEWRIGHT_FORK_TOKEN',
      'developer in each fork (bots/shop)',
    ],
    ...['hand-off: always', 'when: always', '--fork-account='],
  ])
    expect(run.stdout).toContain(words);
  expect(readAt(cwd, 'README.md')).toMatch(/PIPEWRIGHT_FORK_TOKEN[\s\S]*`bots\/shop`[\s\S]*playbook\.yaml/);
  const own = workspace();
  const clicked = await init([...usual, ...agent.slice(0, 1), '--playbook=own.yaml', '--commits=click'], own);
  expect(clicked.stdout).toMatch(/none of these rules may match pipewright\/<agent>/);
  expect(clicked.stdout).not.toMatch(/PIPEWRIGHT_FORK_TOKEN|--fork-account/);
  // A table of somebody's own is for them to write.
  expect(readdirSync(own).sort()).toEqual(['.gitlab-ci.yml', 'README.md', 'policies']);
});

describe('mistakes', () => {
  const long = Array.from({ length: 200 }, (_, index) => `acme/project-${index}`).join(' ');
  test.each<[string, readonly string[], readonly RegExp[]]>([
    ['nothing is given', [], [/a trusted project needs --serves=.*, --image=/, /SETUP_INPUTS_MISSING/]],
    [
      'all at once',
      ['--serves=shop acme/$X', '--cassette=a.jsonl'],
      [/needs --image=.*, --agent=/, /no full paths of projects: "shop", "acme\/\$X"/, /SETUP_PATHS_INVALID/],
    ],
    [
      'too many projects',
      [...usual, `--serves=${long}`],
      [/GitLab gives an input at most 1024/, /SETUP_SERVES_TOO_LONG/],
    ],
    [
      'too many forks',
      [...usual, '--commits=fork', `--bot-fork=${long}`],
      [/the forks take \d+ characters/, /SETUP_FORKS_TOO_LONG/],
    ],
    [
      'forks that are not named',
      [...usual, '--commits=fork'],
      [/needs --bot-fork=.*, since --commits is fork/],
    ],
    ['forks without a way', [...usual, '--bot-fork=bots/shop'], [/needs --commits=fork, since --bot-fork/]],
    [
      'two that answer',
      [...usual, '--cassette=a.jsonl', '--playbook=a.yaml'],
      [/SETUP_ANSWERED_TWICE/, /--agent=<manifest>, since --playbook is given/],
    ],
    ['a quote in the image', [...usual.slice(1), '--image=a"\nevil: {}'], [/--image is/, /INPUT_INVALID/]],
    ['a variable in the image', [...usual.slice(1), '--image=$IMAGE'], [/INPUT_INVALID/]],
    ['an interpolation in the agent', [...usual, '--agent=$[[ inputs.x ]]'], [/--agent is/, /INPUT_INVALID/]],
    ['a quote in the cassette', [...usual, '--agent=a', "--cassette=a'"], [/--cassette is/, /INPUT_INVALID/]],
    ['a line in the version', [...usual.slice(0, 2), '--version=1\n- x'], [/--version is/, /INPUT_INVALID/]],
    ['a space in the catalog', [...usual, '--catalog=a/b c'], [/--catalog is/, /INPUT_INVALID/]],
  ])('%s', async (_, args, words) => {
    const cwd = workspace();
    const run = await init(args, cwd);
    expect(run.exitCode, run.stdout).toBe(2);
    for (const word of words) expect(run.stderr).toMatch(word);
    expect(readdirSync(cwd)).toEqual([]);
  });

  test.each([
    ['nothing', []],
    ['something else', ['project']],
    ['two', ['trusted-project', 'trusted-project']],
  ])('%s is to be set up', async (_, what) => {
    const run = await pipewright(['init', ...what, ...usual], { cwd: workspace() });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/what can be set up: trusted-project[\s\S]*SETUP_WHAT/);
  });

  test('a variable decides nothing', async () => {
    const env = { PIPEWRIGHT_IMAGE: 'evil.example.com/x' };
    const run = await pipewright(['init', 'trusted-project', ...usual], { cwd: workspace(), env });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/INPUT_NOT_FROM_ENV/);
  });
});

test('help says what there is', async () => {
  const run = await init(['--help']);
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(/--serves=<list>[\s\S]*--check[\s\S]*PIPEWRIGHT_SETUP_TOKEN/);
});
