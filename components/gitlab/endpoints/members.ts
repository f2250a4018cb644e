import { json } from '../read-body.ts';
import type { GitLab } from '../types.ts';
import { defineEndpoint, type OfProject, unlessMissing } from './define.ts';
import { floor } from './facts.ts';
import { integer, list, record, text } from './shape.ts';

export interface OfMember extends OfProject {
  /** Number of the user. */
  readonly user: number;
}

/** What somebody is in a project, be it by the project, by a group above it or by a group that was invited. */
export interface Member {
  /** Number of the user. */
  readonly id: number;
  readonly username: string;
  /** The highest: 10 guest, 15 planner, 20 reporter, 30 developer, 40 maintainer, 50 owner. */
  readonly accessLevel: number;
  /** Of the user: `active`, or `blocked` and its like, with whom no right counts. */
  readonly state: string;
}

const shape = record<Member>({ id: integer, username: text, accessLevel: integer, state: text });

const common = {
  method: 'GET',
  jobToken: false,
  tier: 'free',
  since: floor,
  role: 'guest',
  scope: 'read_api',
  replay: 'idempotent',
  source: 'docs.gitlab.com/api/project_members',
} as const;
const all = '/projects/:project/members/all';

export const readMember = defineEndpoint(
  { ...common, about: 'Get the role of a user, inherited ones too', path: `${all}/:user` },
  (call, input: OfMember): Promise<Member> => call.send(input, json(shape)),
);

/** Everybody who is something in a project, each once with the highest of their roles. */
export const listMembers = defineEndpoint(
  { ...common, about: 'List the members of a project, inherited ones too', path: all },
  (call, input: OfProject): AsyncGenerator<Member> => call.list(input, json(list(shape))),
);

/**
 * What a user is in a project; undefined where they are nothing in it, and where the token cannot see the project.
 * Administrators are members of what they were made members of alone.
 */
export function getMember(gitlab: GitLab, input: OfMember): Promise<Member | undefined> {
  return unlessMissing(readMember(gitlab, input));
}
