import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyTwinFile } from '../../../components/twin/setup/apply-twin-file.ts';
import type { TwinProject } from '../../../components/twin/setup/twin-file.gen.ts';
import { type RunningTwin, startTwin } from '../../../components/twin/twin.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type Case, filesOf, mainProject } from './case-file.ts';
import { perform, type Scene } from './perform.ts';

/**
 * Lets a case happen in a twin of its own and looks at it, once nothing goes on any more.
 *
 * @throws an AggregateError of the mistakes of the twin itself, where it made any
 */
export async function runCase<T>(
  one: Case,
  look: (twin: RunningTwin, refused: readonly string[], folder: string) => T | Promise<T>,
): Promise<T> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pipewright-case-')));
  try {
    const errors: unknown[] = [];
    const twin = await start(one, folder, errors);
    try {
      const scene = { twin, refused: [], tokens: await fill(one, twin, folder) };
      await performAll(scene, one);
      const crashed = [...errors, ...twin.journal.entries.flatMap(({ error }) => error ?? [])];
      if (crashed.length > 0) throw new AggregateError(crashed, 'the twin failed');
      return await look(twin, scene.refused, folder);
    } finally {
      await twin.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function start({ tier, version }: Case, folder: string, errors: unknown[]): Promise<RunningTwin> {
  writeFiles(folder, { 'pipewright.mjs': '' });
  return startTwin(testContext(folder), {
    machine: {
      node: process.execPath,
      entry: join(folder, 'pipewright.mjs'),
      temporary: folder,
      programs: ['/usr/local/bin', '/usr/bin', '/bin'],
    },
    onError: (error) => errors.push(error),
    serverAliases: ['gitlab.com'],
    ...(tier === undefined ? {} : { tier }),
    ...(version === undefined ? {} : { version }),
  });
}

/** Gives the token of each user. */
async function fill(one: Case, twin: RunningTwin, folder: string): Promise<Scene['tokens']> {
  const entries = Object.entries<TwinProject>({ [mainProject]: {}, ...one.projects });
  const projects = entries.map(([path, project]): [string, TwinProject] => {
    if (project.fork_of !== undefined) return [path, project];
    const place = join(folder, 'projects', path);
    writeFiles(place, filesOf(one, path));
    commitAll(place);
    return [path, { ...project, folder: place }];
  });
  const file = { users: one.users ?? {}, projects: Object.fromEntries(projects) };
  return (await applyTwinFile(testContext(folder), twin, file, folder)).tokens;
}

/** A step comes when nothing goes on any more, unless it wants to come before. */
async function performAll(scene: Scene, one: Case): Promise<void> {
  for (const step of one.do ?? [{ push: null }]) {
    if (step.meanwhile !== true && !('until' in step)) await settleAll(scene.twin);
    await perform(scene, step);
  }
  await settleAll(scene.twin);
}

async function settleAll({ world, pipelines }: RunningTwin): Promise<void> {
  for (let seen = -1; seen !== world.pipelines.size; ) {
    seen = world.pipelines.size;
    for (const pipeline of world.pipelines.values()) await pipelines.settled(pipeline);
  }
}
