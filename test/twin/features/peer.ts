import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { RunningTwin } from '../../../components/twin/twin.ts';
import type { Job, Pipeline } from '../../../components/twin/world/pipeline.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { git } from '../../support/repository.ts';

/** What became of the jobs of a pipeline, by name. */
export type Outcomes = Readonly<Record<string, Outcome>>;

export interface Outcome {
  readonly end: 'success' | 'failed' | 'failed, allowed' | 'not run';
  /** Files of `artifacts:paths`; those of a job that did not run are none. */
  readonly artifacts: readonly string[];
}

/** gitlab-ci-local isolates jobs with rsync. */
export function hasPeer(): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'rsync')));
}

/** Of a pipeline and of the children its jobs triggered: `[call] -> test` is the job `test` of the child of `call`. */
export function outcomesOfTwin(twin: RunningTwin, { jobs }: Pipeline): Outcomes {
  const latest = jobs.filter(({ retried }) => !retried);
  const all = latest.flatMap((job): [string, Outcome][] => {
    const child = twin.world.pipelines.get(job.downstreamPipelineId ?? 0);
    const below = child === undefined ? [] : Object.entries(outcomesOfTwin(twin, child));
    return [
      [job.name, { end: endOf(job), artifacts: (job.artifacts?.files ?? []).toSorted() }],
      ...below.map(([name, outcome]): [string, Outcome] => [`[${job.name}] -> ${name}`, outcome]),
    ];
  });
  return Object.fromEntries(all);
}

function endOf({ status, allowFailure }: Job): Outcome['end'] {
  if (status === 'success') return status;
  if (status !== 'failed') return 'not run';
  return allowFailure ? 'failed, allowed' : 'failed';
}

/**
 * Lets gitlab-ci-local alone run the whole of a pipeline from its rendered configuration: it decides on rules, stages,
 * needs and failures itself, and sees nothing of the twin but the commit.
 */
export async function outcomesOfPeer(
  twin: RunningTwin,
  project: Project,
  pipeline: Pipeline,
  { folder, played }: { readonly folder: string; readonly played: readonly string[] },
): Promise<Outcomes> {
  const place = join(folder, 'peer');
  const work = join(place, 'work');
  mkdirSync(join(place, 'home'), { recursive: true });
  checkOut(twin, project, pipeline, work);
  writeFileSync(join(place, 'pipeline.yml'), JSON.stringify(pipeline.config));
  writeFileSync(join(place, 'variables.yml'), JSON.stringify(variablesOf(project, pipeline)));
  const run = (...args: string[]) => runPeer(place, [...argumentsOf(twin, pipeline), ...args]);
  const listed = await run('--list-json', '--no-json-schema-validation');
  const jobs = JSON.parse(listed.slice(listed.search(/^\[/m))) as readonly { name: string; when: string }[];
  const names = jobs.filter(({ when }) => when !== 'never').map(({ name }) => name);
  const ends = readEnds(await run(...played.flatMap((name) => ['--manual', name])), names);
  const state = join(work, '.gitlab-ci-local');
  return Object.fromEntries(
    [...new Set([...names, ...ends.keys()])].map((name) => [
      nameOnGitlab(name),
      { end: ends.get(name) ?? 'not run', artifacts: filesIn(join(state, 'artifacts', folderOf(name))) },
    ]),
  );
}

function checkOut(twin: RunningTwin, project: Project, { id, ref, sha }: Pipeline, work: string): void {
  const repository = twin.repositories.folderOf(project);
  git(repository, 'clone', '--quiet', repository, work);
  git(work, 'checkout', '--quiet', '-B', ref, sha);
  const pipeline = twin.world.pipelines.get(id);
  const compared = pipeline && twin.pipelines.plannedOf(pipeline)?.compared;
  // It compares with what origin/HEAD names.
  if (compared !== undefined) {
    git(work, 'update-ref', 'refs/remotes/origin/compared', compared);
    git(work, 'symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/compared');
  }
}

/** In the form of its own that knows files and environments. */
function variablesOf({ variables }: Project, pipeline: Pipeline): Readonly<Record<string, object>> {
  const given = pipeline.variables.map((variable) => ({ ...variable, environmentScope: '*' }));
  const entries = [...variables, ...given].map(({ key, value, variableType, environmentScope }) => {
    return [
      key,
      { type: variableType === 'file' ? 'file' : 'variable', values: { [environmentScope]: value } },
    ] as const;
  });
  return Object.fromEntries(entries);
}

function argumentsOf(twin: RunningTwin, pipeline: Pipeline): string[] {
  const compares = twin.pipelines.plannedOf(pipeline)?.compared !== undefined;
  return [
    ...['--file', '../pipeline.yml', '--variables-file', '../variables.yml'],
    ...[
      '--ignores-file',
      '../none',
      '--inputs-file',
      '../none',
      '--variable',
      `CI_PIPELINE_SOURCE=${pipeline.source}`,
    ],
    ...[
      '--force-shell-executor',
      '--shell-isolation',
      '--no-artifacts-to-source',
      '--no-json-schema-validation',
    ],
    ...(compares ? [] : ['--evaluate-rule-changes=false']),
  ];
}

/** Its exit code tells no more than that something failed. */
async function runPeer(place: string, args: readonly string[]): Promise<string> {
  const gitlabCiLocal = createRequire(import.meta.url).resolve('gitlab-ci-local');
  const options = {
    cwd: join(place, 'work'),
    env: { PATH: process.env.PATH ?? '', HOME: join(place, 'home'), TMPDIR: place, LANG: 'C.UTF-8' },
  };
  const run = promisify(execFile)(process.execPath, [gitlabCiLocal, ...args], options);
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  if (/^\s+at /m.test(stderr)) throw new Error(stderr);
  return stdout;
}

const ends = { PASS: 'success', WARN: 'failed, allowed', FAIL: 'failed' } as const;

/** Of its last lines, ` PASS  test: [linux]`; what jobs print stands behind their names. Jobs of children are not listed. */
function readEnds(output: string, names: readonly string[]): ReadonlyMap<string, Outcome['end']> {
  const found = new Map<string, Outcome['end']>();
  for (const line of output.split('\n')) {
    const [, word, rest = ''] = /^ (PASS|WARN|FAIL) {2}(.*)$/.exec(line) ?? [];
    if (word !== 'PASS' && word !== 'WARN' && word !== 'FAIL') continue;
    const fitting = names.filter((name) => rest === name || rest.startsWith(`${name} `));
    const listed = fitting.toSorted((a, b) => b.length - a.length)[0];
    const name = listed ?? (rest.startsWith('[') ? rest.trim() : undefined);
    if (name !== undefined) found.set(name, ends[word]);
  }
  return found;
}

/** It writes `test: [1/2]` and `test: [a,b]` for what GitLab calls `test 1/2` and `test: [a, b]`. */
function nameOnGitlab(name: string): string {
  return name
    .replace(/: \[(\d+\/\d+)\]$/, ' $1')
    .replace(/: \[(.*)\]$/, (_, values: string) => `: [${values.split(',').join(', ')}]`);
}

/** It keeps a job's files under its name, with what is not `[\w-]` in base64url. */
function folderOf(job: string): string {
  return job.replace(/[^\w-]+/g, (part) => Buffer.from(part).toString('base64url'));
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  // Reports lie among them, in a folder of their own.
  const files = paths.filter(
    (path) => !path.startsWith('.gitlab-ci-reports') && statSync(join(folder, path)).isFile(),
  );
  return files.toSorted();
}
