import { join } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { downloadArtifacts } from './endpoints/artifacts.ts';
import { unlessMissing } from './endpoints/define.ts';
import type { OfJob } from './endpoints/jobs.ts';
import type { GitLab } from './types.ts';

/**
 * The archive of a job's artifacts, in memory; undefined where there is none, or none that the token can see.
 * @throws GITLAB_TOO_LARGE, GITLAB_FORBIDDEN and its like
 */
export async function readJobArchive(
  context: Pick<Context, 'cwd' | 'env' | 'fs'>,
  gitlab: GitLab,
  { project, job }: OfJob,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const folder = await context.fs.mkdtemp(join(context.env.TMPDIR ?? '/tmp', 'pipewright-artifacts-'));
  const file = join(folder, 'archive.zip');
  try {
    const facts = await unlessMissing(
      downloadArtifacts(gitlab, context, { project, job }, { file, maxBytes }),
    );
    return facts === undefined ? undefined : await context.fs.readFile(file);
  } finally {
    await context.fs.rm(folder, { recursive: true, force: true });
  }
}
