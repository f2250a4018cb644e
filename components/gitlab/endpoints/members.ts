import { json } from '../read-body.ts';
import type { GitLab } from '../types.ts';
import { defineEndpoint, type OfProject, unlessMissing } from './define.ts';
import { floor } from './facts.ts';
import { integer, record, text } from './shape.ts';

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

export const readMember = defineEndpoint(
  {
    ...{ about: 'Get the role of a user, inherited ones too', method: 'GET', jobToken: false, tier: 'free' },
    ...{ path: '/projects/:project/members/all/:user', since: floor, role: 'guest', scope: 'read_api' },
    ...{ replay: 'idempotent', source: 'docs.gitlab.com/api/project_members' },
  },
  (call, input: OfMember): Promise<Member> => call.send(input, json(shape)),
);

/**
 * What a user is in a project; undefined where they are nothing in it, and where the token cannot see the project.
 * Administrators are members of what they were made members of alone.
 */
export function getMember(gitlab: GitLab, input: OfMember): Promise<Member | undefined> {
  return unlessMissing(readMember(gitlab, input));
}
