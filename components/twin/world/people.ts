/** GitLab's access levels: https://docs.gitlab.com/api/access_requests/#valid-access-levels */
export const accessLevels = {
  none: 0,
  guest: 10,
  planner: 15,
  reporter: 20,
  developer: 30,
  maintainer: 40,
  owner: 50,
} as const;
export type Role = keyof typeof accessLevels;
export type AccessLevel = (typeof accessLevels)[Role];

export interface User {
  readonly id: number;
  readonly username: string;
  name: string;
  email: string;
  /** `project_bot` belongs to a project access token, `service_account` to nobody's person. */
  readonly kind: 'human' | 'service_account' | 'project_bot';
  /** Of a service account: the project that made it and may administer it. */
  readonly provisionedById?: number;
  readonly admin: boolean;
  state: 'active' | 'blocked';
  readonly createdAt: string;
}

/** Scopes of personal, project and service account tokens that the twin knows. */
export const scopes = [
  'api',
  'read_api',
  'read_user',
  'read_repository',
  'write_repository',
  'read_registry',
  'write_registry',
  'self_rotate',
] as const;
export type Scope = (typeof scopes)[number];

interface TokenBase {
  readonly value: string;
  readonly id: number;
}

/** Of a person or a service account; a project access token is one of a project's bot user. */
export interface PersonalToken extends TokenBase {
  readonly kind: 'personal';
  readonly userId: number;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  /** Date without a time (`2027-01-31`), in UTC; undefined never ends. */
  readonly expiresAt: string | undefined;
  revoked: boolean;
  /** Of a project access token: its project. */
  readonly projectId: number | undefined;
}

/** `CI_JOB_TOKEN`: it is its pipeline's user while the job runs. */
export interface JobToken extends TokenBase {
  readonly kind: 'job';
  readonly jobId: number;
}

/** Of a project: starts pipelines with its owner's rights and can nothing else. */
export interface TriggerToken extends TokenBase {
  readonly kind: 'trigger';
  readonly projectId: number;
  readonly ownerId: number;
  description: string;
  readonly createdAt: string;
  /** When it is over; undefined never is. */
  expiresAt?: string;
}

export type Token = PersonalToken | JobToken | TriggerToken;
