import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import { isMapping, listOf, type Mapping } from '../../config.ts';
import { gitIn } from '../../repositories/git.ts';
import type { Artifacts } from '../../world/pipeline.ts';
import type { Tier } from '../../world/world.ts';
import { parseDuration } from '../durations.ts';
import { copyFiles } from './copy-files.ts';
import { parseDotenv } from './dotenv.ts';
import type { AttemptFolders } from './folders.ts';
import { excludes, selectFiles } from './select-files.ts';
import type { Trace } from './trace.ts';

export interface Kept {
  /** Undefined where there is nothing. */
  readonly artifacts: Artifacts | undefined;
  readonly dotenv: readonly { readonly key: string; readonly value: string }[];
  /** GitLab refused an upload, which fails the job. */
  readonly refused: boolean;
}

export interface KeepOptions {
  readonly folders: AttemptFolders;
  /** `artifacts` of the job. */
  readonly config: unknown;
  readonly variables: Readonly<Record<string, string>>;
  readonly succeeded: boolean;
  readonly tier: Tier;
  /** Bytes of all files together. */
  readonly maxBytes: number;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  readonly trace: Trace;
}

/** GitLab's `default_artifacts_expire_in`: 30 days. */
const defaultExpiry = 30 * 86_400;

/**
 * Keeps what a job's `artifacts` say: `paths` and `untracked` as `when` has it, reports after success and failure.
 * Source: docs.gitlab.com/ci/yaml/#artifacts
 */
export async function keepArtifacts(context: Context, options: KeepOptions): Promise<Kept> {
  const { folders, succeeded, config } = options;
  const nothing = { artifacts: undefined, dotenv: [], refused: false };
  if (!isMapping(config)) return nothing;
  await context.fs.rm(folders.artifacts, { recursive: true, force: true });
  const { when = 'on_success' } = config;
  const wanted = when === 'always' || (when === 'on_failure') !== succeeded;
  const archive = wanted ? await keepPaths(context, options, config) : { files: [], refused: false };
  const reports = await keepReports(context, options, config);
  const refused = archive.refused || reports.refused;
  if (archive.files.length === 0 && Object.keys(reports.files).length === 0) {
    return { ...nothing, dotenv: reports.dotenv, refused };
  }
  const artifacts = {
    folder: filesFolder(folders),
    files: archive.files,
    reports: reports.files,
    reportsFolder: reportsFolder(folders),
    expireAt: expiry(config.expire_in, options),
    access: accessOf(config),
  };
  return { artifacts, dotenv: reports.dotenv, refused };
}

const filesFolder = ({ artifacts }: AttemptFolders) => join(artifacts, 'files');
const reportsFolder = ({ artifacts }: AttemptFolders) => join(artifacts, 'reports');

async function keepPaths(
  context: Context,
  options: KeepOptions,
  config: Mapping,
): Promise<{ readonly files: readonly string[]; readonly refused: boolean }> {
  const { folders, trace } = options;
  const paths = textsOf(config.paths, options.variables);
  if (paths.length === 0 && config.untracked !== true) return { files: [], refused: false };
  trace.say('Uploading artifacts...');
  const exclude = textsOf(config.exclude, options.variables);
  const { files, messages } = await selectFiles(context, folders.project, paths, exclude);
  for (const message of messages) trace.say(message);
  const untracked = config.untracked === true ? await untrackedFiles(context, options, exclude) : [];
  const all = [...new Set([...files, ...untracked])].sort();
  const copied = await copyFiles(context, folders.project, all, filesFolder(folders));
  for (const skipped of copied.skipped) trace.say(`WARNING: ${skipped}`);
  if (copied.bytes > options.maxBytes) {
    await context.fs.rm(filesFolder(folders), { recursive: true, force: true });
    trace.say(`ERROR: Uploading artifacts as "archive" to coordinator... 413 Request Entity Too Large`);
    return { files: [], refused: true };
  }
  if (copied.files.length === 0) trace.say('ERROR: No files to upload');
  else trace.say('Uploading artifacts as "archive" to coordinator... 201 Created');
  return { files: copied.files, refused: false };
}

