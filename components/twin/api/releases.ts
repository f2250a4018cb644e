import { onProject } from '../server/on-project.ts';
import { conflict, invalidRecord, notFound, Refusal } from '../server/reply.ts';
import type { Access, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Release } from '../world/project.ts';
import { timeOf } from '../world/world.ts';
import { userOf } from './find-in-call.ts';
import { isRecord, recordsOf, textOf, timeIn } from './given.ts';
import { releaseJson } from './json/release.ts';
import { addLink } from './release-links.ts';
import { ensureTag } from './release-tag.ts';

const read: Access = { role: 'guest', jobToken: true };
const write: Access = { role: 'developer', jobToken: true };
const all = '/projects/:id/releases';
const one = `${all}/:tag_name`;

export const releasesRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: all,
    access: { ...read, role: 'anyone' },
    handle: onProject(async ({ twin, project, query }) => {
      const time = ({ createdAt, releasedAt }: Release) =>
        Date.parse(query.order_by === 'created_at' ? createdAt : releasedAt);
      const sign = query.sort === 'asc' ? 1 : -1;
      const found = [...project.releases.values()].sort((a, b) => sign * (time(a) - time(b)));
      return { list: await Promise.all(found.map((release) => releaseJson(twin, project, release))) };
    }),
  },
  { method: 'POST', path: all, access: write, handle: onProject(createRelease) },
  {
    method: 'GET',
    path: one,
    access: { ...read, role: 'anyone' },
    handle: onProject(async (call) => ({
      json: await releaseJson(call.twin, call.project, releaseOf(call)),
    })),
  },
  {
    method: 'PUT',
    path: one,
    access: write,
    handle: onProject(async (call) => {
      const release = releaseOf(call);
      const { name, description, released_at } = call.body;
      const changed: Release = {
        ...release,
        name: textOf(name) ?? release.name,
        description: textOf(description) ?? release.description,
        releasedAt: releasedAt(released_at) ?? release.releasedAt,
      };
      call.project.releases.set(release.tagName, changed);
      return { json: await releaseJson(call.twin, call.project, changed) };
    }),
  },
  {
    method: 'DELETE',
    path: one,
    access: { role: 'maintainer', jobToken: true },
    handle: onProject(async (call) => {
      const release = releaseOf(call);
      const json = await releaseJson(call.twin, call.project, release);
      call.project.releases.delete(release.tagName);
      return { json, status: 200 };
    }),
  },
];

function releaseOf({ project, params }: ProjectCall): Release {
  const release = project.releases.get(params.tag_name ?? '');
  if (release === undefined) throw notFound();
  return release;
}

function releasedAt(value: unknown): string | undefined {
  const time = timeIn(value);
  return time === undefined ? undefined : new Date(time).toISOString();
}

/** A release of a tag, which is made where it is missing. Source: docs.gitlab.com/api/releases, "Create a release" */
async function createRelease(call: ProjectCall): Promise<Reply> {
  const { twin, project } = call;
  const { tag_name, tag_message, ref, name, description, released_at, assets, milestones, milestone_ids } =
    call.body;
  const tagName = textOf(tag_name) ?? '';
  if (milestones !== undefined || milestone_ids !== undefined)
    throw new Refusal(501, { error: 'the twin does not model milestones of releases' });
  if (project.releases.has(tagName)) throw conflict('Release already exists');
  const now = timeOf(twin.world);
  const release: Release = {
    ...{ tagName, name: textOf(name) ?? tagName, description: textOf(description) ?? '', createdAt: now },
    ...{ releasedAt: releasedAt(released_at) ?? now, authorId: userOf(call).id, links: [] },
  };
  const links = isRecord(assets) ? recordsOf(assets.links) : [];
  for (const link of links) addLink(twin.world, release, link);
  await ensureTag(call, tagName, textOf(ref), textOf(tag_message));
  // Somebody else may have been faster while the tag was made.
  if (project.releases.has(tagName)) throw invalidRecord('Release already exists', 409);
  project.releases.set(tagName, release);
  return { json: await releaseJson(twin, project, release), status: 201 };
}
