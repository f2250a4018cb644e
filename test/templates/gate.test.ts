import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { argumentsOf, createStory } from '../consumer/story.ts';
import { git } from '../support/workspace.ts';

const open = 'open price~1:price into main as alice';

describe('what a project on Free gets that includes it', () => {
  test('with the token of a trigger it hands off, and the note is there when its pipelines have ended', async () => {
    const { tell, log } = createStory();
    const run = await tell(open, 'notes');
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.stdout).toMatch(/^pipewright-gate +\.post +success/m);
    expect(log('1-*', 'pipewright-gate')).toMatch(/^handed off to acme\/agents: pipeline 2 decides$/m);
    expect(run.stdout).toMatch(/^ {2}pipewright:\n {4}### review$/m);
  });

  test('without any token it advises, and says who will find the merge request', async () => {
    const { tell, log } = createStory(({ projects }) => {
      delete projects['acme/shop']?.variables;
    });
    const run = await tell(open, 'notes');
    expect(run.exitCode, run.stdout).toBe(0);
    const said = log('1-*', 'pipewright-gate');
    expect(said).toMatch(/note "review": would be allowed/);
    expect(said).toMatch(/not handed off: PIPEWRIGHT_TRIGGER_TOKEN is not set here/);
    expect(said).toMatch(/the schedule of acme\/agents will find this merge request/);
    expect(run.stdout).toMatch(/no notes/);
  });

  test('where the trusted project refuses the token it says so, and its job is green', async () => {
    const { tell, log } = createStory(({ projects }) => {
      Object.assign(projects['acme/agents'] ?? {}, { members: {} });
    });
    const run = await tell(open);
    expect(run.stdout).toMatch(/^pipewright-gate +\.post +success/m);
    expect(log('1-*', 'pipewright-gate')).toMatch(
      /not handed off: .*\n?.*the schedule of acme\/agents will find/,
    );
  });
});

test('a fork has no token; the schedule of the trusted project writes its note once, and its issue once it is approved', {
  timeout: 90_000,
}, async () => {
  const { shop, tell, log } = createStory(({ projects }) => {
    Object.assign(projects['acme/shop'] ?? {}, { visibility: 'public' });
    Object.assign(projects['acme/agents'] ?? {}, {
      schedules: { sweep: { cron: '23 * * * *', owner: 'pipewright-starter' } },
    });
    projects['mallory/shop'] = { fork_of: 'acme/shop', members: { mallory: 'owner' }, visibility: 'public' };
  });
  // A fork's artifacts are read by who is no member of it.
  const file = join(shop, '.gitlab-ci.yml');
  const agent = '      agent: agents/reviewer/agent.ossa.yaml\n';
  writeFileSync(file, readFileSync(file, 'utf8').replace(agent, `${agent}      access: all\n`));
  git(shop, 'commit', '--quiet', '--all', '--message', 'access');
  git(shop, 'rebase', '--quiet', 'main', 'price');
  git(shop, 'switch', '--quiet', 'main');
  const inFork = 'open price~1:price into main as mallory in mallory/shop';
  const sweep = 'schedule sweep in acme/agents';
  const run = await tell(inFork, 'notes', sweep, 'notes', 'approve as alice', sweep, sweep);
  expect(run.exitCode, run.stdout + log('2-*', 'pipewright-apply')).toBe(0);
  expect(log('1-*', 'pipewright-gate')).toMatch(/pipelines of forks never have it/);
  const [before = '', after = ''] = run.stdout.split('\nnotes\n').slice(1);
  expect(before).toMatch(/no notes/);
  expect(after).toMatch(/pipewright:\n {4}### review/);
  expect(log('2-*', 'pipewright-apply')).toMatch(/merge request 1, pipeline 1\n[\s\S]*created/);
  expect(log('2-*', 'pipewright-apply')).toMatch(/issue .*: DENIED\n +default\/fork-unapproved/);
  // A denial may be another one after an approval, so it is decided again, and what is done stays.
  expect(log('3-*', 'pipewright-apply')).toMatch(/note "review": allowed\n.*\n +unchanged/);
  expect(log('3-*', 'pipewright-apply')).toMatch(/issue .*: allowed\n.*\n +created/);
  // What is settled is left to people: it is not decided another time.
  expect(log('4-*', 'pipewright-apply')).toMatch(/merge request 1, pipeline 1: settled\n/);
  expect(log('4-*', 'pipewright-apply')).not.toMatch(/decision:/);
});

describe('on a runner without user namespaces', () => {
  const without = ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"', 'sh'];
  const can = spawnSync('unshare', [...without, 'true']).status === 0;

  test.skipIf(!can)(
    `all of it works, since no program of the repository is started${can ? '' : ' (skipped: unshare -Ur is not allowed here)'}`,
    () => {
      const story = createStory();
      const command = [...without, process.execPath, resolve('scripts/main.ts')];
      const run = spawnSync('unshare', [...command, ...argumentsOf(story, [open, 'notes'])], {
        ...{ cwd: story.shop, encoding: 'utf8' },
      });
      expect(run.status, run.stdout + run.stderr).toBe(0);
      expect(story.log('1-*', 'pipewright-run')).toMatch(/^sandbox: none \(/m);
      expect(story.log('2-*', 'pipewright-apply')).toMatch(/^decision: allowed$/m);
      expect(run.stdout).toMatch(/### review/);
    },
  );
});
