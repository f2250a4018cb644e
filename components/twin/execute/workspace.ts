import { join } from 'node:path';
import { git } from '../../git/git.ts';
import type { Context } from '../../kernel/context.ts';
import type { Machine, PipelineEvent } from '../types.ts';
import { type EventFacts, readEvent } from './event.ts';
import type { Project } from './project.ts';
import { removeFolder } from './remove.ts';
import { type Snapshot, takeSnapshot } from './snapshot.ts';
import { type Tools, writeTools } from './tools.ts';

/** The temporary folder of one run. */
export interface Workspace {
  readonly temporary: string;
  readonly snapshot: Snapshot;
  readonly facts: EventFacts;
  readonly tools: Tools;
  readonly notes: readonly string[];
}

/**
 * Makes a workspace for an event, hands it to `work` and removes it, whatever happens.
 * @throws TWIN_NO_TARGET, TWIN_GIT
 */
export async function inWorkspace<T>(
  context: Context,
  machine: Machine,
  project: Project,
  event: PipelineEvent,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const temporary = await context.fs.mkdtemp(join(machine.temporary, 'pipewright-local-'));
  try {
    for (const name of ['home', 'executor-home', 'tmp']) await context.fs.mkdir(join(temporary, name));
    const snapshot = await takeSnapshot(context, project, temporary);
    const facts = await readEvent(context, event, snapshot, (name) => commitOf(context, project, name));
    await writeReferences(event, snapshot, facts);
    const notes = [...(await removeExecutorFiles(context, snapshot.folder))];
    if (snapshot.changed && project.head !== undefined) {
      notes.push('uncommitted changes are in a commit on top of HEAD that exists for this run only');
    }
    return await work({
      temporary,
      snapshot,
      facts,
      notes,
      tools: await writeTools(context, machine, temporary),
    });
  } finally {
    await removeFolder(context, temporary);
  }
}

async function commitOf(context: Context, project: Project, name: string): Promise<string | undefined> {
  const found = await git(context, project.root, ['rev-parse', '--verify', '--quiet', `${name}^{commit}`]);
  return found.exitCode === 0 ? found.stdout.trim() : undefined;
}

/** The references a runner leaves in a checkout, and `origin`, from which the executor reads the project's address. */
async function writeReferences(
  event: PipelineEvent,
  { git: run, sha }: Snapshot,
  facts: EventFacts,
): Promise<void> {
  const { place, kind, sourceBranch } = event;
  await run('config', 'remote.origin.url', `https://${place.server}/${place.path}.git`);
  await run('update-ref', 'refs/pipelines/1', sha);
  if (kind !== 'merge-request') await run('update-ref', `refs/remotes/origin/${sourceBranch}`, sha);
  // gitlab-ci-local evaluates `rules:changes` against what origin/HEAD names; a runner's checkout has none.
  if (facts.compared === undefined) return;
  await run('update-ref', 'refs/remotes/origin/pipewright-compared', facts.compared);
  await run('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/pipewright-compared');
}

const executorFiles = ['.gitlab-ci-local', '.gitlab-ci-local.yml', '.gitlab-ci-local-env'];

/** Files that steer gitlab-ci-local, which GitLab does not know: jobs would run differently there. */
async function removeExecutorFiles(context: Context, folder: string): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const name of executorFiles) {
    const file = join(folder, name);
    if ((await context.fs.lstat(file).catch(() => undefined)) === undefined) continue;
    await context.fs.rm(file, { recursive: true, force: true });
    notes.push(`${name} is left out: it steers gitlab-ci-local, and GitLab does not read it`);
  }
  return notes;
}
