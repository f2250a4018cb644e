import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ProtectedBranch } from '../../components/gitlab/endpoints/branches.ts';
import { checkCommits } from '../../components/setup/check-commits.ts';
import { checkHandOff } from '../../components/setup/check-hand-off.ts';
import type { CommitFacts, CommitPlace, ForkPlace } from '../../components/setup/commit-facts.ts';
import { parseConfiguration } from '../../components/setup/configuration.ts';
import type { CheckLine, Known } from '../../components/setup/types.ts';
import { renderLines } from '../../components/setup/words.ts';
import { findUser } from '../../components/twin/world/world.ts';
import { check, notRight, startTrusted, trusted, trustedFiles } from './trusted-setup.ts';

const forker = { id: 7, username: 'forker' };
const acting = { id: 5, username: 'bot' };
const known = <T>(value: T): Known<T> => ({ known: true, value });
const hidden: Known<never> = { known: false, reason: 'not told' };

const project = { id: 1, visibility: 'internal', forkedFromProject: undefined };
const asProject = (change: object) => known({ ...project, ...change }) as CommitPlace['project'];
const rule = (name: string, push: number): ProtectedBranch => ({
  ...{ name, allowForcePush: false, mergeAccessLevels: [], codeOwnerApprovalRequired: undefined },
  pushAccessLevels: [{ accessLevel: push, userId: undefined }],
});
const member = (accessLevel: number, state = 'active') => known({ ...forker, accessLevel, state });
const token = { protected: true, masked: true, environmentScope: '*' };
const own = {
  members: known([]),
  variables: known([{ ...token, key: 'PIPEWRIGHT_FORK_TOKEN' }]),
} as unknown as Parameters<typeof checkCommits>[0];

const shop: CommitPlace = {
  ...{ path: 'acme/shop', project: asProject({}) },
  ...{ rules: known([rule('main', 40)]), member: known(undefined) },
};
const fork: ForkPlace = {
  ...{ path: 'bots/shop', project: asProject({ id: 9, forkedFromProject: { id: 1 } }) },
  ...{ rules: known([rule('main', 40)]), member: member(30) as ForkPlace['member'] },
  ...{ variables: known([]), runners: known([]) },
};
const inForks: CommitFacts = {
  ...{ ways: { modes: ['fork'], forks: ['bots/shop'] }, account: { username: 'forker', user: forker } },
  ...{ served: [shop], isAll: true, forks: [fork] },
};
const byClick: CommitFacts = {
  ...{ ways: { modes: ['click'], forks: [] }, account: { username: undefined, user: undefined } },
  ...{ served: [shop], isAll: true, forks: [] },
};

const said = (lines: readonly CheckLine[]) => renderLines(lines).filter((line) => !line.startsWith('  '));
const wrongs = (facts: CommitFacts, ofTrusted = own) =>
  said(checkCommits(ofTrusted, facts, acting)).filter((line) => !line.startsWith('ok'));
const ofShop = (change: Partial<CommitPlace>) => ({ ...inForks, served: [{ ...shop, ...change }] });
const ofFork = (change: Partial<ForkPlace>) => ({ ...inForks, forks: [{ ...fork, ...change }] });
const runner = (change: object) =>
  known([{ id: 3, runnerType: 'project_type', paused: false, projects: [{ id: 9 }], ...change }]) as never;

test('without commits nothing is said of them, and what is right is said', () => {
  expect(said(checkCommits(own, { ...byClick, ways: { modes: [], forks: [] } }, acting))).toEqual([]);
  expect(said(checkCommits(own, byClick, acting))).toEqual([
    'ok      commits: click: a person starts pipewright-commit-apply',
    'ok      acme/shop: branches of commits: pipewright/* is not protected',
  ]);
  expect(said(checkCommits(own, inForks, acting))).toEqual([
    'ok      commits: fork: they are pushed to forks',
    'ok      PIPEWRIGHT_FORK_TOKEN: a protected and masked variable',
    'ok      account of the forks: forker',
    'ok      acme/shop: bot fork: bots/shop',
    'ok      acme/shop: account of the forks: forker: no member',
    'ok      fork bots/shop: variables: none; those of groups are not looked at',
    'ok      fork bots/shop: runners: none, so nothing of it runs',
    'ok      fork bots/shop: branches of commits: developers may push to pipewright/*',
    'ok      fork bots/shop: account of the forks: forker: a developer',
  ]);
});

