import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Context } from '../../../components/kernel/context.ts';
import { folderOf } from '../../../components/twin/execute/gitlab-ci-local.ts';
import { readProject } from '../../../components/twin/execute/project.ts';
import { executePipeline } from '../../../components/twin/execute/run.ts';
import { pipelineVariables } from '../../../components/twin/execute/variables.ts';
import { inWorkspace } from '../../../components/twin/execute/workspace.ts';
import type {
  EventKind,
  FlatConfig,
  JobResult,
  Machine,
  PipelineResult,
} from '../../../components/twin/types.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, workspace } from '../../support/workspace.ts';

/** A repository with one commit of these files on branch main. */
export function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = workspace(files);
  commitAll(folder);
  return folder;
}

/** This machine, with a `pipewright` that tells its name and a folder of its own for temporary files. */
export async function testMachine(change: Partial<Machine> = {}): Promise<Machine> {
  const entry = join(workspace(), 'our-pipewright.mjs');
  await writeFile(entry, `console.log('our pipewright', process.argv.slice(2).join(' '));\n`);
  return {
    node: process.execPath,
    entry,
    executor: createRequire(import.meta.url).resolve('gitlab-ci-local'),
    temporary: workspace(),
    programs: ['/usr/local/bin', '/usr/bin', '/bin'],
    ...change,
  };
}

export interface Try {
  readonly event?: EventKind;
  readonly job?: string;
  readonly target?: string;
  readonly machine?: Machine;
  readonly context?: Context;
}

export interface Tried extends PipelineResult {
  readonly job: (name: string) => JobResult;
  /** Names of jobs with what became of them. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Folder of a job's artifacts. */
  readonly artifacts: (job: string) => string;
  /** A file of a job's artifacts. */
  readonly artifact: (job: string, file: string) => Promise<string>;
  readonly log: (job: string) => Promise<string>;
}

/** Executes a flat configuration in a project. */
export async function tryPipeline(folder: string, config: FlatConfig, options: Try = {}): Promise<Tried> {
  const context = options.context ?? testContext(folder);
  const machine = options.machine ?? (await testMachine());
  const project = await readProject(context, folder);
  const event = {
    kind: options.event ?? 'push',
    place: { server: 'gitlab.local', path: 'acme/tools/app' },
    sourceBranch: project.branch ?? 'main',
    targetBranch: options.target ?? project.defaultBranch,
    defaultBranch: project.defaultBranch,
  } as const;
  const result = await inWorkspace(context, machine, project, event, (workspace) =>
    executePipeline(context, workspace, {
      ...{ machine, event, config, facts: workspace.facts, job: options.job },
      variables: pipelineVariables(event, workspace.facts),
      out: join(folder, '.pipewright'),
    }),
  );
  const job = (name: string): JobResult => {
    const found = result.jobs.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no job ${name}`);
    return found;
  };
  const artifacts = (name: string) => join(result.folder, 'artifacts', folderOf(name));
  return {
    ...result,
    job,
    outcomes: Object.fromEntries(result.jobs.map(({ name, outcome }) => [name, outcome])),
    artifacts,
    artifact: (name, file) => readFile(join(artifacts(name), file), 'utf8'),
    log: (name) => readFile(join(result.folder, 'logs', `${name}.log`), 'utf8'),
  };
}
