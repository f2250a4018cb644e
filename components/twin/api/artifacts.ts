import { posix } from 'node:path';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidRecord, notFound, Refusal } from '../server/reply.ts';
import type { Access, OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Artifacts, Job } from '../world/pipeline.ts';
import { archiveOf, availableArtifacts, mayReadArtifacts, readFileBelow } from './artifact-archive.ts';
import { jobOf } from './find-in-call.ts';
import { flagOf, textOf } from './given.ts';
import { jobJson } from './json/job.ts';
import { jobInFamily, latestSuccessful } from './successful-pipelines.ts';

/** Job tokens download in Premium only. Source: docs.gitlab.com/api/job_artifacts, "CI/CD job token" */
const download: Access = { role: 'anyone', jobToken: { tier: 'premium' } };
const source = 'docs.gitlab.com/api/job_artifacts';
const ofRef: OwnSchema = {
  source,
  query: { job: { type: 'string' }, job_token: { type: 'string' } },
};

/** Pipelines a search for recent ones looks through. */
const recent = 100;

export const artifactsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/jobs/artifacts/:ref_name/download',
    access: download,
    handle: onProject(async (call) => archiveReply(call, jobOfRef(call))),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/artifacts/:ref_name/raw/*artifact_path',
    access: download,
    schema: ofRef,
    handle: onProject(async (call) => fileReply(call, jobOfRef(call))),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id/artifacts',
    access: download,
    handle: onProject(async (call) => archiveReply(call, jobOf(call))),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id/artifacts/tree',
    access: download,
    handle: onProject((call) => {
      const artifacts = readable(call, jobOf(call));
      const folder = (textOf(call.query.path) ?? '').replace(/\/+$/, '');
      return { list: treeOf(artifacts.files, folder, flagOf(call.query.recursive) === true) };
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/jobs/:job_id/artifacts/*artifact_path',
    access: download,
    schema: { source, query: { job_token: { type: 'string' } } },
    handle: onProject(async (call) => fileReply(call, jobOf(call))),
  },
  {
    method: 'POST',
    path: '/projects/:id/jobs/:job_id/artifacts/keep',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const job = jobOf(call);
      const artifacts = availableArtifacts(call.twin.world, job);
      if (artifacts === undefined) throw notFound();
      job.artifacts = { ...artifacts, expireAt: undefined };
      return { json: await jobJson(call.twin, job), status: 200 };
    }),
  },
  {
    method: 'DELETE',
    path: '/projects/:id/jobs/:job_id/artifacts',
    access: { role: 'maintainer' },
    handle: onProject((call) => {
      jobOf(call).artifacts = undefined;
      return { status: 204 };
    }),
  },
];

/** The job of the latest successful pipeline, or of one of the recent ones that has it with artifacts. */
function jobOfRef(call: ProjectCall): Job {
  const { params, query, twin, project } = call;
  const name = textOf(query.job);
  if (name === undefined) throw new Refusal(400, { error: 'job is missing' });
  const pipelines = latestSuccessful(twin.world, project, params.ref_name ?? '');
  const searched = flagOf(query.search_recent_successful_pipelines) === true ? recent : 1;
  for (const pipeline of pipelines.slice(0, searched)) {
    const job = jobInFamily(twin.world, pipeline, name);
    if (job !== undefined && (availableArtifacts(twin.world, job)?.files.length ?? 0) > 0) return job;
  }
  throw notFound();
}

function readable({ twin, actor, project }: ProjectCall, job: Job): Artifacts {
  const artifacts = availableArtifacts(twin.world, job);
  // Files of reports alone make no archive.
  if (artifacts === undefined || artifacts.files.length === 0) throw notFound();
  if (!mayReadArtifacts(actor?.user, project, artifacts)) throw forbidden();
  return artifacts;
}

async function archiveReply(call: ProjectCall, job: Job): Promise<Reply> {
  const bytes = await archiveOf(call.twin.context.fs, readable(call, job));
  return { bytes, type: 'application/zip', headers: attachment('artifacts.zip') };
}

async function fileReply(call: ProjectCall, job: Job): Promise<Reply> {
  const artifacts = readable(call, job);
  const path = call.params.artifact_path ?? '';
  if (path.endsWith('/') || path.split('/').includes('..')) throw invalidRecord('400 Bad request');
  const name = posix.normalize(path);
  if (!artifacts.files.includes(name)) throw notFound();
  const bytes = await readFileBelow(call.twin.context.fs, artifacts.folder, name);
  if (bytes === undefined) throw notFound();
  return { bytes, type: 'application/octet-stream', headers: attachment(posix.basename(name)) };
}

function attachment(name: string): Record<string, string> {
  return { 'content-disposition': `attachment; filename="${encodeURIComponent(name)}"` };
}

interface TreeItem {
  readonly name: string;
  readonly path: string;
  readonly type: 'directory' | 'file';
}

/** Folders first, then files, each by name; below a folder, or (`recursive`) all the way down. */
function treeOf(files: readonly string[], folder: string, recursive: boolean): TreeItem[] {
  const prefix = folder === '' ? '' : `${folder}/`;
  const items = new Map<string, TreeItem>();
  for (const file of files.filter((name) => name.startsWith(prefix))) {
    const parts = file.slice(prefix.length).split('/');
    for (const [index, name] of parts.entries()) {
      if (index > 0 && !recursive) break;
      const path = prefix + parts.slice(0, index + 1).join('/');
      items.set(path, { name, path, type: index < parts.length - 1 ? 'directory' : 'file' });
    }
  }
  if (items.size === 0 && folder !== '') throw notFound();
  return [...items.values()].sort((a, b) =>
    a.type === b.type ? (a.path < b.path ? -1 : 1) : a.type === 'directory' ? -1 : 1,
  );
}
