import { invalidParameter, notFound } from '../server/reply.ts';
import type { ProjectCall, Route } from '../server/types.ts';
import { commitOf, findCommit, onCode, readsCode } from './code.ts';
import { flagOf, textOf, textsOf } from './given.ts';
import { commitJson, diffJson } from './json/commit.ts';

const source = 'docs.gitlab.com/api/repositories';
const text = { type: 'string' };
const flag = { type: 'boolean' };
const path = '/projects/:id/repository';

export const compareRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: `${path}/compare`,
    access: readsCode,
    schema: {
      source,
      query: { from: text, to: text, straight: flag, unidiff: flag },
      body: { required: ['from', 'to'] },
    },
    handle: onCode(async (call) => ({ json: await compare(call) })),
  },
  {
    method: 'GET',
    path: `${path}/merge_base`,
    access: readsCode,
    schema: { source, query: { refs: { type: 'array', items: text } }, body: { required: ['refs'] } },
    handle: onCode(async (call) => ({ json: await mergeBase(call) })),
  },
  {
    method: 'GET',
    path: `${path}/tree`,
    access: readsCode,
    schema: { source, query: { path: text, ref: text, recursive: flag, page_token: text } },
    handle: onCode(async (call) => ({ list: await listTree(call) })),
  },
  {
    method: 'GET',
    path: `${path}/blobs/:sha/raw`,
    access: readsCode,
    schema: { source },
    handle: onCode(async ({ twin, project, params }) => {
      const bytes = await twin.repositories.object(project, params.sha ?? '');
      if (bytes === undefined) throw notFound('Blob');
      return { bytes, type: 'application/octet-stream', headers: { 'content-disposition': 'attachment' } };
    }),
  },
];

async function compare(call: ProjectCall) {
  const { twin, project, query } = call;
  const [fromRef = '', toRef = ''] = [query.from, query.to].map(textOf);
  const [from, to] = [await commitOf(call, fromRef, 'Ref'), await commitOf(call, toRef, 'Ref')];
  const isStraight = flagOf(query.straight) === true;
  const base = isStraight ? from : await twin.repositories.mergeBase(project, from, to);
  const newest = await twin.repositories.log(project, { from: to, without: from });
  const commits = newest.map((commit) => commitJson(twin.world, project, commit)).reverse();
  const diffs = await twin.repositories.diff(project, base ?? '0'.repeat(to.length), to);
  return {
    commit: commits.at(-1) ?? null,
    commits,
    diffs: diffs.map(diffJson),
    compare_timeout: false,
    compare_same_ref: from === to,
    web_url: `${twin.world.url}/${project.path}/-/compare/${fromRef}${isStraight ? '..' : '...'}${toRef}`,
  };
}

async function mergeBase(call: ProjectCall) {
  const { twin, project, query } = call;
  const [first, ...others] = textsOf(query.refs);
  if (first === undefined || others.length === 0) throw invalidParameter('Provide at least 2 refs');
  let base: string | undefined = first;
  for (const name of [first, ...others]) {
    if ((await findCommit(call, name)) === undefined) throw invalidParameter(`Could not find ref: ${name}`);
    base = base && (await twin.repositories.mergeBase(project, base, name));
  }
  const commit = base === undefined ? undefined : await twin.repositories.commit(project, base);
  if (commit === undefined) throw notFound('Merge Base');
  return commitJson(twin.world, project, commit);
}

async function listTree(call: ProjectCall) {
  const { twin, project, query } = call;
  const sha = await findCommit(call, textOf(query.ref));
  if (sha === undefined && query.ref === undefined) return [];
  if (sha === undefined) throw notFound('Tree');
  const folder = textOf(query.path) ?? '';
  const entries = await twin.repositories.tree(project, sha, folder, flagOf(query.recursive) === true);
  if (entries === undefined) throw notFound('invalid revision or path');
  return entries.map(({ id, name, type, path: whole, mode }) => ({ id, name, type, path: whole, mode }));
}
