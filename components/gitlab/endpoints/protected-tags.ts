import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { integer, list, optional, record, text } from './shape.ts';

export interface ProtectedTag {
  /** Of a tag, or a pattern with `*`. */
  readonly name: string;
  /** Undefined where it names a user, group or key. */
  readonly createAccessLevels: readonly { readonly accessLevel: number | undefined }[];
}

const shape = record<ProtectedTag>({
  name: text,
  createAccessLevels: list(record({ accessLevel: optional(integer) })),
});

/** All rules, of names and of patterns with `*`. */
export const listProtectedTags = defineEndpoint(
  {
    ...{ about: 'List the protected tags of a project', method: 'GET' },
    ...{ path: '/projects/:project/protected_tags', role: 'maintainer', scope: 'read_api' },
    ...{ jobToken: false, tier: 'free', since: floor, replay: 'idempotent' },
    source: 'docs.gitlab.com/api/protected_tags',
  },
  (call, input: OfProject): AsyncGenerator<ProtectedTag> => call.list(input, json(list(shape))),
);
