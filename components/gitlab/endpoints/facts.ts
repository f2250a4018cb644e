import type { Method } from '../types.ts';

/** Licences, each with all of the one before it. */
export const tiers = ['free', 'premium', 'ultimate'] as const;
export type Tier = (typeof tiers)[number];

/** Roles in a project, each with all of the one before it; `user`: whoever is signed in. */
export const roles = ['user', 'guest', 'planner', 'reporter', 'developer', 'maintainer', 'owner'] as const;
export type Role = (typeof roles)[number];

/** What is known of an endpoint before it is called: the source of docs/gitlab-api.md. */
export interface EndpointFacts {
  /** What it does, in one sentence. */
  readonly about: string;
  readonly method: Method;
  /** Below the API URL: `/projects/:project/jobs/:job`; `*file` may hold slashes. */
  readonly path: string;
  /** Whether a job token may call it, from which version on or with which licence. */
  readonly jobToken: boolean | { readonly since?: string; readonly tier?: Tier };
  readonly tier: Tier;
  /** First version of GitLab that has it, or 18.5, below which we don't go. */
  readonly since: string;
  /** Least role of the token's user in a private project; notes and schedules are changed by who made them. */
  readonly role: Role;
  /** Least scope of an access token; `none`: it is called with another token. */
  readonly scope: 'read_user' | 'read_api' | 'api' | 'none';
  /** What happens when GitLab's answer is lost. `marker`: what the request made is looked for before it is repeated. */
  readonly replay: 'idempotent' | 'never' | 'marker';
  /** Page of GitLab's documentation. */
  readonly source: string;
}

/** The oldest GitLab we work with. */
export const floor = '18.5';
