import { join, sep } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { FileSystem } from '../../kernel/context.ts';
import { levelOf } from '../world/access.ts';
import { accessLevels, type User } from '../world/people.ts';
import type { Artifacts, Job } from '../world/pipeline.ts';
import type { Project } from '../world/project.ts';
import type { World } from '../world/world.ts';
import { latestSuccessful } from './successful-pipelines.ts';

/**
 * A job's artifacts unless they have expired. Those of the latest successful pipeline of a ref stay, where the project
 * keeps them. Source: docs.gitlab.com/ci/jobs/job_artifacts, "Keep artifacts from most recent successful jobs"
 */
export function availableArtifacts(world: World, job: Job): Artifacts | undefined {
  const { artifacts } = job;
  if (artifacts?.expireAt === undefined || Date.parse(artifacts.expireAt) > world.clock.now())
    return artifacts;
  const project = world.projects.get(job.projectId);
  const pipeline = world.pipelines.get(job.pipelineId);
  if (project?.settings.keep_latest_artifact !== true || pipeline === undefined) return undefined;
  const [latest] = latestSuccessful(world, project, pipeline.ref);
  return latest === pipeline ? artifacts : undefined;
}

/** `artifacts:access`. Source: docs.gitlab.com/ci/yaml, `artifacts:access` */
export function mayReadArtifacts(user: User | undefined, project: Project, { access }: Artifacts): boolean {
  if (access === 'all') return true;
  return access !== 'none' && levelOf(user, project) >= accessLevels[access];
}

/** The archive: files of `artifacts:paths` as they are; those of reports are not in it. */
export async function archiveOf(fs: FileSystem, artifacts: Artifacts): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const name of artifacts.files) {
    const bytes = await readFileBelow(fs, artifacts.folder, name);
    if (bytes !== undefined) files[name] = bytes;
  }
  // Not compressed: it stays on this machine, and so its size is known without reading the files.
  return zipSync(files, { level: 0, mtime: firstZipTime });
}

/** Bytes of {@link archiveOf}, of a header and an entry in the directory for each file, and the end. */
export async function archiveSize(fs: FileSystem, { folder, files }: Artifacts): Promise<number> {
  let size = 22;
  for (const name of files) {
    const path = await pathBelow(fs, folder, name);
    if (path !== undefined) size += 30 + 46 + 2 * strToU8(name).length + (await fs.stat(path)).size;
  }
  return size;
}

export async function reportsSize(
  fs: FileSystem,
  { reportsFolder }: Artifacts,
  names: readonly string[],
): Promise<number> {
  const sizes = names.map(async (name) => {
    const path = await pathBelow(fs, reportsFolder, name);
    return path === undefined ? 0 : (await fs.stat(path)).size;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

/** A file below a folder; undefined where there is none, and where a link of the job's leads out of it. */
export async function readFileBelow(
  fs: FileSystem,
  folder: string,
  name: string,
): Promise<Uint8Array | undefined> {
  const path = await pathBelow(fs, folder, name);
  return path === undefined ? undefined : fs.readFile(path);
}

async function pathBelow(fs: FileSystem, folder: string, name: string): Promise<string | undefined> {
  try {
    const path = await fs.realpath(join(folder, name));
    const inside = path.startsWith(`${await fs.realpath(folder)}${sep}`);
    return inside && (await fs.stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined;
  }
}

/** The earliest a zip can say, in any timezone. */
const firstZipTime = new Date(1980, 0, 2);
