import { relative, resolve, sep } from 'node:path';
import { digestBytes } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { fileErrors } from '../kernel/errors.ts';
import { Failure, Failures } from '../kernel/failure.ts';
import { readTextFile } from '../kernel/files.ts';
import { findFiles, isGlob } from '../kernel/find-files.ts';
import { defaultYamlLimits } from '../kernel/yaml-limits.ts';
import { checkText } from './check.ts';
import { errors } from './errors.ts';
import { createNeighbours } from './neighbours.ts';
import { rules } from './rules.gen.ts';
import type { CheckedManifest } from './types.ts';

export interface ManifestSelection {
  /** Directory the patterns are relative to, itself relative to the working directory. */
  readonly root: string;
  /** Paths and globs. */
  readonly patterns: readonly string[];
  /** Whether a project without manifests is no mistake. */
  readonly mayBeEmpty: boolean;
}

/** Never looked into: what others wrote, and what pipewright writes. */
export const ignoredFolders: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.pipewright',
  '.gitlab-ci-local',
]);
const filesAtOnce = 8;

/**
 * Finds the manifests of a selection and checks each; the order is that of the paths. A folder that cannot be listed
 * fails like a file that cannot be read. @throws MANIFEST_NONE_FOUND, MANIFEST_ROOT_MISSING, FILE_NOT_FOUND
 */
export async function checkManifests(
  context: Context,
  selection: ManifestSelection,
): Promise<readonly CheckedManifest[]> {
  const { files, unreadable } = await findManifests(context, selection);
  const checked: CheckedManifest[] = unreadable.map(({ file, reason }) =>
    failed(file, fileErrors.UNREADABLE({ file, reason })),
  );
  for (let start = 0; start < files.length; start += filesAtOnce) {
    context.cancel.throwIfAborted();
    const batch = files.slice(start, start + filesAtOnce);
    checked.push(...(await Promise.all(batch.map((file) => checkFile(context, file)))));
  }
  return checked;
}

export interface FoundManifests {
  readonly files: readonly string[];
  readonly unreadable: readonly { readonly file: string; readonly reason: string }[];
}

/** The files of a selection, by path. @throws as {@link checkManifests} */
export async function findManifests(context: Context, selection: ManifestSelection): Promise<FoundManifests> {
  const root = resolve(context.cwd, selection.root);
  if (!(await isDirectory(context, root))) throw errors.ROOT_MISSING({ root: selection.root });
  const failures: Failure[] = [];
  const named: string[] = [];
  const globs: string[] = [];
  for (const pattern of selection.patterns) {
    const kind = await kindOf(context, resolve(root, pattern));
    if (kind === 'file') named.push(shownPath(context, root, pattern));
    else if (isGlob(pattern)) globs.push(pattern);
    else if (kind === 'directory') failures.push(fileErrors.IS_DIRECTORY({ file: pattern }));
    else failures.push(fileErrors.NOT_FOUND({ file: pattern }));
  }
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  const found = await findFiles(context, root, globs, ignoredFolders);
  const files = [...new Set([...named, ...found.files.map((file) => shownPath(context, root, file))])].sort();
  const unreadable = found.unreadable.map(({ folder, reason }) => {
    return { file: shownPath(context, root, folder), reason };
  });
  const nothing = files.length === 0 && unreadable.length === 0;
  if (nothing && !selection.mayBeEmpty) {
    throw errors.NONE_FOUND({ patterns: selection.patterns.join(' '), root: selection.root });
  }
  for (const pattern of found.unmatched)
    context.log.warning(`no manifest matches ${pattern} in ${selection.root}`);
  return { files, unreadable };
}

async function checkFile(context: Context, file: string): Promise<CheckedManifest> {
  try {
    const limit = defaultYamlLimits.manifest.bytes;
    const text = await readTextFile(context, resolve(context.cwd, file), { maxBytes: limit, shown: file });
    const checked = await checkText(file, text, rules, createNeighbours(context, file));
    return { path: file, digest: digestBytes(text), ...checked };
  } catch (error) {
    // One file that cannot be read hides nothing of the others; it fails like a broken one.
    if (!(error instanceof Failure)) throw error;
    return failed(file, error);
  }
}

function failed(file: string, { code, message, fix }: Failure): CheckedManifest {
  const finding = { code, severity: 'error', file, line: 1, column: 1, path: '', message, fix } as const;
  return { path: file, digest: undefined, structure: 'invalid', findings: [finding] };
}

async function kindOf(context: Context, path: string): Promise<'file' | 'directory' | undefined> {
  try {
    return (await context.fs.stat(path)).isDirectory() ? 'directory' : 'file';
  } catch {
    return undefined;
  }
}

async function isDirectory(context: Context, path: string): Promise<boolean> {
  return (await kindOf(context, path)) === 'directory';
}

function shownPath(context: Context, root: string, file: string): string {
  return relative(context.cwd, resolve(root, file)).split(sep).join('/') || '.';
}
