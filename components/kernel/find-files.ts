import { resolve } from 'node:path';
import picomatch from 'picomatch';
import type { Context } from './context.ts';

export interface FoundFiles {
  /** Relative to the root (those of an absolute pattern absolute), with `/`, in order. */
  readonly files: readonly string[];
  /** Patterns that match nothing. */
  readonly unmatched: readonly string[];
  /** Folders on the way that cannot be listed: what is in them is unknown. */
  readonly unreadable: readonly { readonly folder: string; readonly reason: string }[];
}

interface Pattern {
  readonly text: string;
  /** The folder before the first wildcard. */
  readonly base: string;
  readonly matches: (path: string) => boolean;
}

/**
 * Finds files by glob below a root, hidden ones too; a pattern with `!` takes away. A link to a file is a file, also
 * where it leads nowhere, so that nothing a pattern names is passed over in silence; links to folders are not
 * followed, and folders of the given names not looked into.
 */
export async function findFiles(
  context: Context,
  root: string,
  patterns: readonly string[],
  ignoredFolders: ReadonlySet<string>,
): Promise<FoundFiles> {
  const taken = patterns.filter((text) => !text.startsWith('!')).map(parsePattern);
  const excluded = patterns.filter((text) => text.startsWith('!')).map((text) => parsePattern(text.slice(1)));
  const unreadable = new Map<string, string>();
  const found = new Set<string>();
  const matched = new Set<Pattern>();
  for (const base of new Set(taken.map((pattern) => pattern.base))) {
    const here = taken.filter((pattern) => pattern.base === base);
    const walk = walkFiles(context, root, base, ignoredFolders, unreadable);
    for await (const path of walk) {
      const by = here.filter((pattern) => pattern.matches(path));
      if (by.length === 0 || excluded.some((pattern) => pattern.matches(path))) continue;
      for (const pattern of by) matched.add(pattern);
      found.add(path);
    }
  }
  return {
    files: [...found].sort(),
    unmatched: taken.filter((pattern) => !matched.has(pattern)).map(({ text }) => text),
    unreadable: [...unreadable].map(([folder, reason]) => ({ folder, reason })),
  };
}

/** Whether a text is a pattern, not the name of one file. */
export function isGlob(text: string): boolean {
  return text.startsWith('!') || picomatch.scan(text).isGlob;
}

function parsePattern(text: string): Pattern {
  const { base, glob } = picomatch.scan(text);
  const matches = picomatch(glob, { dot: true });
  const start = base === '' ? '' : `${base}/`;
  return { text, base, matches: (path) => path.startsWith(start) && matches(path.slice(start.length)) };
}

async function* walkFiles(
  context: Context,
  root: string,
  base: string,
  ignoredFolders: ReadonlySet<string>,
  unreadable: Map<string, string>,
): AsyncGenerator<string> {
  const open = [base];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    context.cancel.throwIfAborted();
    const entries = await context.fs
      .readdir(resolve(root, folder), { withFileTypes: true })
      .catch((error) => {
        // A base that is not there is a pattern without match; a folder that may not be listed is another matter.
        if (!['ENOENT', 'ENOTDIR'].includes(error.code)) unreadable.set(folder ?? '', error.message);
        return [];
      });
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!ignoredFolders.has(entry.name)) open.push(path);
      } else if (
        entry.isFile() ||
        (entry.isSymbolicLink() && !(await isFolder(context, resolve(root, path))))
      ) {
        yield path;
      }
    }
  }
}

async function isFolder(context: Context, path: string): Promise<boolean> {
  return context.fs.stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
