import { resolve } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import { readTextFile, writeFileAtomic } from '../../kernel/files.ts';
import { defaultYamlLimits } from '../../kernel/yaml-limits.ts';
import { createNeighbours } from '../neighbours.ts';
import { rules } from '../rules.gen.ts';
import { type Fixed, fixText } from './fix-text.ts';
import { fixers } from './fixers.gen.ts';

export interface FixedFile {
  /** Relative to the working directory. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly fixed: readonly Fixed[];
  /** Why nothing was written, where something should have been. */
  readonly failure?: string;
}

/**
 * Mends the manifests of these paths in place, each file whole or not at all; only files that change are written and returned, and those that
 * could not be. A file that cannot be read is left to the check, which says why.
 *
 * @param dryRun - writes nothing
 * @param isEnough - ends the work early, what is mended then is mended
 */
export async function fixFiles(
  context: Context,
  paths: readonly string[],
  dryRun: boolean,
  isEnough: () => boolean = () => false,
): Promise<readonly FixedFile[]> {
  const changed: FixedFile[] = [];
  for (const path of paths) {
    context.cancel.throwIfAborted();
    const before = await readManifest(context, path);
    if (before === undefined) continue;
    const neighbours = createNeighbours(context, path);
    const { text: after, fixed } = await fixText(before, fixers, rules, neighbours, isEnough);
    if (fixed.length === 0) continue;
    const failure = dryRun ? undefined : await writeManifest(context, path, after);
    changed.push({ path, before, after, fixed, ...(failure === undefined ? {} : { failure }) });
  }
  return changed;
}

async function readManifest(context: Context, path: string): Promise<string | undefined> {
  try {
    const maxBytes = defaultYamlLimits.manifest.bytes;
    return await readTextFile(context, resolve(context.cwd, path), { maxBytes, shown: path });
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** Writes a manifest back. A link is not replaced by a file, and not followed: it may lead out of the repository. */
export async function writeManifest(
  context: Context,
  path: string,
  text: string,
): Promise<string | undefined> {
  try {
    const stats = await context.fs.lstat(resolve(context.cwd, path));
    if (stats.isSymbolicLink()) return 'it is a symbolic link; mend the file it leads to';
    await writeFileAtomic(context, path, text);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
