import { listProtectedBranches, type ProtectedBranch } from '../gitlab/endpoints/branches.ts';
import { getMember, type Member } from '../gitlab/endpoints/members.ts';
import type { Project } from '../gitlab/endpoints/projects.ts';
import type { RunnerDetails } from '../gitlab/endpoints/runners.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import { listVariableNames, type VariableName } from '../gitlab/endpoints/variables.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { CommitWays } from './configuration.ts';
import { all, type Hiding, known, readAccount, readProject, type ServedFacts } from './facts.ts';
import { rulesOf } from './protection.ts';
import { readRunners } from './runners.ts';
import type { Known } from './types.ts';

/** A branch as commits of agents have it: of an agent, on a merge request. */
const sample = 'pipewright/agent/1';

/** A project that commits of agents reach. */
export interface CommitPlace {
  readonly path: string;
  readonly project: Known<Project>;
  /** Its protected branches. */
  readonly rules: Known<readonly ProtectedBranch[]>;
  /** What the account of the forks is in it. */
  readonly member: Known<Member | undefined>;
}

export interface ForkPlace extends CommitPlace {
  readonly variables: Known<readonly VariableName[]>;
  /** Those that take its jobs. */
  readonly runners: Known<readonly RunnerDetails[]>;
}

/** The account whose token the forks' is, by the name that was given. */
export interface ForkAccount {
  readonly username: string | undefined;
  /** Undefined where nobody has the name. */
  readonly user: User | undefined;
}

/** All that checks of commits look at, once the trusted project lets any happen. */
export interface CommitFacts {
  readonly ways: CommitWays;
  readonly account: ForkAccount;
  /** Those that the token sees. */
  readonly served: readonly CommitPlace[];
  /** Whether these are all that are served: else a fork may be one of another. */
  readonly isAll: boolean;
  readonly forks: readonly ForkPlace[];
}

export interface CommitRequest extends Pick<CommitFacts, 'isAll'>, Pick<ForkAccount, 'username'> {
  readonly served: readonly ServedFacts[];
}

/** Fetches what `ways` asks for; what the token may not see is unknown. @throws other failures of GitLab */
export async function readCommitFacts(
  gitlab: GitLab,
  ways: CommitWays,
  { served, isAll, username }: CommitRequest,
  hides: Hiding,
): Promise<CommitFacts> {
  const isForked = ways.modes.includes('fork');
  const user = !isForked || username === undefined ? undefined : await readAccount(gitlab, username);
  const places: CommitPlace[] = [];
  for (const { path, project } of served)
    if (project.known) places.push(await readPlace(gitlab, { path, project }, user, hides));
  const forks: ForkPlace[] = [];
  for (const path of isForked ? ways.forks : []) forks.push(await readFork(gitlab, path, user, hides));
  return { ways, account: { username, user }, served: places, isAll, forks };
}

async function readFork(
  gitlab: GitLab,
  path: string,
  user: User | undefined,
  hides: Hiding,
): Promise<ForkPlace> {
  const project = await readProject(gitlab, path, hides);
  const place = await readPlace(gitlab, { path, project }, user, hides);
  if (!project.known) return { ...place, variables: project, runners: project };
  const of = { project: project.value.id };
  const variables = await all(listVariableNames(gitlab, of), hides);
  return { ...place, variables, runners: await readRunners(gitlab, of, hides) };
}

async function readPlace(
  gitlab: GitLab,
  { path, project }: Pick<CommitPlace, 'path' | 'project'>,
  user: User | undefined,
  hides: Hiding,
): Promise<CommitPlace> {
  if (!project.known) return { path, project, rules: project, member: project };
  const of = { project: project.value.id };
  const rules = await all(listProtectedBranches(gitlab, of), hides);
  const member: CommitPlace['member'] =
    user === undefined
      ? { known: false, reason: 'no account is named' }
      : await known(getMember(gitlab, { ...of, user: user.id }), hides);
  return { path, project, rules, member };
}

/** The rules that branches of commits are protected by, those of some agents only among them. */
export function branchRules(rules: readonly ProtectedBranch[]): readonly ProtectedBranch[] {
  return rules.filter((rule) => rule.name.startsWith('pipewright/') || rulesOf([rule], sample).length > 0);
}
