import { json } from '../read-body.ts';
import { defineEndpoint } from './define.ts';
import { floor } from './facts.ts';
import { firstOf } from './first-of.ts';
import type { OfRelease } from './releases.ts';
import { integer, list, record, text } from './shape.ts';

const common = {
  jobToken: true,
  tier: 'free',
  since: floor,
  source: 'docs.gitlab.com/api/releases/links',
  path: '/projects/:project/releases/:tag/assets/links',
} as const;

export interface ReleaseLink {
  readonly id: number;
  readonly name: string;
  readonly url: string;
}

const linkShape = record<ReleaseLink>({ id: integer, name: text, url: text });

export const listReleaseLinks = defineEndpoint(
  {
    ...{ ...common, about: 'List the links of a release', method: 'GET' },
    ...{ role: 'guest', scope: 'read_api', replay: 'idempotent' },
  },
  (call, input: OfRelease): AsyncGenerator<ReleaseLink> => call.list(input, json(list(linkShape))),
);

/** Name and URL are unique in a release; a second is refused (400). */
export const createReleaseLink = defineEndpoint(
  {
    ...{ ...common, about: 'Add a link to a release', method: 'POST' },
    ...{ role: 'developer', scope: 'api', replay: 'marker' },
  },
  (
    call,
    input: OfRelease &
      Omit<ReleaseLink, 'id'> & { readonly linkType?: 'other' | 'runbook' | 'image' | 'package' },
  ): Promise<ReleaseLink> => {
    const { name, url, linkType } = input;
    const isSame = (link: ReleaseLink) => link.name === name && link.url === url;
    const found = () => firstOf(listReleaseLinks(call.gitlab, input), isSame);
    return call.send(input, json(linkShape), { body: { json: { name, url, link_type: linkType } }, found });
  },
);

export const deleteReleaseLink = defineEndpoint(
  {
    ...{ ...common, about: 'Take a link from a release', method: 'DELETE', path: `${common.path}/:link` },
    ...{ role: 'developer', scope: 'api', replay: 'idempotent' },
  },
  (call, input: OfRelease & { readonly link: number }) => call.remove(input),
);
