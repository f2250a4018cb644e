import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../../components/kernel/context.ts';
import type { LocalRequest } from '../../../components/twin/local/request.ts';
import { folderOf } from '../../../components/twin/local/results.ts';
import { type LocalResult, runLocal } from '../../../components/twin/local/run.ts';
import type { StepResult } from '../../../components/twin/local/run-step.ts';
import type { FlatConfig, JobResult, Machine, PipelineResult } from '../../../components/twin/types.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, workspace, writeFiles } from '../../support/workspace.ts';
import { testMachine } from '../harness.ts';

/** A repository with one commit of these files and a configuration on branch main. */
export function makeProject(config: FlatConfig, files: Readonly<Record<string, string>> = {}): string {
  const folder = workspace(files);
  configure(folder, config);
  commitAll(folder);
  return folder;
}

/** Writes a configuration; JSON is YAML. */
export function configure(folder: string, config: FlatConfig): void {
  writeFiles(folder, { '.gitlab-ci.yml': `${JSON.stringify(config, null, 2)}\n` });
}

export interface Surroundings {
  readonly context?: Context;
  readonly machine?: Machine;
}

export interface Tried extends LocalResult {
  readonly steps: readonly StepResult[];
  /** The newest pipeline. */
  readonly pipeline: PipelineResult;
  readonly job: (name: string) => JobResult;
  /** Names of jobs with what became of them. */
  readonly outcomes: Readonly<Record<string, string>>;
  /** Folder of a job's artifacts. */
  readonly artifacts: (job: string) => string;
  readonly log: (job: string) => Promise<string>;
}

/** Runs `pipewright local` in a folder, without its command line; everything has the default of its flag. */
export async function tryLocal(
  folder: string,
  change: Partial<LocalRequest> = {},
  { context = testContext(folder), machine = testMachine() }: Surroundings = {},
): Promise<Tried> {
  const steps: StepResult[] = [];
  const request: LocalRequest = {
    ...{
      event: undefined,
      job: undefined,
      file: '.gitlab-ci.yml',
      projects: [],
      ownProjects: new Map(),
      ownVersion: '0.0.0',
    },
    ...{ path: 'acme/tools/app', server: undefined, sourceBranch: undefined, targetBranch: undefined },
    ...{ variables: [], steps: [], twinFile: undefined, tier: undefined, serve: false, port: 0 },
    ...{ schemaFile: undefined, out: '.pipewright', dryRun: false, ...change },
  };
  const result = await runLocal(context, machine, request, {
    onStep: (step) => steps.push(step),
    onServe: () => undefined,
  });
  const pipeline = steps.flatMap((step) => step.pipelines).at(-1);
  if (pipeline === undefined) throw new Error(`no pipeline: ${JSON.stringify({ ...result, steps })}`);
  return {
    ...{ ...result, steps, pipeline },
    job: (name) => {
      const found = pipeline.jobs.find((one) => one.name === name);
      if (found === undefined) throw new Error(`no job ${name}`);
      return found;
    },
    outcomes: Object.fromEntries(pipeline.jobs.map(({ name, outcome }) => [name, outcome])),
    artifacts: (name) => join(pipeline.folder, 'artifacts', folderOf(name)),
    log: (name) => readFile(join(pipeline.folder, 'logs', `${folderOf(name)}.log`), 'utf8'),
  };
}
