import { join, posix, relative } from 'node:path';
import picomatch from 'picomatch';
import type { Context } from '../../../kernel/context.ts';

export interface Selection {
  /** Below the root, with `/`, in order. */
  readonly files: readonly string[];
  /** What a runner says of each path, in its words. */
  readonly messages: readonly string[];
}

/**
 * The files that `paths` name as a runner takes them: names and patterns (`*`, `**`, `?`, `[a-z]`, `{a,b}`), a folder
 * with all that is in it, links as links. A folder that is reached through a link is not entered.
 * Source: commands/helpers/file_archiver.go of the runner.
 *
 * @param exclude - patterns of the files themselves; one that names a folder leaves its files in
 */
export async function selectFiles(
  context: Context,
  root: string,
  paths: readonly string[],
  exclude: readonly string[],
): Promise<Selection> {
  const files = new Set<string>();
  const messages: string[] = [];
  const isExcluded = excludes(root, exclude);
  for (const path of paths) {
    const wanted = withinRoot(root, path);
    if (wanted === undefined || !(await isReal(context, root, baseOf(wanted)))) {
      messages.push(`WARNING: processPath: artifact path is not a subpath of project directory: ${path}`);
      continue;
    }
    let found = 0;
    for await (const entry of walk(context, root, wanted)) {
      if (isExcluded(entry.path)) continue;
      found += 1;
      if (!entry.folder) files.add(entry.path);
    }
    messages.push(
      found === 0
        ? `WARNING: ${path}: no matching files. Ensure that the artifact path is relative to the working directory (${root})`
        : `${path}: found ${found} matching artifact files and directories`,
    );
  }
  return { files: [...files].sort(), messages };
}

/** Whether a file is one of `exclude`. */
export function excludes(root: string, exclude: readonly string[]): (path: string) => boolean {
  const matchers = exclude.flatMap((pattern) => withinRoot(root, pattern) ?? []).map(matcher);
  return (path) => matchers.some((matches) => matches(path));
}

function isPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

function matcher(pattern: string): (path: string) => boolean {
  return isPattern(pattern)
    ? picomatch(pattern, { dot: true, nonegate: true, noextglob: true, posix: true })
    : (path) => path === pattern;
}

/** A path below the root without `./` and what leads up; undefined where it leads out. */
function withinRoot(root: string, path: string): string | undefined {
  const below = posix.isAbsolute(path) ? relative(root, path) : path;
  const clean = posix.normalize(below === '' ? '.' : below).replace(/\/$/, '');
  return clean === '..' || clean.startsWith('../') || posix.isAbsolute(clean) ? undefined : clean;
}

/** The folder below which everything lies that a path can mean. */
function baseOf(path: string): string {
  const parts = path.split('/');
  const first = parts.findIndex(isPattern);
  return first === -1 ? posix.dirname(path) : parts.slice(0, first).join('/') || '.';
}

interface Entry {
  readonly path: string;
  readonly folder: boolean;
}

async function* walk(context: Context, root: string, wanted: string): AsyncGenerator<Entry> {
  if (isPattern(wanted)) {
    yield* walkFolder(context, root, baseOf(wanted), matcher(wanted));
    return;
  }
  const entry = await context.fs.lstat(join(root, wanted)).catch(() => undefined);
  if (entry === undefined) return;
  if (entry.isFile() || entry.isSymbolicLink()) yield { path: wanted, folder: false };
  if (!entry.isDirectory()) return;
  yield { path: wanted, folder: true };
  yield* walkFolder(context, root, wanted, () => true);
}

async function* walkFolder(
  context: Context,
  root: string,
  folder: string,
  matches: (path: string) => boolean,
): AsyncGenerator<Entry> {
  const entries = await context.fs.readdir(join(root, folder), { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const path = folder === '.' ? entry.name : `${folder}/${entry.name}`;
    const taken = matches(path);
    const isFolder = entry.isDirectory();
    // Sockets, pipes and devices are nothing to keep.
    if (taken && (isFolder || entry.isFile() || entry.isSymbolicLink())) yield { path, folder: isFolder };
    if (isFolder) yield* walkFolder(context, root, path, taken ? () => true : matches);
  }
}

/** Whether a folder is reached without a link, or is not there. */
async function isReal(context: Context, root: string, folder: string): Promise<boolean> {
  const real = await context.fs.realpath(join(root, folder)).catch(() => undefined);
  return real === undefined || real === join(await context.fs.realpath(root), folder);
}
