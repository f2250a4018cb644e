import type { FileDiff } from '../ports.ts';
import { createMergeRequestPipeline, pipelinesOf } from '../review/head-pipeline.ts';
import { latestVersion } from '../review/versions.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, Refusal } from '../server/reply.ts';
import type { Access, ProjectCall, Reply, Route } from '../server/types.ts';
import { canSee, isAtLeastRole } from '../world/access.ts';
import type { DiffVersion, MergeRequest } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { mergeRequestOf, noRecord } from './find-issuable.ts';
import { flagOf } from './given.ts';
import { commitJson, diffJson } from './json/commit.ts';
import { mergeRequestJson } from './json/merge-request.ts';
import { pipelineBasicJson, pipelineJson } from './json/pipeline.ts';

const source = 'docs.gitlab.com/api/merge_requests';
const read: Access = { role: 'anyone', jobToken: true };
const write: Access = { role: 'user' };
const path = '/projects/:id/merge_requests/:merge_request_iid';

/** What a merge request would merge, and what ran for it. */
export const mergeRequestDiffsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/commits`,
    access: read,
    schema: { source },
    handle: onProject(listCommits),
  },
  { method: 'GET', path: `${path}/changes`, access: read, handle: onProject(showChanges) },
  { method: 'GET', path: `${path}/diffs`, access: read, handle: onProject(listDiffs) },
  {
    method: 'GET',
    path: `${path}/raw_diffs`,
    access: read,
    schema: { source },
    handle: onProject(showRawDiffs),
  },
  { method: 'GET', path: `${path}/versions`, access: read, handle: onProject(listVersions) },
  { method: 'GET', path: `${path}/versions/:version_id`, access: read, handle: onProject(showVersion) },
  {
    method: 'GET',
    path: `${path}/pipelines`,
    access: { role: 'anyone' },
    handle: onProject((call) => {
      const { world } = call.twin;
      const visible = pipelinesOf(world, mergeRequestOf(call)).filter((one) =>
        seesPipelines(call, one.projectId),
      );
      return { list: visible.map((one) => pipelineBasicJson(world, one)) };
    }),
  },
  { method: 'POST', path: `${path}/pipelines`, access: write, handle: onProject(createPipeline) },
];

/** Of a fork they are told to who sees the fork. Source: app/finders/ci/pipelines_for_merge_request_finder.rb */
function seesPipelines({ twin, project, actor }: ProjectCall, projectId: number): boolean {
  if (projectId === project.id) return true;
  const source = twin.world.projects.get(projectId);
  return source !== undefined && canSee(actor?.user, source);
}

async function listCommits(call: ProjectCall): Promise<Reply> {
  const { twin, project } = call;
  const version = latestVersion(mergeRequestOf(call));
  const commits = version === undefined ? [] : await commitsOf(call, version);
  return { list: commits.map((commit) => commitJson(twin.world, project, commit)) };
}

function commitsOf({ twin, project }: ProjectCall, { headSha, baseSha }: DiffVersion) {
  return twin.repositories.log(project, { from: headSha, without: baseSha });
}

async function diffsOf({ twin, project }: ProjectCall, version: DiffVersion | undefined) {
  return version === undefined ? [] : twin.repositories.diff(project, version.baseSha, version.headSha);
}

/** With `unidiff` the hunks have the two lines with file names above them that `patch` wants. */
function present(call: ProjectCall, diff: FileDiff): unknown {
  const unidiff = flagOf(call.query.unidiff) ?? false;
  return diffJson(unidiff && diff.diff !== '' ? { ...diff, diff: `${fileNames(diff)}${diff.diff}` } : diff);
}

function fileNames({ oldPath, newPath, newFile, deletedFile }: FileDiff): string {
  return `--- ${newFile ? '/dev/null' : `a/${oldPath}`}\n+++ ${deletedFile ? '/dev/null' : `b/${newPath}`}\n`;
}

async function listDiffs(call: ProjectCall): Promise<Reply> {
  const diffs = await diffsOf(call, latestVersion(mergeRequestOf(call)));
  return { list: diffs.map((diff) => present(call, diff)) };
}

async function showChanges(call: ProjectCall): Promise<Reply> {
  const { twin, project, actor } = call;
  const mergeRequest = mergeRequestOf(call);
  const diffs = await diffsOf(call, latestVersion(mergeRequest));
  const json = await mergeRequestJson(twin, mergeRequest, { project, viewer: actor?.user });
  return { json: { ...json, changes: diffs.map((diff) => present(call, diff)), overflow: false } };
}

async function showRawDiffs(call: ProjectCall): Promise<Reply> {
  const diffs = await diffsOf(call, latestVersion(mergeRequestOf(call)));
  const files = diffs.map((diff) => {
    const mode = diff.newFile
      ? `new file mode ${diff.newMode}\n`
      : diff.deletedFile
        ? `deleted file mode ${diff.oldMode}\n`
        : '';
    const names = diff.diff === '' ? '' : fileNames(diff);
    return `diff --git a/${diff.oldPath} b/${diff.newPath}\n${mode}${names}${diff.diff}`;
  });
  return { text: files.join(''), type: 'text/plain' };
}

function listVersions(call: ProjectCall): Promise<Reply> {
  const mergeRequest = mergeRequestOf(call);
  const versions = mergeRequest.versions
    .toReversed()
    .map((version) => versionJson(call, mergeRequest, version));
  return Promise.all(versions).then((list) => ({ list }));
}

async function showVersion(call: ProjectCall): Promise<Reply> {
  const { twin, project, params } = call;
  const mergeRequest = mergeRequestOf(call);
  const version = mergeRequest.versions.find(({ id }) => id === Number(params.version_id));
  if (version === undefined) throw noRecord();
  const [json, commits, diffs] = await Promise.all([
    versionJson(call, mergeRequest, version),
    commitsOf(call, version),
    diffsOf(call, version),
  ]);
  return {
    json: {
      ...json,
      commits: commits.map((commit) => commitJson(twin.world, project, commit)),
      diffs: diffs.map((diff) => present(call, diff)),
    },
  };
}

async function versionJson(call: ProjectCall, { id }: MergeRequest, version: DiffVersion) {
  const diffs = await diffsOf(call, version);
  return {
    id: version.id,
    head_commit_sha: version.headSha,
    base_commit_sha: version.baseSha,
    start_commit_sha: version.startSha,
    created_at: version.createdAt,
    merge_request_id: id,
    state: diffs.length === 0 ? 'empty' : 'collected',
    real_size: String(diffs.length),
    patch_id_sha: null,
  };
}

/** A merge request pipeline by hand; one that the rules leave nothing of is refused. */
async function createPipeline(call: ProjectCall): Promise<Reply> {
  const { twin } = call;
  const mergeRequest = mergeRequestOf(call);
  const user = userOf(call);
  const source = twin.world.projects.get(mergeRequest.sourceProjectId);
  if (source === undefined || !isAtLeastRole(user, source, 'developer')) throw forbidden();
  if (mergeRequest.state !== 'opened') throw new Refusal(405, { message: '405 Method Not Allowed' });
  const created = await createMergeRequestPipeline(twin, mergeRequest, user);
  if (flagOf(call.body.async) === true) return { status: 202, json: null };
  if (created.ok) return { status: 200, json: pipelineJson(twin.world, created.pipeline) };
  if (created.filtered) throw new Refusal(400, { message: { base: [...created.messages] } });
  throw new Refusal(405, { message: '405 Method Not Allowed' });
}
