import type { Clock } from '../../kernel/context.ts';
import type { Token, User } from './people.ts';
import type { Job, Pipeline } from './pipeline.ts';
import type { Project } from './project.ts';
import type { Runner } from './runner.ts';

export type Tier = 'free' | 'premium' | 'ultimate';

/** All that this GitLab holds, in memory; bytes of repositories, artifacts and packages lie in its folder. */
export interface World {
  /** Of GitLab, `18.5.0`: what newer versions can, this one cannot. */
  readonly version: string;
  readonly tier: Tier;
  /** Address without a slash at its end: `http://127.0.0.1:40001/gitlab`; known once it listens. */
  url: string;
  /** Folder of this twin, removed when it closes. */
  readonly folder: string;
  readonly clock: Clock;
  readonly users: Map<number, User>;
  /** By value. */
  readonly tokens: Map<string, Token>;
  readonly projects: Map<number, Project>;
  readonly pipelines: Map<number, Pipeline>;
  readonly jobs: Map<number, Job>;
  readonly runners: Map<number, Runner>;
  /** The next number of a kind: users, notes and so on count apart, as in a database's tables. */
  readonly nextId: (kind: string) => number;
}

export interface WorldOptions {
  readonly version?: string;
  readonly tier?: Tier;
  readonly folder: string;
  readonly clock: Clock;
}

export function createWorld({ version = '18.5.0', tier = 'free', folder, clock }: WorldOptions): World {
  const last = new Map<string, number>();
  return {
    ...{ version, tier, folder, clock, url: 'http://127.0.0.1' },
    users: new Map(),
    tokens: new Map(),
    projects: new Map(),
    pipelines: new Map(),
    jobs: new Map(),
    runners: new Map([[1, instanceRunner()]]),
    nextId: (kind) => {
      const id = (last.get(kind) ?? 0) + 1;
      last.set(kind, id);
      return id;
    },
  };
}

/** The time as GitLab's API writes it: `2026-11-21T03:31:16.000Z`. */
export function timeOf({ clock }: Pick<World, 'clock'>): string {
  return new Date(clock.now()).toISOString();
}

/** The next number of a project's own count, which people see: merge requests, issues, pipelines. */
export function nextIid(project: Project, kind: string): number {
  const iid = (project.iids.get(kind) ?? 0) + 1;
  project.iids.set(kind, iid);
  return iid;
}

/** A project by number or by full path, in either case of letters. */
export function findProject(world: World, idOrPath: string | number): Project | undefined {
  if (/^\d+$/.test(String(idOrPath))) return world.projects.get(Number(idOrPath));
  const wanted = String(idOrPath).toLowerCase();
  return [...world.projects.values()].find(({ path }) => path.toLowerCase() === wanted);
}

export function findUser(world: World, idOrName: string | number): User | undefined {
  if (/^\d+$/.test(String(idOrName))) return world.users.get(Number(idOrName));
  const wanted = String(idOrName).toLowerCase();
  return [...world.users.values()].find(({ username }) => username.toLowerCase() === wanted);
}

/** Whether GitLab has come to a version, `18.3`. */
export function isAtLeast({ version }: Pick<World, 'version'>, wanted: string): boolean {
  const [here = [], there = []] = [version, wanted].map((text) => text.split('.').map(Number));
  const [major = 0, minor = 0] = here;
  const [wantedMajor = 0, wantedMinor = 0] = there;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** The one that each job says it ran on. */
function instanceRunner(): Runner {
  return {
    ...{ id: 1, description: 'twin', type: 'instance_type', projectIds: new Set(), locked: false },
    ...{ paused: false, status: 'online', tags: [], runUntagged: true, accessLevel: 'not_protected' },
  };
}
