import { dirname, join, relative } from 'node:path';
import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import { shownOfUsr } from './layout.ts';

/** Places that hold everybody's files, keys and sockets, and are no checkout. */
const refused = /^\/$|^\/(bin|boot|dev|etc|home|lib|lib64|root|run|sbin|usr|var)$|^\/(proc|sys)(\/|$)/;

/** A path inside that is to be covered, and whether a folder or a file stands there. */
export interface Cover {
  readonly path: string;
  readonly folder: boolean;
}

/** The checkout as a script is shown it. */
export interface ShownRoot {
  /** Without links. */
  readonly source: string;
  readonly covers: readonly Cover[];
}

type Files = Pick<Context, 'fs'>;

/**
 * Looks at the folder that becomes `/checkout`. Its `.git` is covered: the runner writes the job token into `.git/config`. A
 * checkout in a folder of `/usr` that is shown would be seen there as well, so that place is covered too. Links that lead
 * out of the folder are harmless: they are followed inside, where there is nothing. @throws SANDBOX_ROOT
 */
export async function readShownRoot(context: Files, root: string): Promise<ShownRoot> {
  const refuse = (reason: string, cause?: unknown) => errors.ROOT({ root, reason }, cause);
  try {
    const source = await context.fs.realpath(root);
    if (refused.test(source)) throw refuse(`${source} is the system's, expected a checkout`);
    if (!(await context.fs.stat(source)).isDirectory()) throw refuse('it is no folder');
    const inside = await coversIn(context, source, source, '/checkout');
    return { source, covers: [...inside, ...(await coversInUsr(context, source))] };
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) throw refuse(error.message, error);
    throw error;
  }
}

/**
 * The cover of a folder's `.git`. Where that is a link, of what it leads to: another part of the checkout would show it
 * under another name, and anything else cannot be reached.
 */
async function coversIn(context: Files, folder: string, top: string, shownAt: string): Promise<Cover[]> {
  const stats = await statOrNothing(context, join(folder, '.git'));
  if (stats === undefined) return [];
  const path = relative(top, await context.fs.realpath(join(folder, '.git')));
  if (path === '' || path === '..' || path.startsWith('../')) return [];
  return [{ path: join(shownAt, path), folder: stats.isDirectory() }];
}

async function coversInUsr(context: Files, source: string): Promise<Cover[]> {
  const top = shownOfUsr.map((name) => `/usr/${name}`).find((folder) => source.startsWith(`${folder}/`));
  if (top === undefined) return [];
  const covers: Cover[] = [{ path: source, folder: true }];
  // The folder may be a part of a checkout that begins further up.
  for (let folder = dirname(source); folder.startsWith(top); folder = dirname(folder))
    covers.push(...(await coversIn(context, folder, top, top)));
  return covers;
}

/** A link that leads nowhere counts as nothing. */
async function statOrNothing(context: Files, path: string) {
  try {
    return await context.fs.stat(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