describe('each by itself is told', () => {
  const branches = (rules: CommitPlace['rules']) => ({ ...byClick, served: [{ ...shop, rules }] });
  const nobody = { username: 'ghost', user: undefined };
  test.each<[string, CommitFacts, RegExp]>([
    [
      'another word',
      { ...inForks, ways: { modes: ['$WAY'], forks: [] } },
      /^unknown commits: .* says \$WAY$/,
    ],
    [
      'a wildcard',
      branches(known([rule('*', 40)])),
      /^WRONG {3}acme\/shop: branches of commits: .*, got \*$/,
    ],
    ['one agent', branches(known([rule('pipewright/a/*', 30)])), /^WRONG .*, got pipewright\/a\/\*$/],
    ['rules that are not told', branches(hidden), /^unknown acme\/shop: branches of commits: not told$/],
    [
      'no name',
      { ...inForks, account: byClick.account },
      /^unknown account of the forks: its token is not read, so it must be named$/,
    ],
    [
      'nobody',
      { ...inForks, account: nobody },
      /^WRONG .*account of the forks: .*, got nobody is called ghost$/,
    ],
    [
      'the account that acts',
      { ...inForks, account: { username: 'bot', user: acting } },
      /^WRONG {3}account of the forks: .*, got bot, the one that acts$/,
    ],
    ['a developer', ofShop({ member: member(30) as never }), /^WRONG {3}acme\/shop: .*, got a developer$/],
    [
      'who sees no private project',
      ofShop({ project: asProject({ visibility: 'private' }) }),
      /^WRONG {3}acme\/shop: account of the forks: expected forker as a reporter, got no member$/,
    ],
    ['a guest of the fork', ofFork({ member: member(10) as never }), /^WRONG {3}fork .*, got a guest$/],
    [
      'who is blocked',
      ofFork({ member: member(30, 'blocked') as never }),
      /^WRONG {3}fork bots\/shop: account of the forks: .*, got a member who is blocked$/,
    ],
    [
      'a variable',
      ofFork({ variables: known([{ ...token, key: 'DEPLOY_KEY' }]) as never }),
      /^WRONG {3}fork bots\/shop: variables: expected none, .*, got DEPLOY_KEY$/,
    ],
    [
      'a runner of the instance',
      ofFork({ runners: runner({ runnerType: 'instance_type' }) }),
      /^WRONG {3}fork bots\/shop: runners: .*, got 3 is of the instance$/,
    ],
    [
      'a runner of two',
      ofFork({ runners: runner({ projects: [{ id: 1 }, { id: 9 }] }) }),
      /^WRONG .*, got 3 serves other projects$/,
    ],
    [
      'closed branches',
      ofFork({ rules: known([rule('*', 40), rule('pipewright/*', 30)]) }),
      /^WRONG {3}fork bots\/shop: branches of commits: .*, got \*$/,
    ],
  ])('%s', (_, facts, line) => {
    const lines = wrongs(facts);
    expect(lines.filter((one) => line.test(one))).toHaveLength(1);
    expect(lines).toHaveLength(1);
  });

  test('a member of the trusted project, and its token where every branch sees it', () => {
    const open = known([{ ...token, key: 'PIPEWRIGHT_FORK_TOKEN', protected: false }]);
    const members = known([{ ...forker, accessLevel: 20, state: 'active' }]);
    expect(wrongs(inForks, { members, variables: open } as never)).toEqual([
      expect.stringMatching(/^WRONG {3}PIPEWRIGHT_FORK_TOKEN: .*, got it is not protected$/),
      expect.stringMatching(/^WRONG {3}account of the forks: .*, got forker is a member of it$/),
    ]);
  });

  test('no fork, one of something else, and one that is not seen', () => {
    const bot = 'WRONG   acme/shop: bot fork: expected a fork of it that commits are pushed to, got ';
    expect(wrongs({ ...inForks, forks: [] })).toEqual([`${bot}none`]);
    const other = ofFork({ project: asProject({ id: 9, forkedFromProject: { id: 2 } }) });
    const stray = 'WRONG   fork bots/shop: expected a fork of a served project, got none';
    expect(wrongs(other)).toEqual([`${bot}none among bots/shop`, stray]);
    // Another project's, which was not asked about.
    expect(wrongs({ ...other, forks: [fork, ...other.forks], isAll: false })).toEqual([]);
    expect(wrongs(ofFork({ project: hidden }))).toEqual([
      'unknown acme/shop: bot fork: bots/shop cannot be seen',
      'unknown fork bots/shop: not told',
    ]);
  });

  test('what is paused takes no job, and a runner of the fork alone is its own', () => {
    expect(wrongs(ofFork({ runners: runner({ runnerType: 'instance_type', paused: true }) }))).toEqual([]);
    expect(wrongs(ofFork({ runners: runner({}) }))).toEqual([]);
  });
});

