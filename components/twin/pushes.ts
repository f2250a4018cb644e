import type { Push, Twin } from './ports.ts';
import { isZeros } from './repositories/names.ts';
import { findMerged, openFrom, updateVersions } from './review/follow-push.ts';
import { applyMergeRequestOptions, defaultTarget, type PushedBranch } from './review/push-merge-request.ts';
import { parsePushOptions } from './review/push-options.ts';
import { runPushPipelines } from './review/push-pipelines.ts';
import type { User } from './world/people.ts';
import type { Project } from './world/project.ts';
import { timeOf } from './world/world.ts';

export interface Received {
  /** Lines git prints for the one who pushes, after `remote: `. */
  readonly messages: readonly string[];
}

/**
 * What follows a change of a branch or a tag, whoever made it: merge requests get the new commits, push options act, and
 * pipelines begin. A branch that is deleted leaves its merge requests open.
 */
export async function receivePush(twin: Twin, project: Project, push: Push, user: User): Promise<Received> {
  project.lastActivityAt = timeOf(twin.world);
  if (isZeros(push.after)) return { messages: [] };
  const options = parsePushOptions(push.options);
  const branch = /^refs\/heads\/(.+)$/s.exec(push.ref)?.[1];
  if (branch === undefined) {
    if (push.ref.startsWith('refs/tags/')) await runPushPipelines(twin, project, push, user, options, []);
    return { messages: [] };
  }
  const pushed = { source: project, branch, sha: push.after, user };
  await findMerged(twin, project, branch, push, user);
  const updated = await updateVersions(twin, project, branch, user);
  const asked =
    options.mergeRequest === undefined
      ? { errors: [] }
      : await applyMergeRequestOptions(twin, pushed, options.mergeRequest);
  const messages = renderMessages(twin, pushed, push.options, asked.errors);
  const mergeRequests = asked.opened === undefined ? updated : [...updated, asked.opened];
  await runPushPipelines(twin, project, push, user, options, mergeRequests);
  return { messages };
}

function renderMessages(
  twin: Twin,
  pushed: PushedBranch,
  options: readonly string[],
  errors: readonly string[],
): string[] {
  const quoted = options.map((option) => `'${option}'`).join(' ');
  const links = linksOf(twin, pushed).flatMap(([text, url]) => [text, `  ${url}`, '']);
  const warnings = errors.map((error) => `Error encountered with push options ${quoted}: ${error}`);
  const lines = warnings.length === 0 ? links : ['WARNINGS:', ...warnings, '', ...links];
  return lines.length === 0 ? [] : ['', ...lines];
}

function linksOf(twin: Twin, { source, branch, user }: PushedBranch): [text: string, url: string][] {
  const { world } = twin;
  const open = openFrom(twin, source, branch);
  if (open.length === 0) {
    if (branch === defaultTarget(twin, source, user).defaultBranch) return [];
    const url = new URL(`${world.url}/${source.path}/-/merge_requests/new`);
    url.searchParams.set('merge_request[source_branch]', branch);
    return [[`To create a merge request for ${branch}, visit:`, url.href]];
  }
  return open.map(({ projectId, iid }) => {
    const path = world.projects.get(projectId)?.path;
    return [`View merge request for ${branch}:`, `${world.url}/${path}/-/merge_requests/${iid}`];
  });
}
