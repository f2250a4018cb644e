import { join } from 'node:path';
import type { Job } from '../../world/pipeline.ts';
import type { Project } from '../../world/project.ts';
import type { World } from '../../world/world.ts';

/** Where one attempt of a job lives; all of it but its artifacts goes when it ends. */
export interface AttemptFolders {
  readonly root: string;
  /** What runs it: its scripts, its variables, how far they are. */
  readonly control: string;
  /** `CI_BUILDS_DIR` */
  readonly builds: string;
  /** `CI_PROJECT_DIR` */
  readonly project: string;
  /** Files of file variables, beside the checkout, as a runner puts them. */
  readonly files: string;
  readonly home: string;
  readonly temporary: string;
  /** What it keeps. */
  readonly artifacts: string;
}

type JobPlace = Pick<Job, 'id' | 'pipelineId'>;

/** Where the attempts of a pipeline and what they share live. */
export function pipelineFolder(world: Pick<World, 'folder'>, pipelineId: number): string {
  return join(world.folder, 'pipelines', String(pipelineId));
}

/** The folders of one attempt, told by its number alone. */
export function attemptFolders(
  world: Pick<World, 'folder'>,
  project: Pick<Project, 'path'>,
  job: JobPlace,
): AttemptFolders {
  const root = join(pipelineFolder(world, job.pipelineId), String(job.id));
  const builds = join(root, 'builds');
  // Whoever makes projects refuses such paths; here one would lead out of the twin's own folder.
  const checkout = join(builds, ...project.path.split('/').map((part) => part.replace(/^\.+$/, '_')));
  return {
    ...{ root, builds, project: checkout, files: `${checkout}.tmp` },
    control: join(root, 'control'),
    home: join(root, 'home'),
    temporary: join(root, 'tmp'),
    artifacts: join(world.folder, 'artifacts', String(job.id)),
  };
}

/** The variables of a job that only its runner knows; whoever expands others needs them. */
export function pathVariables(
  world: Pick<World, 'folder'>,
  project: Pick<Project, 'path'>,
  job: JobPlace,
): Readonly<Record<string, string>> {
  const folders = attemptFolders(world, project, job);
  return { CI_BUILDS_DIR: folders.builds, CI_PROJECT_DIR: folders.project };
}
