import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import { reasonOf } from './fetch-commits.ts';
import type { GitObjects } from './git-objects.ts';
import { type Remote, showing, urlOf } from './remote.ts';
import type { TreeEntry } from './tree.ts';

/** A whole file; without content it is deleted. Paths are of plain letters, looked at by the caller. */
export interface FileChange {
  readonly path: string;
  readonly content: string | null;
}

export interface NewCommit {
  readonly parent: string;
  readonly files: readonly FileChange[];
  readonly message: string;
  /** Of author and committer; dates are the parent's, so that the same wish is the same object whenever it is made. */
  readonly by: { readonly name: string; readonly email: string };
}

export interface MadeCommit {
  readonly commit: string;
  /** Files that it changes. */
  readonly files: number;
  readonly removedLines: number;
  /** Whether a file in it, or one that it replaces, is no text to git. */
  readonly hasBinary: boolean;
}

/** It is read by nobody else: the repository is thrown away. */
const made = 'refs/heads/made';

/**
 * Makes a commit of whole files on another, without index and work tree. A file that is there keeps its mode, a new one is
 * 100644. `base`: files of the parent.
 * @throws GIT_UNREADABLE
 */
export async function makeCommit(
  objects: GitObjects,
  base: readonly TreeEntry[],
  wanted: NewCommit,
): Promise<MadeCommit> {
  const { parent } = wanted;
  const written = await objects(['fast-import', '--quiet', '--force', '--date-format=raw'], {
    input: streamOf(
      wanted,
      new Map(base.map(({ path, mode }) => [path, mode])),
      await timeOf(objects, parent),
    ),
  });
  if (written.exitCode !== 0) throw unreadable(parent, reasonOf(written));
  const found = await objects(['rev-parse', '--verify', `${made}^{commit}`]);
  if (found.exitCode !== 0) throw unreadable(parent, reasonOf(found));
  const commit = found.stdout.trim();
  return { commit, ...(await changesOf(objects, parent, commit)) };
}

/** Seconds since the Unix epoch at which a commit was made. */
async function timeOf(objects: GitObjects, commit: string): Promise<number> {
  const read = await objects(['cat-file', 'commit', commit]);
  const [, time] = /^committer .*> (\d{1,12}) [+-]\d{4}$/m.exec(read.stdout) ?? [];
  if (read.exitCode !== 0 || time === undefined) throw unreadable(commit, reasonOf(read) || 'it has no date');
  return Number(time);
}

/** What git-fast-import(1) reads. */
function streamOf(
  { parent, files, message, by }: NewCommit,
  modes: ReadonlyMap<string, string>,
  time: number,
): string {
  const who = `${by.name} <${by.email}> ${time} +0000`;
  if (/[\n\0]/.test(who) || /[<>]/.test(by.name + by.email)) throw new TypeError('no identity of git');
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const lines = files.map(({ path, content }) => {
    if (/^"|[\n\0]/.test(path)) throw new TypeError('a path that fast-import would read otherwise');
    return content === null
      ? `D ${path}\n`
      : `M ${modes.get(path) ?? '100644'} inline ${path}\n${data(content)}`;
  });
  return [
    `commit ${made}\nauthor ${who}\ncommitter ${who}\n${data(message)}from ${parent}\n`,
    ...lines,
    '\n',
  ].join('');
}

async function changesOf(
  objects: GitObjects,
  parent: string,
  commit: string,
): Promise<Omit<MadeCommit, 'commit'>> {
  const told = await objects(['diff-tree', '-r', '-z', '--numstat', '--no-renames', parent, commit]);
  if (told.exitCode !== 0) throw unreadable(commit, reasonOf(told));
  const rows = told.stdout.split('\0').filter((row) => row !== '');
  const removed = rows.map((row) => row.split('\t')[1] ?? '-');
  return {
    files: rows.length,
    removedLines: removed.reduce((sum, count) => sum + (count === '-' ? 0 : Number(count)), 0),
    hasBinary: removed.includes('-'),
  };
}

export interface Push {
  readonly commit: string;
  readonly branch: string;
  /** Tip that the branch must still have; undefined: it must not be there. */
  readonly expected: string | undefined;
}

/**
 * Pushes a commit as the tip of a branch whose tip is the expected one; where somebody was faster, nothing happens. The token is
 * in no argument. Gives the reason where it is refused, in git's or the server's words.
 */
export async function pushWithLease(
  { redact }: Pick<Context, 'redact'>,
  objects: GitObjects,
  remote: Remote,
  { commit, branch, expected }: Push,
): Promise<string | undefined> {
  const ref = `refs/heads/${branch}`;
  const plain = ['--no-verify', '--no-signed', '--no-follow-tags', '--recurse-submodules=no', '--porcelain'];
  const lease = `--force-with-lease=${ref}:${expected ?? ''}`;
  const pushed = await objects(
    ['-c', 'push.pushOption=', 'push', ...plain, lease, urlOf(remote), `${commit}:${ref}`],
    { env: showing(remote), timeout: 120_000 },
  );
  if (pushed.exitCode === 0) return undefined;
  const [, said] = /^!\t[^\t]*\t(.*)$/m.exec(pushed.stdout) ?? [];
  const [, told] = /^remote: (GitLab: .*)$/m.exec(pushed.stderr) ?? [];
  const reasons = [said, told].filter((each) => each !== undefined);
  return redact(reasons.length === 0 ? reasonOf(pushed) : reasons.join(', '));
}

function unreadable(commit: string, reason: string) {
  return errors.UNREADABLE({ what: `the commit ${commit}`, reason });
}
