import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import type { Repositories } from '../../ports.ts';
import { removeFolder } from '../../remove-folder.ts';
import type { Machine } from '../../types.ts';
import type { World } from '../../world/world.ts';
import type { Attempt, Runner } from '../types.ts';
import { type AttemptRun, runAttempt } from './attempt.ts';
import { createCaches } from './caches.ts';
import { type Desk, layOutDesk } from './desk.ts';
import { reasonOfStop } from './execute.ts';
import { attemptFolders, pipelineFolder } from './folders.ts';
import { fetchSources } from './sources.ts';
import { createTrace, red } from './trace.ts';

export interface RunnerOptions {
  /** Seconds a script may go on after SIGTERM before SIGKILL comes. Default 10. */
  readonly graceSeconds?: number;
  /** Bytes of a job's artifacts, all together. Default 100 MiB, GitLab's own. */
  readonly maxArtifactBytes?: number;
}

/**
 * A runner that executes jobs on this machine, each attempt in a checkout and by shells of its own, below the world's
 * folder. Attempts can run at the same time.
 */
export function createRunner(
  context: Context,
  machine: Machine,
  world: World,
  repositories: Pick<Repositories, 'folderOf'>,
  options: RunnerOptions = {},
): Runner {
  let desk: Promise<Desk> | undefined;
  const sources = new Map<string, Promise<void>>();
  const caches = createCaches(context, world);
  const once = (folder: string, make: () => Promise<void>): Promise<void> => {
    const known = sources.get(folder) ?? make();
    sources.set(folder, known);
    // A fetch that failed may go well the next time.
    known.catch(() => sources.delete(folder));
    return known;
  };
  return {
    run: async (attempt, stop, sink) => {
      if (stop.aborted) return { kind: reasonOfStop(stop) === 'lost' ? 'lost' : 'canceled' };
      const project = world.projects.get(attempt.job.projectId);
      if (project === undefined) return { kind: 'system', message: 'the project is gone' };
      const trace = createTrace(sink, () => secretsOf(world, attempt), context.clock.now);
      const folders = attemptFolders(world, project, attempt.job);
      try {
        desk ??= layOutDesk(context, machine, join(world.folder, 'runner'));
        desk.catch(() => {
          desk = undefined;
        });
        const run: AttemptRun = {
          ...{ attempt, stop, trace, folders, world, project, caches },
          desk: await desk,
          graceSeconds: options.graceSeconds ?? 10,
          maxArtifactBytes: options.maxArtifactBytes ?? 100 * 1024 * 1024,
          fetch: async (depth) => {
            const folder = join(pipelineFolder(world, attempt.job.pipelineId), `sources-${depth}`);
            const from = repositories.folderOf(project);
            await once(folder, () => fetchSources(context, from, folder, attempt.planned.pipeline, depth));
            return folder;
          },
        };
        return await runAttempt(context, run);
      } catch (error) {
        if (context.cancel.aborted || !(error instanceof Error)) throw error;
        trace.say(red(`ERROR: Job failed (system failure): ${error.message}`));
        return { kind: 'system', message: error.message };
      } finally {
        trace.end();
        await removeFolder(context, folders.root);
      }
    },
    forget: async ({ pipeline }) => {
      const folder = pipelineFolder(world, pipeline.id);
      for (const known of sources.keys()) if (known.startsWith(`${folder}/`)) sources.delete(known);
      await removeFolder(context, folder);
    },
  };
}

function* secretsOf(world: World, { variables }: Attempt): Generator<string> {
  for (const { masked, value } of variables) if (masked) yield value;
  yield* world.tokens.keys();
}
