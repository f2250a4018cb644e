import type { Commit } from '../ports.ts';
import { announcePushes } from '../repositories/announce.ts';
import { isRefName } from '../repositories/names.ts';
import { refusalOf } from '../repositories/push-rules.ts';
import { forbidden, invalidRecord, notFound } from '../server/reply.ts';
import type { ProjectCall, Route } from '../server/types.ts';
import { isAtLeastRole, protectionOf } from '../world/access.ts';
import { findCommit, jobsReadCode, onCode, writesCode } from './code.ts';
import { userOf } from './find-in-call.ts';
import { textOf } from './given.ts';
import { commitJson } from './json/commit.ts';

const source = 'docs.gitlab.com/api/tags';
const text = { type: 'string' };
const path = '/projects/:id/repository/tags';

export const tagsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: jobsReadCode,
    schema: {
      source,
      query: {
        search: text,
        order_by: { enum: ['name', 'updated', 'version'] },
        sort: { enum: ['asc', 'desc'] },
      },
    },
    handle: onCode(async (call) => ({ list: await listTags(call) })),
  },
  {
    method: 'GET',
    path: `${path}/:tag_name`,
    access: jobsReadCode,
    schema: { source },
    handle: onCode(async (call) => ({ json: await oneTag(call, call.params.tag_name ?? '') })),
  },
  {
    method: 'POST',
    path,
    access: writesCode,
    schema: {
      source,
      body: { required: ['tag_name', 'ref'], properties: { tag_name: text, ref: text, message: text } },
    },
    handle: onCode(async (call) => ({ json: await createTag(call), status: 201 })),
  },
  {
    method: 'DELETE',
    path: `${path}/:tag_name`,
    access: writesCode,
    schema: { source },
    handle: onCode(async (call) => {
      await deleteTag(call, call.params.tag_name ?? '');
      return { status: 204 };
    }),
  },
];

async function listTags(call: ProjectCall) {
  const { twin, project, query } = call;
  const search = (textOf(query.search) ?? '').toLowerCase();
  const [, start, term = '', end] = /^(\^?)(.*?)(\$?)$/s.exec(search) ?? [];
  const found = [...(await twin.repositories.tags(project))].filter(([name]) => {
    const lower = name.toLowerCase();
    if (start === '^') return lower.startsWith(term);
    return end === '$' ? lower.endsWith(term) : lower.includes(term);
  });
  const commits = await twin.repositories.commits(project, [...new Set(found.map(([, sha]) => sha))]);
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const tags = found.flatMap(([name, sha]) => {
    const commit = bySha.get(sha);
    return commit === undefined ? [] : [{ name, commit }];
  });
  tags.sort(orders[textOf(query.order_by) ?? 'updated'] ?? byName);
  if (textOf(query.sort) !== 'asc') tags.reverse();
  return Promise.all(tags.map(({ name, commit }) => tagJson(call, name, commit)));
}

interface Tag {
  readonly name: string;
  readonly commit: Commit;
}

const byName = (a: Tag, b: Tag) => (a.name < b.name ? -1 : 1);
const orders: Readonly<Record<string, (a: Tag, b: Tag) => number>> = {
  name: byName,
  updated: (a, b) => Date.parse(a.commit.committedAt) - Date.parse(b.commit.committedAt) || byName(a, b),
  version: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
};

async function oneTag(call: ProjectCall, name: string) {
  const { twin, project } = call;
  const sha = isRefName(name) ? await twin.repositories.resolve(project, `refs/tags/${name}`) : undefined;
  const commit = sha === undefined ? undefined : await twin.repositories.commit(project, sha);
  if (commit === undefined) throw notFound('Tag');
  return tagJson(call, name, commit);
}

async function tagJson({ twin, project }: ProjectCall, name: string, commit: Commit) {
  const annotation = await twin.repositories.annotation(project, name);
  const release = project.releases.get(name);
  return {
    name,
    message: annotation?.message ?? '',
    target: annotation?.id ?? commit.sha,
    commit: commitJson(twin.world, project, commit),
    release: release === undefined ? null : { tag_name: name, description: release.description },
    protected: protectionOf(project.protectedTags, name) !== undefined,
    created_at: null,
  };
}

async function createTag(call: ProjectCall) {
  const { twin, project } = call;
  const all = call.body;
  const [name = '', from = '', message = ''] = [all.tag_name, all.ref, all.message].map(textOf);
  if (!isRefName(name)) throw invalidRecord('Tag name invalid');
  const user = userOf(call);
  const ref = `refs/tags/${name}`;
  if ((await twin.repositories.resolve(project, ref)) !== undefined)
    throw invalidRecord(`Tag ${name} already exists`);
  const sha = await findCommit(call, from);
  if (sha === undefined) throw invalidRecord(`Target ${from} is invalid`);
  const zeros = '0'.repeat(sha.length);
  const refusal = refusalOf(user, project, { ref, before: zeros, after: sha });
  if (refusal !== undefined) throw invalidRecord(`GitLab: ${refusal}`);
  const tagger = { name: user.name, email: user.email };
  const target =
    message === '' ? sha : await twin.repositories.annotate(project, { name, sha, message, tagger });
  if (!(await twin.repositories.updateRef(project, ref, target, undefined))) {
    throw invalidRecord(`Tag ${name} already exists`);
  }
  await announcePushes(twin, project, [{ ref, before: zeros, after: target, options: [] }], user);
  return oneTag(call, name);
}

async function deleteTag(call: ProjectCall, name: string): Promise<void> {
  const { twin, project } = call;
  const user = userOf(call);
  const ref = `refs/tags/${name}`;
  const sha = isRefName(name) ? await twin.repositories.resolve(project, ref) : undefined;
  if (sha === undefined) throw notFound('Tag');
  const isProtected = protectionOf(project.protectedTags, name) !== undefined;
  if (isProtected && !isAtLeastRole(user, project, 'maintainer')) throw forbidden();
  const target = (await twin.repositories.annotation(project, name))?.id ?? sha;
  if (!(await twin.repositories.updateRef(project, ref, undefined, target)))
    throw invalidRecord('Failed to remove tag');
  const push = { ref, before: target, after: '0'.repeat(target.length), options: [] };
  await announcePushes(twin, project, [push], user);
}
