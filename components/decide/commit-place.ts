import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { getMember } from '../gitlab/endpoints/members.ts';
import { getProject, type Project } from '../gitlab/endpoints/projects.ts';
import type { User } from '../gitlab/endpoints/user.ts';
import { currentUser } from '../gitlab/endpoints/users.ts';
import type { GitLab } from '../gitlab/types.ts';

/** As whom git and the API are asked. */
export interface CommitAccess {
  readonly gitlab: GitLab;
  readonly token: string;
}

/** How the operator lets commits happen: not at all, by a person's click, or in a fork. */
export interface CommitMode {
  readonly mode: 'none' | 'click' | 'fork';
  /** Whether a person has started this job for them. */
  readonly isClicked: boolean;
  /** Forks of the served projects by full path, which commits are pushed to. */
  readonly forks: readonly string[];
  /** Address that projects are found at. */
  readonly server: string;
  /** As the account that acts. */
  readonly access: CommitAccess;
  /** As the account of the forks, which has no role in the served projects that could start a pipeline. */
  readonly forkAccess: CommitAccess | undefined;
}

/** What stands against every commit here, whatever is in it. */
export function whyNoCommits({ mode }: Pick<CommitMode, 'mode'>): string | undefined {
  return mode === 'none'
    ? 'commits are not switched on here: the trusted project says `commits: click` or `commits: fork` at the component apply'
    : undefined;
}

/** Where the branch goes, and who pushes it there and opens the draft. */
export interface PushPlace extends CommitAccess {
  readonly project: Project;
  readonly account: User;
}

export type PushTarget =
  | { readonly ok: true; readonly place: PushPlace }
  | { readonly ok: false; readonly reason: string };

const developer = 30;

/**
 * In mode `fork` the fork of the served project, by what GitLab says it is a fork of. Where whoever opens a merge request may run
 * pipelines of the target project, GitLab can run the fork's there, with the target's variables: so the account of the forks
 * must be less than a developer in it, which GitLab is asked.
 */
export async function readPushPlace(
  { mode, forks, access, forkAccess }: CommitMode,
  served: Project,
  account: User,
): Promise<PushTarget> {
  if (mode !== 'fork') return { ok: true, place: { ...access, project: served, account } };
  const refused = (reason: string): PushTarget => ({ ok: false, reason });
  if (forkAccess === undefined)
    return refused('PIPEWRIGHT_FORK_TOKEN, the token of the forks’ account, is not set');
  const pusher = await currentUser(forkAccess.gitlab);
  const here = await getMember(access.gitlab, { project: served.id, user: pusher.id });
  if (here !== undefined && here.accessLevel >= developer)
    return refused(
      `${pusher.username} is a developer or more in ${served.pathWithNamespace}, where pipelines of its fork could run then: give the forks an account of their own`,
    );
  for (const path of forks) {
    const fork = await unlessMissing(getProject(forkAccess.gitlab, { project: path }));
    if (fork === undefined || fork.forkedFromProject?.id !== served.id) continue;
    const member = await getMember(forkAccess.gitlab, { project: fork.id, user: pusher.id });
    if (member?.state !== 'active' || member.accessLevel < developer)
      return refused(`${pusher.username} is no developer in ${fork.pathWithNamespace}`);
    return { ok: true, place: { ...forkAccess, project: fork, account: pusher } };
  }
  return refused(`no bot-fork is a fork of ${served.pathWithNamespace} that its token sees`);
}
