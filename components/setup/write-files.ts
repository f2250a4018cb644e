import { dirname, join, resolve } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { assertNoLinks, readTextFile, writeFileAtomic } from '../kernel/files.ts';
import { errors } from './errors.ts';
import type { SetupFile } from './types.ts';

export interface Written {
  readonly path: string;
  /** False: an equal file was there and is left alone. */
  readonly written: boolean;
}

/**
 * Writes all files below a folder or none of them: where something else is in the place of one, every such place is told;
 * where the disk fails, what was written is taken away again. @throws SETUP_CONFLICT, FILE_UNWRITABLE
 */
export async function writeFiles(
  context: Pick<Context, 'cwd' | 'fs'>,
  folder: string,
  files: readonly SetupFile[],
): Promise<readonly Written[]> {
  await assertNoLinks(context, folder);
  const inside = { fs: context.fs, cwd: resolve(context.cwd, folder) };
  const looked = await Promise.all(files.map(async (file) => ({ file, found: await look(inside, file) })));
  const conflicts = looked.flatMap(({ found }) => (typeof found === 'string' ? [found] : []));
  if (conflicts.length > 0) throw errors.CONFLICT({ folder, conflicts: conflicts.join('; ') });
  const missing = looked.flatMap(({ file, found }) => (found === undefined ? [file] : []));
  await writeAll(inside, missing);
  return files.map(({ path }) => ({ path, written: missing.some((file) => file.path === path) }));
}

/** What is in the place of a file: nothing, an equal one (null), or why it cannot be written, in words. */
async function look(inside: Pick<Context, 'cwd' | 'fs'>, { path, text }: SetupFile) {
  try {
    await assertNoLinks(inside, path);
    const parent = await inside.fs.stat(join(inside.cwd, dirname(path))).catch(missingIsUndefined);
    if (parent?.isDirectory() === false) return `${dirname(path)} is no folder`;
    const there = await readTextFile(inside, path, { maxBytes: 1024 * 1024 });
    return there === text ? null : `${path} has other content`;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return error.code === 'FILE_NOT_FOUND' ? undefined : error.message;
  }
}

function missingIsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

async function writeAll(inside: Pick<Context, 'cwd' | 'fs'>, files: readonly SetupFile[]): Promise<void> {
  const done: string[] = [];
  try {
    for (const { path, text } of files) {
      await writeFileAtomic(inside, path, text);
      done.push(path);
    }
  } catch (error) {
    // They were not there before. The first error is the one to tell.
    for (const path of done)
      await inside.fs.rm(resolve(inside.cwd, path), { force: true }).catch(() => undefined);
    throw error;
  }
}
