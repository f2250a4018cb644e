import { RE2JS } from 're2js';
import type { Commit } from '../ports.ts';
import { announcePushes } from '../repositories/announce.ts';
import { isRefName } from '../repositories/names.ts';
import { refusalOf } from '../repositories/push-rules.ts';
import { invalidParameter, invalidRecord, notFound, Refusal } from '../server/reply.ts';
import type { ProjectCall, Route } from '../server/types.ts';
import { isAtLeastRole, mayWriteBranch, protectionOf } from '../world/access.ts';
import { accessLevels } from '../world/people.ts';
import { findCommit, jobsReadCode, onCode, writesCode } from './code.ts';
import { userOf } from './find-in-call.ts';
import { textOf } from './given.ts';
import { commitJson } from './json/commit.ts';

const source = 'docs.gitlab.com/api/branches';
const text = { type: 'string' };
const sorts = ['name_asc', 'updated_asc', 'updated_desc'] as const;
const path = '/projects/:id/repository/branches';

export const branchesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path,
    access: jobsReadCode,
    schema: { source, query: { search: text, regex: text, sort: { enum: sorts } } },
    handle: onCode(async (call) => ({ list: await listBranches(call) })),
  },
  {
    method: 'GET',
    path: `${path}/:branch`,
    access: jobsReadCode,
    schema: { source },
    handle: onCode(async (call) => ({ json: await oneBranch(call, call.params.branch ?? '') })),
  },
  {
    method: 'POST',
    path,
    access: writesCode,
    schema: { source, body: { required: ['branch', 'ref'], properties: { branch: text, ref: text } } },
    handle: onCode(async (call) => ({ json: await createBranch(call), status: 201 })),
  },
  {
    method: 'DELETE',
    path: `${path}/:branch`,
    access: writesCode,
    schema: { source },
    handle: onCode(async (call) => {
      await deleteBranch(call, call.params.branch ?? '');
      return { status: 204 };
    }),
  },
];

async function listBranches(call: ProjectCall) {
  const { twin, project, query } = call;
  const matches = filterOf(textOf(query.search), textOf(query.regex));
  const found = [...(await twin.repositories.branches(project))].filter(([name]) => matches(name));
  const commits = await twin.repositories.commits(project, [...new Set(found.map(([, sha]) => sha))]);
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const merged = await mergedNames(call);
  const branches = found.flatMap(([name, sha]) => {
    const commit = bySha.get(sha);
    return commit === undefined ? [] : [{ name, commit }];
  });
  const sort = textOf(query.sort) ?? 'name_asc';
  if (sort !== 'name_asc') {
    const sign = sort === 'updated_asc' ? 1 : -1;
    branches.sort((a, b) => sign * (Date.parse(a.commit.committedAt) - Date.parse(b.commit.committedAt)));
  }
  return branches.map(({ name, commit }) => branchJson(call, name, commit, merged.has(name)));
}

/** `^term` and `term$` hold to an end of the name. */
function filterOf(search: string | undefined, regex: string | undefined): (name: string) => boolean {
  if (search !== undefined && regex !== undefined)
    throw invalidParameter('search, regex are mutually exclusive');
  if (regex !== undefined) return patternOf(regex);
  const [, start, term = '', end] = /^(\^?)(.*?)(\$?)$/s.exec(search ?? '') ?? [];
  const wanted = term.toLowerCase();
  return (name) => {
    const text = name.toLowerCase();
    if (start === '^' && end === '$') return text === wanted;
    if (start === '^') return text.startsWith(wanted);
    return end === '$' ? text.endsWith(wanted) : text.includes(wanted);
  };
}

function patternOf(regex: string): (name: string) => boolean {
  try {
    const pattern = RE2JS.compile(regex);
    return (name) => pattern.matcher(name).find();
  } catch {
    throw invalidParameter('regex is invalid');
  }
}

async function mergedNames({ twin, project }: ProjectCall): Promise<ReadonlySet<string>> {
  const { defaultBranch } = project;
  const tip = defaultBranch && (await twin.repositories.resolve(project, `refs/heads/${defaultBranch}`));
  if (!tip) return new Set();
  const names = new Set(await twin.repositories.mergedInto(project, tip));
  names.delete(defaultBranch ?? '');
  return names;
}

async function oneBranch(call: ProjectCall, name: string) {
  const { twin, project } = call;
  const sha = isRefName(name) ? await twin.repositories.resolve(project, `refs/heads/${name}`) : undefined;
  const commit = sha === undefined ? undefined : await twin.repositories.commit(project, sha);
  if (commit === undefined) throw notFound('Branch');
  return branchJson(call, name, commit, (await mergedNames(call)).has(name));
}

function branchJson({ twin, project, actor }: ProjectCall, name: string, commit: Commit, merged: boolean) {
  const rule = protectionOf(project.protectedBranches, name);
  const isOpen = (level: number | undefined) =>
    level !== undefined && level !== accessLevels.none && level <= accessLevels.developer;
  return {
    name,
    commit: commitJson(twin.world, project, commit),
    merged,
    protected: rule !== undefined,
    developers_can_push: isOpen(rule?.pushLevel),
    developers_can_merge: isOpen(rule?.mergeLevel),
    can_push: actor !== undefined && mayWriteBranch(actor.user, project, name, 'push'),
    default: name === project.defaultBranch,
    web_url: `${twin.world.url}/${project.path}/-/tree/${name}`,
  };
}

async function createBranch(call: ProjectCall) {
  const { twin, project } = call;
  const [name = '', from = ''] = [call.body.branch, call.body.ref].map(textOf);
  if (!isRefName(name)) throw invalidRecord('Branch name is invalid');
  const ref = `refs/heads/${name}`;
  if ((await twin.repositories.resolve(project, ref)) !== undefined)
    throw invalidRecord('Branch already exists');
  const sha = await findCommit(call, from);
  if (sha === undefined) throw invalidRecord(`Invalid reference name: ${from}`);
  const push = { ref, before: '0'.repeat(sha.length), after: sha, options: [] };
  const refusal = refusalOf(userOf(call), project, push);
  if (refusal !== undefined) throw invalidRecord(`GitLab: ${refusal}`);
  if (!(await twin.repositories.updateRef(project, ref, sha, undefined))) {
    throw invalidRecord(`Failed to create branch '${name}': invalid reference name '${from}'`);
  }
  await announcePushes(twin, project, [push], userOf(call));
  return oneBranch(call, name);
}

/** Unlike git, the API lets maintainers delete a protected branch. Source: docs.gitlab.com/user/project/repository/branches/protected */
async function deleteBranch(call: ProjectCall, name: string): Promise<void> {
  const { twin, project } = call;
  const ref = `refs/heads/${name}`;
  const sha = isRefName(name) ? await twin.repositories.resolve(project, ref) : undefined;
  if (sha === undefined) throw notFound('Branch');
  if (name === project.defaultBranch) throw new Refusal(405, { message: 'Cannot remove HEAD branch' });
  const isProtected = protectionOf(project.protectedBranches, name) !== undefined;
  if (isProtected && !isAtLeastRole(userOf(call), project, 'maintainer')) {
    throw new Refusal(403, { message: "Protected branch can't be removed" });
  }
  if (!(await twin.repositories.updateRef(project, ref, undefined, sha)))
    throw invalidRecord('Failed to remove branch');
  const push = { ref, before: sha, after: '0'.repeat(sha.length), options: [] };
  await announcePushes(twin, project, [push], userOf(call));
}
