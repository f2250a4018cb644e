import { join } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';

/** Bytes of a first line that name an interpreter; the kernel reads as many (execve(2)). */
const mostFirstLine = 256;

/**
 * How a script of the repository is started: by itself where it is executable, else by the interpreter that its first
 * line names. No step of its path is a link.
 *
 * @param entrypoint - relative to `root`, as `isEntrypoint` says
 * @throws SESSION_ENTRYPOINT
 */
export async function planCommand(
  context: Pick<Context, 'fs'>,
  root: string,
  entrypoint: string,
): Promise<readonly [string, ...string[]]> {
  const refuse = (reason: string, cause?: unknown) => errors.ENTRYPOINT({ entrypoint, reason }, cause);
  const steps = entrypoint.split('/');
  let mode = 0;
  for (const index of steps.keys()) {
    const path = steps.slice(0, index + 1).join('/');
    const stats = await context.fs.lstat(join(root, path)).catch((error: NodeJS.ErrnoException) => {
      throw refuse(error.code === 'ENOENT' ? `there is no ${path}` : `${path}: ${error.message}`, error);
    });
    if (stats.isSymbolicLink()) throw refuse(`${path} is a symbolic link`);
    const isLast = index === steps.length - 1;
    if (isLast ? !stats.isFile() : !stats.isDirectory())
      throw refuse(`${path} is no ${isLast ? 'regular file' : 'folder'}`);
    mode = stats.mode;
  }
  // A name without a slash would be looked up among the programs of the system.
  const script = `./${entrypoint}`;
  if ((mode & 0o111) !== 0) return [script];
  const line = await readFirstLine(context, join(root, entrypoint));
  const [, interpreter, argument] =
    /^#![ \t]*(\/[^\s\0]+)(?:[ \t]+([^\r\n\0]*[^\s\0]))?\s*$/.exec(line) ?? [];
  if (interpreter === undefined)
    throw refuse('it is not executable, and its first line names no interpreter');
  return argument === undefined ? [interpreter, script] : [interpreter, argument, script];
}

async function readFirstLine({ fs }: Pick<Context, 'fs'>, path: string): Promise<string> {
  const handle = await fs.open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(mostFirstLine), 0, mostFirstLine, 0);
    return new TextDecoder().decode(buffer.subarray(0, bytesRead)).split('\n')[0] ?? '';
  } finally {
    await handle.close();
  }
}
