import { basename, resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import type { Finding } from '../../kernel/finding.ts';
import { twinErrors } from '../errors.ts';
import { slugOf } from '../pipelines/names.ts';
import { type Checkout, isProjectPath, readCheckout } from '../repositories/checkout.ts';
import { isFolder } from '../setup/check-folders.ts';
import { readTwinFile } from '../setup/read-twin-file.ts';
import type { TwinFile, TwinProject, TwinVariable } from '../setup/twin-file.gen.ts';
import type { EventKind } from '../types.ts';
import type { LocalRequest } from './request.ts';
import { parseStep, type Step } from './step.ts';

/** A twin to set up and what is to happen to it. */
export interface LocalPlan {
  readonly file: TwinFile;
  /** Folder that the file's paths start from. */
  readonly base: string;
  /** Path of the project in the working directory. */
  readonly path: string;
  readonly checkout: Checkout;
  readonly steps: readonly Step[];
  /** Branch that holds what is checked out before anything happens; undefined where steps push it. */
  readonly branch: string | undefined;
  /** Names the server goes by in includes, besides its own. */
  readonly aliases: readonly string[];
}

export type Planned =
  | { readonly ok: true; readonly plan: LocalPlan }
  | { readonly ok: false; readonly findings: readonly Finding[] };

const usualFile = 'twin.yaml';

/** Makes a plan of a request and its twin file. @throws TWIN_NO_REPOSITORY, TWIN_FORM, TWIN_STEP, FILE_NOT_FOUND */
export async function planLocal(context: Context, request: LocalRequest): Promise<Planned> {
  assertEvent(request);
  const given = pairsOf('variable', request.variables, /^[A-Za-z_]\w*$/, 'NAME=value');
  const folders = pairsOf('project', request.projects, isProjectPath, 'group/path=folder');
  for (const [name, folder] of Object.entries(folders)) {
    if (await isFolder(context, resolve(context.cwd, folder))) continue;
    throw twinErrors.FORM({ flag: 'project', got: `${name}=${folder}`, expected: 'a folder that is there' });
  }
  const { path } = request;
  if (path !== undefined && !isProjectPath(path)) {
    throw twinErrors.FORM({ flag: 'path', got: path, expected: 'group/name' });
  }
  const checkout = await readCheckout(context, context.cwd);
  const read = await readGivenFile(context, request);
  if (!read.ok) return read;
  const base = resolve(context.cwd, request.twinFile ?? '.', request.twinFile === undefined ? '.' : '..');
  const own = path ?? ownPath(read.file, base, checkout);
  const { origin } = checkout;
  return {
    ok: true,
    plan: {
      ...{ base, checkout, path: own },
      ...happenings(request, read.file.steps ?? [], checkout),
      file: complete(read.file, request, own, checkout, folders, given, context.cwd),
      aliases: [request.server, origin?.host, 'gitlab.local'].filter((name) => name !== undefined),
    },
  };
}

function assertEvent({ event, job, steps }: LocalRequest): void {
  if (event !== undefined && steps.length > 0) {
    throw twinErrors.FORM({ flag: 'event', got: event, expected: 'an event or steps, not both' });
  }
  if ((event === 'manual') !== (job !== undefined)) throw twinErrors.JOB_REQUIRED({ event: event ?? 'push' });
}

/** What is asked for on the command line, else by the twin file; a push where nobody asks for anything. */
function happenings(
  request: LocalRequest,
  ofFile: readonly string[],
  checkout: Checkout,
): Pick<LocalPlan, 'steps' | 'branch'> {
  const texts = request.event === undefined && request.steps.length === 0 ? ofFile : request.steps;
  if (texts.length > 0) return { steps: texts.map(parseStep), branch: undefined };
  if (request.event === undefined && request.serve) return { steps: [], branch: undefined };
  return stepsOf(request, request.event ?? 'push', checkout);
}

async function readGivenFile(context: Context, { twinFile }: LocalRequest): ReturnType<typeof readTwinFile> {
  if (twinFile !== undefined) return readTwinFile(context, twinFile);
  const usual = await context.fs.stat(resolve(context.cwd, usualFile)).catch(() => undefined);
  // A file that came with a clone takes nothing of the user's environment.
  return usual?.isFile() ? readTwinFile({ ...context, env: {} }, usualFile) : { ok: true, file: {} };
}

/** The file's project in this folder, else what `origin` says, else a name made of the folder's. */
function ownPath({ projects = {} }: TwinFile, base: string, { root, origin }: Checkout): string {
  const named = Object.entries(projects).find(
    ([, { folder }]) => folder !== undefined && resolve(base, folder) === root,
  );
  return named?.[0] ?? origin?.path ?? `local/${slugOf(basename(root)) || 'project'}`;
}

/** The twin file with what the command line adds: folders, the own project, its variables. */
function complete(
  file: TwinFile,
  request: LocalRequest,
  own: string,
  { root }: Checkout,
  folders: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string>>,
  cwd: string,
): TwinFile {
  // Whoever gives a folder means it to be included; where it may be read is not what is tried.
  const served = (entries: Iterable<readonly [string, string]>): Record<string, TwinProject> =>
    Object.fromEntries(
      [...entries].map(([path, folder]) => [
        path,
        { visibility: 'public', ...file.projects?.[path], folder: resolve(cwd, folder) },
      ]),
    );
  const project = file.projects?.[own] ?? {};
  const variables = Object.entries(given).map(([key, value]): [string, TwinVariable] => [
    key,
    { value, raw: true },
  ]);
  return {
    ...file,
    ...(request.tier === undefined ? {} : { tier: request.tier }),
    projects: {
      ...served(request.ownProjects),
      ...file.projects,
      ...served(Object.entries(folders)),
      [own]: {
        ...project,
        folder: root,
        settings: { ci_config_path: request.file, ...project.settings },
        variables: { ...project.variables, ...Object.fromEntries(variables) },
      },
    },
  };
}

/** Description of the schedule that stands for an event. */
export const eventSchedule = 'pipewright local';

/** The steps of an event, in the branch that is checked out, uncommitted changes included. */
function stepsOf(
  { job, ...request }: LocalRequest,
  event: EventKind,
  checkout: Checkout,
): Pick<LocalPlan, 'steps' | 'branch'> {
  const { branch, defaultBranch } = checkout;
  const target = request.targetBranch ?? defaultBranch;
  // Nothing is merged into itself: on the target, what would be merged is a branch not made yet.
  const unnamed = event === 'merge-request' && (branch === undefined || branch === target);
  const source = request.sourceBranch ?? (unnamed ? 'local-changes' : (branch ?? defaultBranch));
  const common = { as: undefined, project: undefined, text: event, source: 'HEAD', branch: source };
  switch (event) {
    case 'push':
      return { steps: [{ ...common, do: 'push' }], branch: undefined };
    case 'merge-request':
      return { steps: [{ ...common, do: 'open', target }], branch: undefined };
    case 'schedule':
      return { steps: [{ ...common, do: 'schedule', name: eventSchedule }], branch: source };
    case 'manual':
      return {
        steps: [
          { ...common, do: 'run' },
          { ...common, do: 'play', job: job ?? '' },
        ],
        branch: source,
      };
  }
}

function pairsOf(
  flag: string,
  pairs: readonly string[],
  name: RegExp | ((text: string) => boolean),
  expected: string,
): Record<string, string> {
  const matches = (text: string) => (name instanceof RegExp ? name.test(text) : name(text));
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      if (equals < 0 || !matches(pair.slice(0, equals))) throw twinErrors.FORM({ flag, got: pair, expected });
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}