describe('hand-offs', () => {
  const read = (change: Parameters<typeof trustedFiles>[0]) => {
    const parsed = parseConfiguration(trustedFiles(change)['.gitlab-ci.yml'] ?? '');
    return parsed.ok ? parsed.configuration : undefined;
  };
  const agent = 'agents/ci-doctor/agent.ossa.yaml';
  const judged = (change: Parameters<typeof trustedFiles>[0], ...gates: readonly [boolean, boolean][]) =>
    said(
      checkHandOff(known(gates.map(([always, afterFailures]) => ({ always, afterFailures }))), read(change)),
    );

  test('matter where sessions run, and after failures where these are explained', () => {
    expect(judged({}, [false, false])).toEqual([]);
    expect(checkHandOff(undefined, read({ agent }))).toEqual([]);
    const few = [expect.stringMatching(/^note {4}hand-off: only of pipelines that propose something/)];
    expect(judged({ agent }, [false, true])).toEqual(few);
    expect(judged({ agent })).toEqual(few);
    expect(judged({ agent }, [true, false])).toEqual([
      'ok      hand-off: of every pipeline of a merge request',
    ]);
    const playbook = 'agents/ci-doctor/playbook.yaml';
    expect(judged({ agent, playbook }, [true, false])).toEqual([
      expect.stringMatching(/^note {4}hand-off: only where no job before gate has failed/),
    ]);
    expect(judged({ agent, playbook }, [true, true])[0]).toMatch(/^ok .*, after failures too$/);
  });
});

// One twin for all of them, which a single test owns.
test('on GitLab: commits in a fork, by a click, and a playbook', { timeout: 120_000 }, async () => {
  const commits = { commits: 'fork', forks: ['forker/shop'] } as const;
  const { twin, shop } = await startTrusted({}, trustedFiles(commits));
  const args = ['--account=bot', '--fork-account=forker'];
  const own = twin.project(trusted);
  const [signing] = own.variables;
  if (signing === undefined) throw new Error('there is no variable');
  own.variables.push({ ...signing, key: 'PIPEWRIGHT_FORK_TOKEN', value: twin.tokenOf('forker') });
  const before = await check(twin, { args });
  expect(notRight(before)).toEqual([
    expect.stringMatching(/^unknown acme\/shop: bot fork: forker\/shop cannot be seen$/),
    expect.stringMatching(/^WRONG .*account of the forks: expected forker as a reporter, got no member$/),
    expect.stringMatching(/^unknown fork forker\/shop: .*does not exist, or the .* cannot see it/),
  ]);
  shop.members.set(findUser(twin.world, 'forker')?.id ?? 0, 20);
  await twin.api('POST', '/projects/acme%2Fshop/fork', { as: 'forker', json: {} });
  const bots = twin.project('forker/shop');
  bots.members.set(findUser(twin.world, 'mia')?.id ?? 0, 40);
  Object.assign(bots.settings, { shared_runners_enabled: false });
  const right = await check(twin, { args });
  expect(notRight(right), right.stdout).toEqual([]);
  expect(right.stdout).toMatch(/^ok {6}acme\/shop: bot fork: forker\/shop$/m);
  expect(right.stdout).toMatch(/^ok {6}fork forker\/shop: account of the forks: forker: an owner$/m);

  const write = (change: Parameters<typeof trustedFiles>[0], more = {}) =>
    twin.push(trusted, 'main', { '.gitlab-ci.yml': trustedFiles(change)['.gitlab-ci.yml'] ?? '', ...more });
  const playbook = 'tables/causes.yaml';
  await write({ commits: 'click', agent: 'agents/ci-doctor/agent.ossa.yaml', playbook });
  const note = expect.stringMatching(/^note {4}PIPEWRIGHT_SESSION_KEY/);
  expect(notRight(await check(twin))).toEqual([
    note,
    expect.stringMatching(/^WRONG {3}playbook: expected .* at tables\/causes\.yaml on the .*, got none$/),
  ]);
  await twin.push(trusted, 'main', { [playbook]: 'errors: x\ncauses: 7\n' });
  expect(notRight(await check(twin))[1]).toMatch(
    /^WRONG {3}playbook: .*, got tables\/causes\.yaml:\d+:\d+: /,
  );
  await twin.push(trusted, 'main', { [playbook]: readFileSync('agents/ci-doctor/playbook.yaml', 'utf8') });
  const played = await check(twin);
  expect(notRight(played)).toEqual([note]);
  expect(played.stdout).toMatch(/^ok {6}playbook: tables\/causes\.yaml$/m);
  expect(played.stdout).toMatch(/^ok {6}acme\/shop: branches of commits: pipewright\/\* is not protected$/m);
});
