import type { Member } from '../gitlab/endpoints/members.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import {
  branchRules,
  type CommitFacts,
  type CommitPlace,
  type ForkAccount,
  type ForkPlace,
} from './commit-facts.ts';
import { few, ofKnown, ok, unknown, wrong } from './lines.ts';
import { letDevelopers, levels, roleName } from './protection.ts';
import { othersOn } from './runners.ts';
import type { CheckLine, Known } from './types.ts';

/** Its token pushes without anybody's click, so it is nobody anywhere but in the forks. */
export function checkForkAccount(
  { username, user }: ForkAccount,
  { acting, members }: { readonly acting: User | undefined; readonly members: Known<readonly Member[]> },
): CheckLine {
  const check = 'account of the forks';
  const name = 'Give --fork-account, the name of the account whose token PIPEWRIGHT_FORK_TOKEN is.';
  if (username === undefined) return unknown(check, 'its token is not read, so it must be named', name);
  if (user === undefined)
    return wrong(check, {
      expected: 'the name of a user',
      got: `nobody is called ${username}`,
      fix: name,
    });
  const expected = 'an account of its own, which is no member of the trusted project';
  const fix = 'Make a service account for the forks alone, and put its token into PIPEWRIGHT_FORK_TOKEN.';
  if (user.id === acting?.id)
    return wrong(check, { expected, got: `${user.username}, the one that acts`, fix });
  return ofKnown(check, { members }, (known) =>
    known.members.some(({ id }) => id === user.id)
      ? wrong(check, { expected, got: `${user.username} is a member of it`, fix })
      : ok(check, user.username),
  );
}

/** GitLab says what a project is a fork of, to whoever sees both. */
export function checkForkOf({ path, project }: CommitPlace, forks: readonly ForkPlace[]): CheckLine {
  const check = `${path}: bot fork`;
  return ofKnown(check, { project }, (known) => {
    const own = forks.find((fork) => isForkOf(fork, known.project.id));
    if (own !== undefined) return ok(check, own.path);
    const hidden = forks.find((fork) => !fork.project.known);
    const fix = `Fork ${path} as the account of the forks, and write the fork's full path to the input \`bot-fork\` of the component apply.`;
    if (hidden !== undefined) return unknown(check, `${hidden.path} cannot be seen`, fix);
    const got = forks.length === 0 ? 'none' : `none among ${few(forks.map((fork) => fork.path))}`;
    return wrong(check, { expected: 'a fork of it that commits are pushed to', got, fix });
  });
}

/**
 * Where whoever opens a merge request is a developer, GitLab can run the fork's pipeline in the target project, with its
 * variables. Who is no member of a private one cannot open any.
 */
export function checkPusher(
  { path, project, member }: CommitPlace,
  { user }: ForkAccount,
): readonly CheckLine[] {
  if (user === undefined) return [];
  const check = `${path}: account of the forks`;
  const { username } = user;
  return [
    ofKnown(check, { project, member }, (known) => {
      const level = known.member?.accessLevel ?? levels.nobody;
      const isPrivate = known.project.visibility === 'private';
      const expected = isPrivate ? `${username} as a reporter` : `${username} as a reporter or no member`;
      const fix = `Manage > Members of ${path}: ${isPrivate ? `${username} as reporter` : `take ${username} out`}, also where a group gives it a role. A developer's fork can run its pipelines here.`;
      const isRight = level < levels.developer && (!isPrivate || level >= levels.reporter);
      const got = roleName(level);
      return isRight ? ok(check, `${username}: ${got}`) : wrong(check, { expected, got, fix });
    }),
  ];
}

/** A fork that commits are pushed to: what its pipelines run is code of an agent that nobody has looked at. */
export function checkFork(
  fork: ForkPlace,
  { served, isAll, account }: Pick<CommitFacts, 'served' | 'isAll' | 'account'>,
): readonly CheckLine[] {
  const check = `fork ${fork.path}`;
  const { project } = fork;
  const isOne = served.some((one) => one.project.known && isForkOf(fork, one.project.value.id));
  if (!isOne && !isAll) return [];
  if (!project.known) {
    const fix = 'Check the path, and use a token of somebody who is a maintainer there too.';
    return [unknown(check, project.reason, fix)];
  }
  if (!isOne) {
    const fix =
      'Take it out of the input `bot-fork` of the component apply, or fork the project that is served.';
    return [wrong(check, { expected: 'a fork of a served project', got: 'none', fix })];
  }
  return [checkVariables(fork), checkRunners(fork), checkBranches(fork), ...checkMember(fork, account)];
}

function isForkOf({ project }: Pick<ForkPlace, 'project'>, served: number): boolean {
  return project.known && project.value.forkedFromProject?.id === served;
}

function checkVariables({ path, variables }: ForkPlace): CheckLine {
  const check = `fork ${path}: variables`;
  return ofKnown(check, { variables }, (known) => {
    if (known.variables.length === 0) return ok(check, 'none; those of groups are not looked at');
    return wrong(check, {
      expected: 'none, since its pipelines run what an agent has written',
      got: few(known.variables.map(({ key }) => key)),
      fix: `Settings > CI/CD > Variables of ${path}: remove them.`,
    });
  });
}

function checkRunners({ path, runners }: ForkPlace): CheckLine {
  const check = `fork ${path}: runners`;
  return ofKnown(check, { runners }, (known) => {
    const others = known.runners.filter((runner) => !runner.paused).flatMap(othersOn);
    if (others.length === 0)
      return ok(check, known.runners.length === 0 ? 'none, so nothing of it runs' : 'its own');
    return wrong(check, {
      expected: 'none that others use, since its pipelines run what an agent has written',
      got: few(others),
      fix: `Settings > CI/CD > Runners of ${path}: turn instance and group runners off; or PUT /projects/:id with shared_runners_enabled=false, group_runners_enabled=false.`,
    });
  });
}

function checkBranches({ path, rules }: ForkPlace): CheckLine {
  const check = `fork ${path}: branches of commits`;
  return ofKnown(check, { rules }, (known) => {
    const closed = branchRules(known.rules).filter((rule) => !letDevelopers([rule], 'push'));
    if (closed.length === 0) return ok(check, 'developers may push to pipewright/*');
    return wrong(check, {
      expected: 'no protected branch that pipewright/<agent>/<number> is one of',
      got: few(closed.map(({ name }) => name)),
      fix: `Settings > Repository > Protected branches of ${path}: a developer, which the account of the forks is, cannot push to it.`,
    });
  });
}

function checkMember({ path, member }: ForkPlace, { user }: ForkAccount): readonly CheckLine[] {
  if (user === undefined) return [];
  const check = `fork ${path}: account of the forks`;
  return [
    ofKnown(check, { member }, (known) => {
      const { accessLevel = levels.nobody, state = 'active' } = known.member ?? {};
      const got = state === 'active' ? roleName(accessLevel) : `a member who is ${state}`;
      if (state === 'active' && accessLevel >= levels.developer) return ok(check, `${user.username}: ${got}`);
      return wrong(check, {
        expected: `${user.username} as an active developer`,
        got,
        fix: `Manage > Members of ${path}: ${user.username} as developer, which pushes its commits.`,
      });
    }),
  ];
}
