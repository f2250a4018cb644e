import { randomUUID } from 'node:crypto';
import type { Person } from '../ports.ts';
import type { Git } from './git.ts';

/** A file of a commit: one that git has already, or bytes. */
export type NewEntry = { readonly mode: string } & (
  | { readonly id: string }
  | { readonly content: Uint8Array }
);

export interface NewCommit {
  /** Undefined: a commit without a parent, of an empty tree. */
  readonly base: string | undefined;
  /** Undefined: the file goes. What goes is gone before what comes: a file may take the place of a folder. */
  readonly changes: ReadonlyMap<string, NewEntry | undefined>;
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  /** Unix time in seconds. */
  readonly now: number;
}

/**
 * Writes the objects of a commit and gives its name: one `git fast-import` for what would be a process a file and five more. The
 * reference that it must be written to goes again in the same run.
 */
export async function importCommit(git: Git, commit: NewCommit): Promise<string> {
  const ref = `refs/pipewright/${randomUUID()}`;
  const args = ['fast-import', '--quiet', '--done', '--date-format=raw'];
  return (await git.run(args, { input: streamOf(commit, ref) })).trim();
}

async function* streamOf(
  { base, changes, message, author, committer, now }: NewCommit,
  ref: string,
): AsyncGenerator<Uint8Array> {
  const gone: string[] = [];
  const come: string[] = [];
  let marks = 0;
  for (const [path, entry] of changes) {
    if (entry === undefined) {
      gone.push(`D ${quoted(path)}\n`);
    } else if ('id' in entry) {
      come.push(`M ${entry.mode} ${entry.id} ${quoted(path)}\n`);
    } else {
      marks += 1;
      come.push(`M ${entry.mode} :${marks} ${quoted(path)}\n`);
      yield bytes(`blob\nmark :${marks}\ndata ${entry.content.length}\n`);
      yield entry.content;
      yield bytes('\n');
    }
  }
  const mark = marks + 1;
  const text = bytes(message);
  const people = `author ${nameOf(author)} ${now} +0000\ncommitter ${nameOf(committer)} ${now} +0000\n`;
  yield bytes(`commit ${ref}\nmark :${mark}\n${people}data ${text.length}\n`);
  yield text;
  yield bytes(`\n${base === undefined ? '' : `from ${base}\n`}${gone.join('')}${come.join('')}\n`);
  yield bytes(`get-mark :${mark}\nreset ${ref}\nfrom ${'0'.repeat(base?.length ?? 40)}\n\ndone\n`);
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** As fast-import reads a path that a plain word could not be. */
function quoted(path: string): string {
  if (!path.startsWith('"') && !path.includes('\n')) return path;
  return `"${path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** A name and an address as git writes them in a commit: without what would break its form, or "unknown" where nothing is left. */
function nameOf({ name, email }: Person): string {
  const [shown, address] = [name, email].map((text) =>
    text.replace(/[<>\n]/g, '').replace(/^[\s\p{Cc}.,:;"\\']+|[\s\p{Cc}.,:;"\\']+$/gu, ''),
  );
  return `${shown === '' ? 'unknown' : shown} <${address}>`;
}
