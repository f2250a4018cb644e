import { json } from '../read-body.ts';
import { defineEndpoint, type OfProject } from './define.ts';
import { floor } from './facts.ts';
import { flag, integer, list, optional, record, text } from './shape.ts';

/** A project access token; GitLab shows its value to nobody. */
export interface AccessToken {
  readonly id: number;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly revoked: boolean;
  /** Neither revoked nor expired. */
  readonly active: boolean;
  /** Role of its bot, as a number. */
  readonly accessLevel: number | undefined;
  /** Date without a time, on which it is over; undefined: it never is. */
  readonly expiresAt: string | undefined;
}

const shape = record<AccessToken>({
  ...{ id: integer, name: text, scopes: list(text), revoked: flag, active: flag },
  ...{ accessLevel: optional(integer), expiresAt: optional(text) },
});

/** Those that are revoked too. Tokens of groups and of people are not among them. */
export const listProjectTokens = defineEndpoint(
  {
    ...{
      about: 'List the access tokens of a project',
      method: 'GET',
      path: '/projects/:project/access_tokens',
    },
    ...{ jobToken: false, tier: 'free', since: floor, role: 'maintainer', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/project_access_tokens' },
  },
  (call, input: OfProject): AsyncGenerator<AccessToken> => call.list(input, json(list(shape))),
);
