import { randomUUID } from 'node:crypto';
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import type { Context } from './context.ts';
import { fileErrors } from './errors.ts';
import { Failure } from './failure.ts';

type Files = Pick<Context, 'cwd' | 'fs'>;

export interface ReadOptions {
  /** A file with more bytes is refused. */
  readonly maxBytes: number;
  /** What messages call the file; the path if not given. */
  readonly shown?: string;
}

/**
 * Reads a regular file as UTF-8; a byte order mark stays. Throws FILE_NOT_FOUND, FILE_IS_DIRECTORY,
 * FILE_UNREADABLE (also for pipes and devices), FILE_TOO_LARGE or FILE_NOT_TEXT. Never holds more than the limit,
 * even when the file grows while it is read.
 */
export async function readTextFile(context: Files, path: string, options: ReadOptions): Promise<string> {
  const file = options.shown ?? path;
  try {
    const bytes = await readBytes(context, resolve(context.cwd, path), file, options.maxBytes);
    return decode(bytes, file);
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fileErrors.NOT_FOUND({ file }, error);
    if (code === 'EISDIR') throw fileErrors.IS_DIRECTORY({ file }, error);
    throw fileErrors.UNREADABLE({ file, reason: reasonOf(error) }, error);
  }
}

async function readBytes(context: Files, path: string, file: string, limit: number): Promise<Uint8Array> {
  // Before it is opened: opening a pipe waits for its writer.
  const before = await context.fs.stat(path);
  if (before.isDirectory()) throw fileErrors.IS_DIRECTORY({ file });
  if (!before.isFile()) throw fileErrors.UNREADABLE({ file, reason: 'it is no regular file' });
  if (before.size > limit) throw fileErrors.TOO_LARGE({ file, bytes: before.size, limit });
  const handle = await context.fs.open(path, 'r');
  try {
    let buffer = new Uint8Array(Math.min(before.size, limit) + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
      if (bytesRead === 0) return buffer.subarray(0, length);
      length += bytesRead;
      if (length > limit) throw fileErrors.TOO_LARGE({ file, bytes: length, limit });
      if (length === buffer.length) buffer = grown(buffer, limit + 1);
    }
  } finally {
    await handle.close();
  }
}

function grown(buffer: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(buffer.length * 2, most));
  larger.set(buffer);
  return larger;
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw fileErrors.NOT_TEXT({ file }, error);
  }
}

export interface WriteOptions {
  /** Permissions of the file, `0o600`; those of the file that was there without, else the usual ones. */
  readonly mode?: number;
}

/**
 * Replaces a file as a whole: readers see the old content or the new one. Directories above it are made; the
 * permissions of a file that was there are kept. A symbolic link at the path is itself replaced, never followed.
 * Throws FILE_UNWRITABLE with the old content in place. The new content is on the disk when it returns, its name
 * only once the system writes the directory.
 */
export async function writeFileAtomic(
  context: Files,
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const target = resolve(context.cwd, path);
  const temporary = join(dirname(target), `.${basename(target).slice(0, 100)}.${randomUUID()}.tmp`);
  try {
    await context.fs.mkdir(dirname(target), { recursive: true });
    const mode = options.mode ?? (await modeOf(context, target));
    await writeNew(context, temporary, data, mode);
    await context.fs.rename(temporary, target);
  } catch (error) {
    // The first error is the one to tell; that the rest could not be removed either adds nothing.
    await context.fs.rm(temporary, { force: true }).catch(() => undefined);
    throw fileErrors.UNWRITABLE({ file: path, reason: reasonOf(error) }, error);
  }
}

async function modeOf(context: Files, target: string): Promise<number | undefined> {
  try {
    const stats = await context.fs.lstat(target);
    return stats.isFile() ? stats.mode & 0o777 : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function writeNew(
  context: Files,
  path: string,
  data: string | Uint8Array,
  mode: number | undefined,
): Promise<void> {
  const handle = await context.fs.open(path, 'wx', mode ?? 0o666);
  try {
    if (mode !== undefined) await handle.chmod(mode);
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Node words these as `ENOSPC: no space left on device, write`; the call and the path add nothing. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/, '') : String(error);
}

/**
 * A checkout may hold a link in the place of a folder, and what is written would land wherever it leads. Looks at every
 * step of a relative path; an absolute one is the user's own word. @throws FILE_UNWRITABLE
 */
export async function assertNoLinks(context: Files, folder: string): Promise<void> {
  const link = await findLink(context, folder);
  if (link !== undefined) throw fileErrors.UNWRITABLE({ file: folder, reason: `${link} is a symbolic link` });
}

/** The first part of a relative path, from its end, that is a symbolic link. */
export async function findLink(context: Files, folder: string): Promise<string | undefined> {
  if (isAbsolute(folder)) return undefined;
  for (let path = normalize(folder); path !== '.' && path !== dirname(path); path = dirname(path)) {
    const stats = await context.fs.lstat(resolve(context.cwd, path)).catch(() => undefined);
    if (stats?.isSymbolicLink()) return path;
  }
  return undefined;
}