async function untrackedFiles(
  context: Context,
  { folders, trace }: KeepOptions,
  exclude: readonly string[],
): Promise<readonly string[]> {
  const listed = await gitIn(context, folders.project).try(['ls-files', '--others', '-z']);
  const isExcluded = excludes(folders.project, exclude);
  const files = listed.stdout.split('\0').filter((name) => name !== '' && !isExcluded(name));
  trace.say(`untracked: found ${files.length} files`);
  return files;
}

async function keepReports(
  context: Context,
  options: KeepOptions,
  config: Mapping,
): Promise<{
  readonly files: Readonly<Record<string, readonly string[]>>;
  readonly dotenv: Kept['dotenv'];
  readonly refused: boolean;
}> {
  const { folders, trace, variables } = options;
  const kept: Record<string, readonly string[]> = {};
  const dotenv = new Map<string, string>();
  let refused = false;
  for (const [kind, value] of Object.entries(isMapping(config.reports) ? config.reports : {})) {
    const paths = textsOf(isMapping(value) ? value.path : value, variables);
    if (paths.length === 0) continue;
    const { files, messages } = await selectFiles(context, folders.project, paths, []);
    for (const message of messages) trace.say(message);
    const folder = join(reportsFolder(folders), kind);
    const copied = await copyFiles(context, folders.project, files, folder);
    const read = kind === 'dotenv' ? await readDotenv(context, folder, copied.files, options.tier) : [];
    const upload = `Uploading artifacts as "${kind}" to coordinator...`;
    if (typeof read === 'string' || copied.bytes > options.maxBytes) {
      refused = true;
      trace.say(
        `ERROR: ${upload} ${typeof read === 'string' ? `400 Bad Request (${read})` : '413 Request Entity Too Large'}`,
      );
      continue;
    }
    for (const { key, value: text } of read) dotenv.set(key, text);
    if (copied.files.length === 0) trace.say('ERROR: No files to upload');
    else {
      kept[kind] = copied.files.map((file) => `${kind}/${file}`);
      trace.say(`${upload} 201 Created`);
    }
  }
  return { files: kept, dotenv: [...dotenv].map(([key, value]) => ({ key, value })), refused };
}

/** The variables of a report's files, or GitLab's words against them. */
async function readDotenv(
  context: Context,
  folder: string,
  files: readonly string[],
  tier: Tier,
): Promise<Kept['dotenv'] | string> {
  const contents = await Promise.all(files.map((file) => context.fs.readFile(join(folder, file))));
  if (contents.length === 0) return [];
  const parsed = parseDotenv(Buffer.concat(contents), tier);
  return parsed.ok ? parsed.variables : parsed.message;
}

function expiry(expireIn: unknown, { now, variables }: KeepOptions): string | undefined {
  const [text] = typeof expireIn === 'number' ? [String(expireIn)] : textsOf(expireIn, variables);
  if (text === 'never') return undefined;
  const seconds = text === undefined ? defaultExpiry : (parseDuration(text) ?? defaultExpiry);
  return new Date(now + seconds * 1000).toISOString();
}

function accessOf(config: Mapping): Artifacts['access'] {
  const { access } = config;
  if (access === 'developer' || access === 'maintainer' || access === 'none') return access;
  return config.public === false ? 'developer' : 'all';
}

/** Texts of a keyword with the job's variables in them, as the runner puts them there. */
export function textsOf(value: unknown, variables: Readonly<Record<string, string>>): readonly string[] {
  return listOf(value)
    .filter((item) => typeof item === 'string')
    .map((text) =>
      text.replace(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, plain) => variables[braced ?? plain ?? ''] ?? ''),
    );
}
