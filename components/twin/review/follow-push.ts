import type { Commit, Push, Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { markMerged } from './mark-merged.ts';
import { addSystemNote } from './notes.ts';
import { addVersion, latestVersion } from './versions.ts';

/** The open merge requests that would merge a branch, in whatever project. */
export function openFrom({ world }: Twin, source: Project, branch: string): MergeRequest[] {
  return [...world.projects.values()]
    .flatMap(({ mergeRequests }) => [...mergeRequests.values()])
    .filter((known) => known.state === 'opened' && known.sourceProjectId === source.id)
    .filter(({ sourceBranch }) => sourceBranch === branch);
}

/**
 * Takes the new head of a branch into its merge requests: a version of the diff and a note on what came. Approvals stay, as
 * they do on Free. Gives the merge requests that have something new.
 */
export async function updateVersions(
  twin: Twin,
  source: Project,
  branch: string,
  user: User,
): Promise<MergeRequest[]> {
  const updated: MergeRequest[] = [];
  for (const mergeRequest of openFrom(twin, source, branch)) {
    const target = twin.world.projects.get(mergeRequest.projectId);
    const before = latestVersion(mergeRequest);
    if (target === undefined) continue;
    if ((await twin.repositories.resolve(source, `refs/heads/${branch}`)) === before?.headSha) continue;
    const version = await addVersion(twin, source, target, mergeRequest);
    if (version === undefined) continue;
    const from = version.headSha;
    const commits = await twin.repositories.log(target, {
      from,
      ...(before === undefined ? {} : { without: before.headSha }),
    });
    addSystemNote(twin.world, mergeRequest, user, describePush(twin, target, mergeRequest, commits));
    updated.push(mergeRequest);
  }
  return updated;
}

function describePush(
  { world }: Twin,
  target: Project,
  { iid, versions }: MergeRequest,
  commits: readonly Commit[],
): string {
  const count = `added ${commits.length} commit${commits.length === 1 ? '' : 's'}`;
  const items = commits
    .toReversed()
    .map(({ sha, title }) => `<li>${sha.slice(0, 8)} - ${escapeHtml(title)}</li>`);
  const compared = `diff_id=${versions.at(-1)?.id}&start_sha=${versions.at(-2)?.headSha}`;
  const url = `${world.url}/${target.path}/-/merge_requests/${iid}/diffs?${compared}`;
  return `${count}\n\n<ul>${items.join('')}</ul>\n\n[Compare with previous version](${url})`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Marks merge requests as merged whose commits a push has brought into their target branch some other way. */
export async function findMerged(
  twin: Twin,
  target: Project,
  branch: string,
  push: Push,
  user: User,
): Promise<void> {
  for (const mergeRequest of target.mergeRequests.values()) {
    const version = latestVersion(mergeRequest);
    if (mergeRequest.state !== 'opened' || mergeRequest.targetBranch !== branch || version === undefined)
      continue;
    const { headSha } = version;
    const wasIn = await isAncestor(twin, target, headSha, push.before);
    if (!wasIn && (await isAncestor(twin, target, headSha, push.after)))
      markMerged(twin, mergeRequest, user, undefined);
  }
}

async function isAncestor(
  { repositories }: Twin,
  project: Project,
  sha: string,
  tip: string,
): Promise<boolean> {
  return (await repositories.mergeBase(project, sha, tip)) === sha;
}
