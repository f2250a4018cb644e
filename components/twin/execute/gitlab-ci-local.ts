import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Context, ExecResult } from '../../kernel/context.ts';
import { withoutControls } from '../../kernel/log.ts';
import { twinErrors } from '../errors.ts';
import type { FlatConfig, Machine } from '../types.ts';
import { thenKillGroups } from './job-shell.ts';
import { type JobEnd, readProgress } from './progress.ts';
import type { Tools } from './tools.ts';

/** gitlab-ci-local in one temporary folder: `work` is the project, the configuration stands beside it. */
export interface Executor {
  /** The jobs of a configuration after their rules, as it lists them. */
  readonly list: (config: FlatConfig) => Promise<readonly ListedJob[]>;
  /** Runs the named jobs side by side and gives how each ended. */
  readonly run: (config: FlatConfig, names: readonly string[]) => Promise<ReadonlyMap<string, JobEnd>>;
  /** Folder of a job's artifacts and file of its log; they need not exist. */
  readonly artifactsOf: (job: string) => string;
  readonly logOf: (job: string) => string;
}

/** What of its listing is used. */
export interface ListedJob {
  readonly name: string;
  readonly stage: string;
  readonly when: string;
  readonly allow_failure: boolean | { readonly exit_codes: number | readonly number[] };
  readonly needs?: readonly { readonly job: string; readonly optional?: boolean }[] | null;
}

export interface ExecutorOptions {
  readonly machine: Machine;
  readonly tools: Tools;
  readonly temporary: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Whether a commit is there for `rules:changes` to compare with; without one GitLab takes all as changed. */
  readonly comparesChanges: boolean;
}

const stateFolder = '.gitlab-ci-local';

export function createExecutor(context: Context, options: ExecutorOptions): Executor {
  const { temporary, tools } = options;
  const work = join(temporary, 'work');
  const state = join(work, stateFolder);
  const prepare = async (config: FlatConfig, args: readonly string[]) => {
    // JSON is YAML, and has no comments: gitlab-ci-local gives some of them a meaning.
    await context.fs.writeFile(join(temporary, 'pipeline.yml'), JSON.stringify(config));
    await tools.forget();
    return [options.machine.node, options.machine.executor, ...commonArguments(options), ...args];
  };
  const place = {
    cwd: work,
    env: {
      PATH: tools.executorPath,
      HOME: join(temporary, 'executor-home'),
      TMPDIR: join(temporary, 'tmp'),
      LANG: 'C.UTF-8',
    },
  };
  return {
    list: async (config) => {
      const [node = '', ...args] = await prepare(config, ['--list-json']);
      const result = await context.exec(node, args, place);
      const json = result.stdout.slice(Math.max(0, result.stdout.search(/^\[/m)));
      if (result.exitCode !== 0 || !json.startsWith('[')) {
        throw twinErrors.EXECUTOR({ reason: reasonOf(result) });
      }
      return JSON.parse(json) as ListedJob[];
    },
    run: async (config, names) => {
      const progress = readProgress(names, context);
      const command = await prepare(
        config,
        names.map((name) => `--job=${name}`),
      );
      const onOutput = progress.read;
      const result = await context.exec('sh', ['-c', thenKillGroups, tools.groups, ...command], {
        ...place,
        onOutput,
      });
      const lost = names.filter((name) => !progress.ends.has(name));
      if (lost.length > 0) {
        throw twinErrors.EXECUTOR({ reason: `${lost.join(', ')} did not end: ${reasonOf(result)}` });
      }
      return progress.ends;
    },
    artifactsOf: (job) => join(state, 'artifacts', folderOf(job)),
    logOf: (job) => join(state, 'output', `${folderOf(job)}.log`),
  };
}

function commonArguments({ temporary, tools, variables, comparesChanges }: ExecutorOptions): string[] {
  const all: Record<string, string> = {
    // Programs and folders of the jobs: gitlab-ci-local itself runs with other ones.
    PATH: tools.jobPath,
    HOME: join(temporary, 'home'),
    TMPDIR: join(temporary, 'tmp'),
    ...variables,
    BASH_ENV: tools.jobShell,
  };
  // Their own variables, ignores and inputs files would come from the project; GitLab knows none of them.
  const none = join('..', 'none');
  return [
    ...['--file', '../pipeline.yml', '--variables-file', none, '--ignores-file', none, '--inputs-file', none],
    ...['--force-shell-executor', '--shell-isolation', '--no-artifacts-to-source'],
    // `check/schema.ts` has done it, and here it costs 0.2 s a start.
    '--no-json-schema-validation',
    ...(comparesChanges ? [] : ['--evaluate-rule-changes=false']),
    ...Object.entries(all).map(([name, value]) => `--variable=${name}=${value.replaceAll('$', '$$$$')}`),
    `--ignore-predefined-vars=${Object.keys(all).join(',')}`,
    // What it sets by itself and this pipeline does not have.
    ...['CI_COMMIT_BRANCH'].filter((name) => !(name in all)).map((name) => `--unset-variable=${name}`),
  ];
}

/** What it says at every start, and what git says that it asks in vain. */
const noise =
  /^(at |Using fallback|Command failed|Unable to retrieve|parsing and|fatal: ref refs\/remotes\/origin\/HEAD is not a symbolic ref)/;

/** The last lines it wrote to standard error: its messages have no code and no form. */
export function reasonOf(result: Pick<ExecResult, 'stderr' | 'exitCode' | 'signal'>): string {
  const lines = result.stderr
    .split('\n')
    .map((line) => withoutControls(line.trim()))
    .filter((line) => line !== '' && !noise.test(line));
  const last = lines.slice(-5).join(' | ');
  return last === '' ? `exit code ${result.exitCode ?? result.signal}` : last;
}

const longestName = 255 - 17;

/** The folder gitlab-ci-local 4.75.1 keeps a job under: what is not `[\w-]` in base64url, very long names cut. */
export function folderOf(job: string): string {
  const encoded = job.replace(/[^\w-]+/g, (part) => Buffer.from(part).toString('base64url'));
  if (encoded.length <= longestName) return encoded;
  const hash = createHash('sha256').update(job).digest('hex').slice(0, 16);
  return `${encoded.slice(0, longestName - 1 - hash.length)}-${hash}`;
}
