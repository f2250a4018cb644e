import type { Twin } from '../../ports.ts';
import type { Project, Release } from '../../world/project.ts';
import { commitJson } from './commit.ts';
import { userJson } from './user.ts';

type Json = Readonly<Record<string, unknown>>;

/** Source: docs.gitlab.com/api/releases */
export async function releaseJson(twin: Twin, project: Project, release: Release): Promise<Json> {
  const { world } = twin;
  const { tagName, name, description, createdAt, releasedAt, authorId } = release;
  const sha = (await twin.repositories.tags(project)).get(tagName);
  const commit = sha === undefined ? undefined : await twin.repositories.commit(project, sha);
  const web = `${world.url}/${project.path}/-`;
  const path = new URL(web).pathname;
  return {
    ...{ tag_name: tagName, name, description, created_at: createdAt, released_at: releasedAt },
    upcoming_release: Date.parse(releasedAt) > world.clock.now(),
    author: userJson(world, authorId),
    commit: commit === undefined ? null : commitJson(world, project, commit),
    commit_path: sha === undefined ? null : `${path}/commit/${sha}`,
    tag_path: `${path}/tags/${encodeURIComponent(tagName)}`,
    assets: assetsJson(`${web}/archive`, project, release),
    evidences: [],
    _links: { self: `${web}/releases/${encodeURIComponent(tagName)}` },
  };
}

function assetsJson(archive: string, project: Project, { tagName, links }: Release): Json {
  const tag = encodeURIComponent(tagName);
  const file = `${project.path.split('/').at(-1)}-${tag}`;
  const sources = ['zip', 'tar.gz', 'tar.bz2', 'tar'].map((format) => ({
    ...{ format, url: `${archive}/${tag}/${file}.${format}` },
  }));
  return { count: sources.length + links.length, sources, links: links.map(linkJson) };
}

export function linkJson({ id, name, url, linkType }: Release['links'][number]): Json {
  return { id, name, url, direct_asset_url: url, link_type: linkType };
}
