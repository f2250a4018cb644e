import type { EventKind } from '../types.ts';
import type { Tier } from '../world/world.ts';

/** What `pipewright local` is asked for. */
export interface LocalRequest {
  /** Undefined takes the steps, and a push where there are none. */
  readonly event: EventKind | undefined;
  readonly job: string | undefined;
  readonly file: string;
  /** `group/path=folder`, each. */
  readonly projects: readonly string[];
  /** Served without being asked for, unless a project of that path is given. */
  readonly ownProjects: ReadonlyMap<string, string>;
  /** Of what runs: includes find the own projects by it, before it is released too. */
  readonly ownVersion: string;
  readonly path: string | undefined;
  readonly server: string | undefined;
  readonly sourceBranch: string | undefined;
  readonly targetBranch: string | undefined;
  /** `NAME=value`, each. */
  readonly variables: readonly string[];
  /** What happens instead of the event. */
  readonly steps: readonly string[];
  /** Twin file; undefined takes `twin.yaml`, where there is one. */
  readonly twinFile: string | undefined;
  readonly tier: Tier | undefined;
  /** Keep it up until it is cancelled. */
  readonly serve: boolean;
  readonly port: number;
  readonly schemaFile: string | undefined;
  readonly out: string;
  /** Render and check only. */
  readonly dryRun: boolean;
}
