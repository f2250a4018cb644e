import type { CommitAction, CommitRequest, Person } from '../ports.ts';
import { announcePushes } from '../repositories/announce.ts';
import { forceRefused, isForceRefused } from '../repositories/push-rules.ts';
import { invalidRecord } from '../server/reply.ts';
import type { ProjectCall } from '../server/types.ts';
import { mayWriteBranch } from '../world/access.ts';
import { findCommit } from './code.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, textOf } from './given.ts';

type Given = Readonly<Record<string, unknown>>;

export const notOnBranch = 'You can only create or edit files when you are on a branch';
export const mayNotPush = 'You are not allowed to push into this branch';

/**
 * Writes a commit as the caller and lets the twin know; gives the commit. Parameters are those that the routes of commits
 * and of files share: `branch`, `commit_message`, `start_branch`, `start_sha`, `force`, `author_name`, `author_email`.
 *
 * @throws Refusal 400 in GitLab's words
 */
export async function changeFiles(
  call: ProjectCall,
  given: Given,
  actions: readonly CommitAction[],
): Promise<string> {
  const { twin, project } = call;
  const user = userOf(call);
  const committer: Person = { name: user.name, email: user.email };
  const branch = textOf(given.branch) ?? '';
  const written = await twin.repositories.write(project, {
    ...{ branch, committer, actions, message: textOf(given.commit_message) ?? '' },
    author: {
      name: textOf(given.author_name) ?? committer.name,
      email: textOf(given.author_email) ?? committer.email,
    },
    ...(await startOf(call, given, branch)),
  });
  if (!written.ok) throw invalidRecord(written.message);
  const push = { ref: `refs/heads/${branch}`, before: written.before, after: written.sha, options: [] };
  await announcePushes(twin, project, [push], user);
  return written.sha;
}

/** Where a branch that is new, or made anew, begins. */
async function startOf(
  call: ProjectCall,
  given: Given,
  branch: string,
): Promise<Pick<CommitRequest, 'startSha' | 'force'>> {
  const { twin, project } = call;
  const tip = await twin.repositories.resolve(project, `refs/heads/${branch}`);
  const force = flagOf(given.force) === true;
  const name = textOf(given.start_branch);
  const hash = textOf(given.start_sha);
  if (hash === undefined && (name === undefined || (name === branch && !force))) {
    // An empty repository takes its first branch from nowhere.
    const isEmpty = tip === undefined && (await twin.repositories.branches(project)).size === 0;
    if (tip === undefined && !isEmpty) throw invalidRecord(notOnBranch);
    return {};
  }
  const startSha = await findCommit(call, hash ?? `refs/heads/${name}`);
  if (startSha === undefined)
    throw invalidRecord(`Cannot find ${hash === undefined ? 'start_branch' : 'start_sha'} '${hash ?? name}'`);
  const change = { ref: `refs/heads/${branch}`, before: tip ?? '', after: startSha };
  if (force && tip !== undefined && isForceRefused(project, change))
    throw invalidRecord(`GitLab: ${forceRefused}`);
  return { startSha, force };
}

export function mayPushTo(call: ProjectCall, branch: string): boolean {
  return mayWriteBranch(userOf(call), call.project, branch, 'push');
}

/** Content as sent: text, or base64 where `encoding` says so. */
export function contentOf({ content, encoding }: Given): Uint8Array | undefined {
  const text = textOf(content);
  return text === undefined ? undefined : Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}
