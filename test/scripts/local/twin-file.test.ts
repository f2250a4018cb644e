import { expect, test } from 'vitest';
import { command } from '../../../scripts/local.ts';
import { type CliRun, pipewright } from '../../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../../support/workspace.ts';

const commands = { local: { summary: command.summary, load: async () => command } };

function local(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return pipewright(['local', ...args], { cwd, commands, env });
}

/** A table of jobs without its times. */
const withoutTimes = ({ stdout }: CliRun) => stdout.replace(/ +\d+\.\d\d$/gm, '');

const twinFile = `
tier: premium
users:
  alice: {role: developer}
  bot: {kind: service_account, role: reporter, scopes: [read_api]}
projects:
  acme/shop:
    folder: shop
    variables:
      BOT_TOKEN: {token_of: bot, masked: true}
      HOST: {from_env: HOST_VALUE}
      PLAIN: text
  acme/lib:
    folder: lib
    members: {alice: maintainer}
    schedules: {nightly: {cron: '0 2 * * *', owner: alice, variables: {WHAT: all}}}
steps:
  - push feature as alice
  - schedule nightly in acme/lib
`;

const who = `const headers = { 'private-token': process.env.BOT_TOKEN };
const { username } = await (await fetch(process.env.CI_API_V4_URL + '/user', { headers })).json();
process.exit(username === 'bot' ? 0 : 9);
`;

/** A folder with a twin file beside two repositories: a shop with a branch, and a library. */
function makeTwin(file = twinFile): { folder: string; shop: string } {
  const shopCi = `
show:
  script:
    - test "$GITLAB_USER_LOGIN $HOST $PLAIN" = 'alice from the host text'
    - node who.mjs
    - echo "token $BOT_TOKEN"
`;
  const libCi = `nightly:\n  script: ['echo "$CI_PROJECT_PATH $CI_PIPELINE_SOURCE $WHAT of $GITLAB_USER_LOGIN"; exit 4']\n`;
  const folder = workspace({
    'twin.yaml': file,
    'shop/.gitlab-ci.yml': shopCi,
    'shop/who.mjs': who,
    'lib/.gitlab-ci.yml': libCi,
  });
  const shop = `${folder}/shop`;
  for (const each of ['shop', 'lib']) commitAll(`${folder}/${each}`);
  git(shop, 'branch', 'feature');
  return { folder, shop };
}

test('a twin file has projects, people, variables and what happens', async () => {
  const { shop } = makeTwin();
  const run = await local(shop, ['--twin=../twin.yaml'], { HOST_VALUE: 'from the host' });
  expect(withoutTimes(run)).toContain(
    [
      'push feature as alice',
      '',
      'acme/shop pipeline 1 of feature (push)',
      'job   stage  result   exit  seconds',
      'show  test   success  0',
    ].join('\n'),
  );
  expect(withoutTimes(run)).toContain(
    [
      'schedule nightly in acme/lib',
      '',
      'acme/lib pipeline 2 of main (schedule)',
      'job      stage  result  exit  seconds',
      'nightly  test   failed  4',
      '',
      'nightly ended with:',
      '  $ echo "$CI_PROJECT_PATH $CI_PIPELINE_SOURCE $WHAT of $GITLAB_USER_LOGIN"; exit 4',
      '  acme/lib schedule all of alice',
    ].join('\n'),
  );
  expect(run).toMatchObject({ exitCode: 20, stderr: '' });
  expect(run.stdout).not.toContain('glpat-');
});

test('steps of the command line take the place of those of the file, and an event does as well', async () => {
  const { shop } = makeTwin();
  const env = { HOST_VALUE: 'x' };
  const steps = await local(shop, ['--twin=../twin.yaml', '--step=run main', '--step=retry show'], env);
  expect(steps.stdout).toContain('acme/shop pipeline 1 of main (web)\n');
  expect(steps.stdout).toMatch(/^show +test +failed: 2 attempts +1 /m);
  expect(steps.stdout).not.toContain('nightly');
  const event = await local(shop, ['--twin=../twin.yaml', '--event=push'], env);
  expect(event.stdout).not.toContain('nightly');
  const both = await local(shop, ['--event=push', '--step=run']);
  expect(both).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('code: TWIN_FORM') });
});

test('a folder of the command line wins over that of the file, and its settings stay', async () => {
  const file = twinFile.replace('    folder: lib\n', '    folder: shop\n    visibility: private\n');
  const { folder, shop } = makeTwin(file);
  const run = await local(
    shop,
    ['--twin=../twin.yaml', `--project=acme/lib=${folder}/lib`, '--step=schedule nightly in acme/lib'],
    { HOST_VALUE: 'x' },
  );
  expect(run.stdout).toMatch(/^nightly +test +failed +4 /m);
});

test('every mistake of a twin file is a finding, and nothing happens', async () => {
  const { shop } = makeTwin();
  writeFiles(shop, {
    'twin.yaml':
      'projects:\n  acme/shop:\n    folder: .\n    members: {eve: guest}\n    variables: {A: {from_env: NOT_SET}}\n',
  });
  const run = await local(shop, []);
  expect(run).toMatchObject({ exitCode: 20, stderr: '' });
  expect(run.stdout).toMatch(/^twin\.yaml:4:15 error TWIN_SETUP$/m);
  expect(run.stdout).toMatch(/^twin\.yaml:5:\d+ error TWIN_SETUP$/m);
  expect(run.stdout).not.toContain('pipeline');
  const missing = await local(shop, ['--twin=none.yaml']);
  expect(missing).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('code: FILE_NOT_FOUND') });
});

test('a dry run of steps shows each configuration once, and runs nothing', async () => {
  const { shop } = makeTwin();
  const args = ['--twin=../twin.yaml', '--dry-run', '--step=push feature', '--step=run main'];
  const run = await local(shop, args, { HOST_VALUE: 'x' });
  expect(run.exitCode).toBe(0);
  expect(run.stdout.match(/^show:$/gm)).toHaveLength(1);
  expect(run.stdout).not.toContain('success');
});

test.each([
  [['--step=pusj main'], 'TWIN_STEP'],
  [['--step=push nowhere'], 'TWIN_STEP_IMPOSSIBLE'],
  [['--step=play nothing'], 'TWIN_NO_JOB'],
  [['--step=open feature into nowhere'], 'TWIN_NO_TARGET'],
])('%j is misuse', async (args, code) => {
  const { shop } = makeTwin();
  const run = await local(shop, args);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`code: ${code}`);
});
