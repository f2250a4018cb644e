import type { Commit, CommitAction } from '../ports.ts';
import { forbidden, invalidParameter, notFound } from '../server/reply.ts';
import type { OwnSchema, ProjectCall, Route } from '../server/types.ts';
import { changeFiles, contentOf, mayNotPush, mayPushTo } from './change-files.ts';
import { commitOf, findCommit, jobsReadCode, onCode, readsCode, writesCode } from './code.ts';
import { listMergeRequestsOfCommit } from './commit-merge-requests.ts';
import { flagOf, recordsOf, textOf, wordOf } from './given.ts';
import { commitJson, diffJson, statsJson } from './json/commit.ts';
import { pipelineBasicJson } from './json/pipeline.ts';

const source = 'docs.gitlab.com/api/commits';
const text = { type: 'string' };
const flag = { type: 'boolean' };
const actions = ['create', 'update', 'delete', 'move', 'chmod'] as const;
const filters = { ref_name: text, path: text, since: text, until: text, all: flag, with_stats: flag };
const creation: OwnSchema = {
  source,
  body: {
    required: ['branch', 'commit_message', 'actions'],
    properties: {
      ...{
        branch: text,
        commit_message: text,
        start_branch: text,
        start_sha: text,
        force: flag,
        stats: flag,
      },
      ...{ author_name: text, author_email: text },
      actions: {
        type: 'array',
        items: {
          type: 'object',
          required: ['action', 'file_path'],
          properties: {
            action: { enum: actions },
            ...{ file_path: text, previous_path: text, content: text, last_commit_id: text },
            encoding: { enum: ['text', 'base64'] },
            execute_filemode: flag,
          },
          additionalProperties: false,
        },
      },
    },
  },
};
const path = '/projects/:id/repository/commits';

export const commitsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: jobsReadCode,
    schema: { source, query: filters },
    handle: onCode(async (call) => ({ list: await listCommits(call) })),
  },
  {
    method: 'POST',
    path,
    access: writesCode,
    schema: creation,
    handle: onCode(async (call) => ({ json: await createCommit(call), status: 201 })),
  },
  {
    method: 'GET',
    path: `${path}/:sha`,
    access: jobsReadCode,
    schema: { source, query: { stats: flag } },
    handle: onCode(async (call) => {
      const sha = await commitOf(call, call.params.sha);
      return { json: await detailJson(call, sha, flagOf(call.query.stats) ?? true) };
    }),
  },
  {
    method: 'GET',
    path: `${path}/:sha/diff`,
    access: readsCode,
    schema: { source, query: { unidiff: flag } },
    handle: onCode(async (call) => {
      const commit = await readCommit(call, await commitOf(call, call.params.sha));
      return { list: (await changesOf(call, commit)).map(diffJson) };
    }),
  },
  {
    method: 'GET',
    path: `${path}/:sha/refs`,
    access: readsCode,
    schema: { source, query: { type: { enum: ['branch', 'tag', 'all'] } } },
    handle: onCode(async (call) => ({ list: await refsOf(call) })),
  },
  {
    method: 'GET',
    path: `${path}/:sha/merge_requests`,
    access: jobsReadCode,
    schema: { source, query: { state: { enum: ['opened', 'closed', 'locked', 'merged'] } } },
    handle: onCode(async (call) => ({ list: await listMergeRequestsOfCommit(call) })),
  },
];

async function listCommits(call: ProjectCall) {
  const { twin, project, query } = call;
  const from = await findCommit(call, textOf(query.ref_name));
  // An empty repository has no commits, and only a name that was given can be wrong.
  if (from === undefined && query.ref_name === undefined) return [];
  if (from === undefined) throw notFound('Commit');
  const [file, since, until] = [query.path, query.since, query.until].map(textOf);
  for (const [name, time] of Object.entries({ since, until })) {
    if (time !== undefined && Number.isNaN(Date.parse(time))) throw invalidParameter(`${name} is invalid`);
  }
  const commits = await twin.repositories.log(project, {
    from,
    ...(file !== undefined && { path: file }),
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(until !== undefined && { until: new Date(until).toISOString() }),
  });
  return commits.map((commit) => commitJson(twin.world, project, commit));
}

async function createCommit(call: ProjectCall) {
  const all = call.body;
  if (!mayPushTo(call, textOf(all.branch) ?? '')) throw forbidden(mayNotPush);
  const sha = await changeFiles(call, all, recordsOf(all.actions).map(parseAction));
  return detailJson(call, sha, flagOf(all.stats) ?? true);
}

function parseAction(sent: Readonly<Record<string, unknown>>): CommitAction {
  const action = wordOf(sent.action, actions);
  const filePath = textOf(sent.file_path);
  if (action === undefined) throw invalidParameter('actions[action] does not have a valid value');
  if (filePath === undefined) throw invalidParameter('actions[file_path] is missing');
  const previousPath = textOf(sent.previous_path);
  const lastCommitId = textOf(sent.last_commit_id);
  const executable = flagOf(sent.execute_filemode);
  const content = action === 'delete' || action === 'chmod' ? undefined : contentOf(sent);
  return {
    ...{ action, path: filePath },
    ...(previousPath !== undefined && action === 'move' && { previousPath }),
    ...(content !== undefined && { content }),
    ...(executable !== undefined && { executable }),
    ...(lastCommitId !== undefined && { lastCommitId }),
  };
}

async function readCommit({ twin, project }: ProjectCall, sha: string): Promise<Commit> {
  const commit = await twin.repositories.commit(project, sha);
  if (commit === undefined) throw notFound('Commit');
  return commit;
}

function changesOf({ twin, project }: ProjectCall, { sha, parents }: Commit) {
  return twin.repositories.diff(project, parents[0] ?? '0'.repeat(sha.length), sha);
}

async function detailJson(call: ProjectCall, sha: string, withStats: boolean) {
  const { world } = call.twin;
  const commit = await readCommit(call, sha);
  const pipelines = [...world.pipelines.values()].filter(
    (pipeline) => pipeline.projectId === call.project.id && pipeline.sha === sha,
  );
  const last = pipelines.at(-1);
  return {
    ...commitJson(world, call.project, commit),
    ...(withStats && { stats: statsJson(await changesOf(call, commit)) }),
    status: last?.status ?? null,
    project_id: call.project.id,
    last_pipeline: last === undefined ? null : pipelineBasicJson(world, last),
  };
}

async function refsOf(call: ProjectCall) {
  const sha = await commitOf(call, call.params.sha);
  const wanted = textOf(call.query.type) ?? 'all';
  const kinds = (['branch', 'tag'] as const).filter((kind) => wanted === 'all' || wanted === kind);
  const found = await Promise.all(
    kinds.map(async (type) => {
      const names = await call.twin.repositories.containing(call.project, type, sha);
      return names.map((name) => ({ type, name }));
    }),
  );
  return found.flat();
}
