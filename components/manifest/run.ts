import { isAbsolute, join, relative, sep } from 'node:path';
import { digestBytes } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { fileErrors } from '../kernel/errors.ts';
import { Failure, Failures } from '../kernel/failure.ts';
import { readTextFile } from '../kernel/files.ts';
import { defaultYamlLimits } from '../kernel/yaml.ts';
import { checkText } from './check.ts';
import { errors } from './errors.ts';
import { rules } from './rules.gen.ts';
import type { CheckedManifest } from './types.ts';

export interface ManifestSelection {
  /** Directory the patterns are relative to, itself relative to the working directory. */
  readonly root: string;
  /** Paths and globs. */
  readonly patterns: readonly string[];
}

/** Never looked into: what others wrote, and what pipewright writes. */
const ignored = ['**/node_modules/**', '**/.git/**', '**/.pipewright/**', '**/.gitlab-ci-local/**'];
const filesAtOnce = 8;

/** Finds the manifests of a selection and checks each; the order is that of the paths. */
export async function checkManifests(
  context: Context,
  selection: ManifestSelection,
): Promise<readonly CheckedManifest[]> {
  const files = await findManifests(context, selection);
  const checked: CheckedManifest[] = [];
  for (let start = 0; start < files.length; start += filesAtOnce) {
    context.cancel.throwIfAborted();
    const batch = files.slice(start, start + filesAtOnce);
    checked.push(...(await Promise.all(batch.map((file) => checkFile(context, file)))));
  }
  return checked;
}

async function findManifests(context: Context, selection: ManifestSelection): Promise<readonly string[]> {
  const root = join(
    context.cwd,
    isAbsolute(selection.root) ? relative(context.cwd, selection.root) : selection.root,
  );
  if (!(await isDirectory(context, root))) throw errors.ROOT_MISSING({ root: selection.root });
  const failures: Failure[] = [];
  const files = new Set<string>();
  const globs: string[] = [];
  for (const pattern of selection.patterns) {
    const kind = await kindOf(context, isAbsolute(pattern) ? pattern : join(root, pattern));
    if (kind === 'file') files.add(shownPath(context, root, pattern));
    else if (kind === 'directory') failures.push(fileErrors.IS_DIRECTORY({ file: pattern }));
    else if (isGlob(pattern)) globs.push(pattern);
    else failures.push(fileErrors.NOT_FOUND({ file: pattern }));
  }
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  const matches = globs.length === 0 ? [] : await context.glob(globs, { cwd: root, ignore: ignored });
  for (const match of matches) files.add(shownPath(context, root, match));
  if (files.size === 0) {
    throw errors.NONE_FOUND({ patterns: selection.patterns.join(' '), root: selection.root });
  }
  return [...files].sort();
}

async function checkFile(context: Context, file: string): Promise<CheckedManifest> {
  try {
    const limit = defaultYamlLimits.manifest.bytes;
    const text = await readTextFile(context, join(context.cwd, file), { maxBytes: limit, shown: file });
    const { structure, findings } = await checkText(file, text, rules);
    return { path: file, digest: digestBytes(text), structure, findings };
  } catch (error) {
    // One file that cannot be read hides nothing of the others; it fails like a broken one.
    if (!(error instanceof Failure)) throw error;
    const { code, message, fix } = error;
    const finding = { code, severity: 'error', file, line: 1, column: 1, path: '', message, fix } as const;
    return { path: file, digest: undefined, structure: 'invalid', findings: [finding] };
  }
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

function isGlob(pattern: string): boolean {
  return /[*?[\]{}!()]/.test(pattern);
}

function shownPath(context: Context, root: string, file: string): string {
  return relative(context.cwd, isAbsolute(file) ? file : join(root, file))
    .split(sep)
    .join('/');
}
