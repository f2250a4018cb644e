import { onProject } from '../server/on-project.ts';
import { invalidRecord, notFound } from '../server/reply.ts';
import type { Access, ProjectCall, Route } from '../server/types.ts';
import type { Release } from '../world/project.ts';
import type { World } from '../world/world.ts';
import { textOf, wordOf } from './given.ts';
import { linkJson } from './json/release.ts';

type Link = Release['links'][number];

const read: Access = { role: 'anyone', jobToken: true };
const write: Access = { role: 'developer', jobToken: true };
const all = '/projects/:id/releases/:tag_name/assets/links';
const one = `${all}/:link_id`;
const types = ['other', 'runbook', 'image', 'package'] as const;

/** Source: docs.gitlab.com/api/releases/links */
export const releaseLinksRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: all,
    access: read,
    handle: onProject((call) => ({ list: releaseOf(call).links.toReversed().map(linkJson) })),
  },
  {
    method: 'POST',
    path: all,
    access: write,
    handle: onProject((call) => ({
      json: linkJson(addLink(call.twin.world, releaseOf(call), call.body)),
      status: 201,
    })),
  },
  {
    method: 'GET',
    path: one,
    access: read,
    handle: onProject((call) => ({ json: linkJson(linkOf(call)) })),
  },
  {
    method: 'PUT',
    path: one,
    access: write,
    handle: onProject((call) => {
      const { name, url, link_type } = call.body;
      const link = linkOf(call);
      const changed: Link = {
        ...link,
        name: textOf(name) ?? link.name,
        url: textOf(url) ?? link.url,
        linkType: wordOf(link_type, types) ?? link.linkType,
      };
      assertValid(releaseOf(call), changed);
      return { json: linkJson(Object.assign(link, changed)) };
    }),
  },
  {
    method: 'DELETE',
    path: one,
    access: write,
    handle: onProject((call) => {
      const { links } = releaseOf(call);
      const [link] = links.splice(links.indexOf(linkOf(call)), 1);
      return { json: linkJson(link ?? linkOf(call)), status: 200 };
    }),
  },
];

/** @throws Refusal 400 for a name or an address that is taken, or is no address */
export function addLink(world: World, release: Release, sent: Readonly<Record<string, unknown>>): Link {
  const link: Link = {
    id: world.nextId('release_link'),
    name: textOf(sent.name) ?? '',
    url: textOf(sent.url) ?? '',
    linkType: wordOf(sent.link_type, types) ?? 'other',
  };
  assertValid(release, link);
  release.links.push(link);
  return link;
}

function assertValid({ links }: Release, { id, name, url }: Link): void {
  const others = links.filter((other) => other.id !== id);
  const mistakes = {
    ...(name === '' && { name: ["can't be blank"] }),
    ...(others.some((other) => other.name === name) && { name: ['has already been taken'] }),
    ...(others.some((other) => other.url === url) && { url: ['has already been taken'] }),
    ...(!/^(https?|ftp):\/\/./.test(url) && {
      url: ['is blocked: Only allowed schemes are http, https, ftp'],
    }),
  };
  if (Object.keys(mistakes).length > 0) throw invalidRecord(mistakes);
}

function releaseOf({ project, params }: ProjectCall): Release {
  const release = project.releases.get(params.tag_name ?? '');
  if (release === undefined) throw notFound();
  return release;
}

function linkOf(call: ProjectCall): Link {
  const link = releaseOf(call).links.find(({ id }) => id === Number(call.params.link_id));
  if (link === undefined) throw notFound();
  return link;
}
