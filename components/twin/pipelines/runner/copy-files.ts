import { dirname, join, posix } from 'node:path';
import type { Context } from '../../../kernel/context.ts';

/** `COPYFILE_EXCL`: what is there may be a link, through which a copy would be written. */
const onlyNew = 1;
const atOnce = 32;

export interface Copied {
  readonly files: readonly string[];
  readonly bytes: number;
  /** What was not copied, and why. */
  readonly skipped: readonly string[];
}

/**
 * Copies files of one folder into another, with their modes. Links stay links, and only those that stay inside: what
 * is copied is later served to others. Nothing is written through a link.
 *
 * @param files - below `from`, with `/`
 */
export async function copyFiles(
  context: Context,
  from: string,
  files: readonly string[],
  to: string,
): Promise<Copied> {
  await context.fs.mkdir(to, { recursive: true });
  const root = await context.fs.realpath(to);
  const folders = new Map<string, Promise<boolean>>();
  const makeFolder = (folder: string) => {
    const made = folders.get(folder) ?? makeReal(context, folder);
    folders.set(folder, made);
    return made;
  };
  const copied: string[] = [];
  const skipped: string[] = [];
  let bytes = 0;
  for (let start = 0; start < files.length; start += atOnce) {
    const batch = files.slice(start, start + atOnce);
    const results = await Promise.all(
      batch.map((file) => copyFile(context, file, { from, root, makeFolder })),
    );
    for (const [at, result] of results.entries()) {
      const file = batch[at] ?? '';
      if (typeof result === 'string') skipped.push(`${file}: ${result}`);
      else {
        copied.push(file);
        bytes += result;
      }
    }
  }
  return { files: copied, bytes, skipped };
}

interface Places {
  readonly from: string;
  readonly root: string;
  /** Whether the folder is one, reached without a link. */
  readonly makeFolder: (folder: string) => Promise<boolean>;
}

/** The bytes copied, or why it was not. */
async function copyFile(
  { fs }: Context,
  file: string,
  { from, root, makeFolder }: Places,
): Promise<number | string> {
  const source = join(from, file);
  const target = join(root, file);
  const entry = await fs.lstat(source).catch(() => undefined);
  if (entry === undefined) return 'is gone';
  const link = entry.isSymbolicLink() ? await fs.readlink(source) : undefined;
  if (link !== undefined && leadsOut(file, link)) return 'the link leads out of the project';
  if (link === undefined && !entry.isFile()) return 'is no file';
  if (!(await makeFolder(dirname(target)))) return 'its folder is a link or a file';
  const write = () => (link === undefined ? fs.copyFile(source, target, onlyNew) : fs.symlink(link, target));
  try {
    await write().catch(async (error) => {
      if (error.code !== 'EEXIST') throw error;
      await fs.rm(target);
      await write();
    });
  } catch (error) {
    return `cannot be written: ${error instanceof Error ? error.message : error}`;
  }
  return link === undefined ? entry.size : 0;
}

/**
 * By its text only, as what it leads through may come or change later. So `..` may only stand in front: after a name,
 * which may be a link itself, it leads anywhere.
 */
function leadsOut(file: string, link: string): boolean {
  if (posix.isAbsolute(link)) return true;
  const parts = link.split('/');
  const named = parts.findIndex((part) => !['', '.', '..'].includes(part));
  if (named >= 0 && parts.includes('..', named)) return true;
  const target = posix.join(posix.dirname(file), link);
  return target === '..' || target.startsWith('../') || target === '.git' || target.startsWith('.git/');
}

async function makeReal({ fs }: Context, folder: string): Promise<boolean> {
  const made = await fs.mkdir(folder, { recursive: true }).then(
    () => true,
    () => false,
  );
  return made && (await fs.realpath(folder)) === folder;
}
