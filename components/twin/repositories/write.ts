import type { Commit, CommitAction, CommitRequest, Person, Refused } from '../ports.ts';
import type { Git } from './git.ts';
import { importCommit, type NewCommit, type NewEntry } from './import-commit.ts';
import { isRefName, isTreePath, zerosLike } from './names.ts';
import { readTree, resolveCommit } from './read.ts';

export type Written = { readonly ok: true; readonly sha: string; readonly before: string } | Refused;

export interface WriteOptions {
  readonly defaultBranch: string | undefined;
  /** Unix time in seconds. */
  readonly now: number;
}

/** Writes a commit and moves its branch to it, if that is still where it was. Messages are GitLab's. */
export async function writeCommit(git: Git, request: CommitRequest, options: WriteOptions): Promise<Written> {
  if (!isRefName(request.branch)) return refused(`Branch name is invalid`);
  const { author, committer, message } = request;
  const texts = [message, author.name, author.email, committer.name, committer.email];
  if (texts.some((text) => text.includes('\0'))) return refused('A commit cannot hold a NUL character');
  const ref = `refs/heads/${request.branch}`;
  const tip = await resolveCommit(git, ref);
  if (tip !== undefined && request.startSha !== undefined && request.force !== true) {
    return refused(
      `A branch called '${request.branch}' already exists. Switch to that branch in order to make changes`,
    );
  }
  const fallback = options.defaultBranch === undefined ? undefined : `refs/heads/${options.defaultBranch}`;
  const base = request.startSha ?? tip ?? (fallback && (await resolveCommit(git, fallback)));
  const changes = await planChanges(git, base, request.actions);
  if (!changes.ok) return changes;
  const sha = await importCommit(git, {
    ...{ base, changes: changes.files, message, author, committer, now: options.now },
  });
  const moved = await moveRef(git, ref, sha, tip);
  if (!moved) return refused(`Could not update ${ref}. Please refresh and try again.`);
  return { ok: true, sha, before: tip ?? zerosLike(sha) };
}

export function refused(message: string): Refused {
  return { ok: false, message };
}

/** Moves a reference from a commit (undefined: it must not exist) to another (undefined: it is deleted). */
export async function moveRef(
  git: Git,
  ref: string,
  sha: string | undefined,
  expected: string | undefined,
): Promise<boolean> {
  const zeros = zerosLike(sha ?? expected ?? '0'.repeat(40));
  const args = sha === undefined ? ['-d', ref, expected ?? zeros] : [ref, sha, expected ?? zeros];
  return (await git.try(['update-ref', '--no-deref', ...args])).exitCode === 0;
}

interface CommitObject {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  /** Unix time in seconds. */
  readonly now: number;
}

export async function writeCommitObject(git: Git, commit: CommitObject): Promise<string> {
  const parents = commit.parents.flatMap((parent) => ['-p', parent]);
  // Its input is the message as it is; -m and -F would add a line's end.
  const written = await git.run(['commit-tree', commit.tree, ...parents], {
    input: commit.message,
    env: {
      ...{ GIT_AUTHOR_NAME: nameOf(commit.author), GIT_AUTHOR_EMAIL: commit.author.email },
      ...{ GIT_COMMITTER_NAME: nameOf(commit.committer), GIT_COMMITTER_EMAIL: commit.committer.email },
      ...{ GIT_AUTHOR_DATE: `@${commit.now} +0000`, GIT_COMMITTER_DATE: `@${commit.now} +0000` },
    },
  });
  return written.trim();
}

/** git refuses a name of which nothing is left once it has taken out what would break its format. */
function nameOf({ name }: Person): string {
  return /[^\s<>.,:;"\\']/.test(name) ? name : 'unknown';
}

type Plan = { readonly ok: true; readonly files: NewCommit['changes'] } | Refused;

const messages = {
  exists: 'A file with this name already exists',
  directory: 'A directory with this name already exists',
  missing: "A file with this name doesn't exist",
  changed: 'You are attempting to update a file that has changed since you started editing it.',
  path: 'Path cannot include directory traversal',
} as const;

/** What becomes of the files that are touched; every action sees what those before it did. */
async function planChanges(
  git: Git,
  base: string | undefined,
  actions: readonly CommitAction[],
): Promise<Plan> {
  const all = base === undefined ? [] : ((await readTree(git, base, '', true)) ?? []);
  const files = new Map<string, NewEntry>(
    all.filter(({ type }) => type !== 'tree').map(({ path, mode, id }) => [path, { mode, id }]),
  );
  const touched = new Set<string>();
  for (const action of actions) {
    const mistake = await mistakeOf(git, base, files, action);
    if (mistake !== undefined) return refused(mistake);
    const old = action.action === 'move' ? (action.previousPath ?? '') : action.path;
    const before = files.get(old);
    touched.add(old).add(action.path);
    files.delete(old);
    if (action.action !== 'delete') files.set(action.path, entryOf(action, before));
  }
  return { ok: true, files: new Map([...touched].map((path) => [path, files.get(path)])) };
}

function entryOf({ executable, content }: CommitAction, before: NewEntry | undefined): NewEntry {
  const mode = executable === undefined ? (before?.mode ?? '100644') : executable ? '100755' : '100644';
  if (content === undefined && before !== undefined) return { ...before, mode };
  return { mode, content: content ?? new Uint8Array() };
}

async function mistakeOf(
  git: Git,
  base: string | undefined,
  files: ReadonlyMap<string, NewEntry>,
  action: CommitAction,
): Promise<string | undefined> {
  const { path, previousPath = path, lastCommitId } = action;
  if (!isTreePath(path) || !isTreePath(previousPath)) return messages.path;
  const isNew = action.action === 'create' || action.action === 'move';
  if (isNew && files.has(path)) return messages.exists;
  const paths = [...files.keys()];
  if (isNew && paths.some((file) => file.startsWith(`${path}/`))) return messages.directory;
  if (isNew && paths.some((file) => path.startsWith(`${file}/`) && file !== previousPath))
    return messages.exists;
  if (action.action === 'create') return undefined;
  if (!files.has(previousPath)) return messages.missing;
  if (lastCommitId === undefined || base === undefined) return undefined;
  return (await lastCommitOf(git, base, previousPath)) === lastCommitId ? undefined : messages.changed;
}

/** The newest commit that changed a path. */
export async function lastCommitOf(git: Git, from: Commit['sha'], path: string): Promise<string | undefined> {
  const found = await git.run(['log', '-1', '--format=%H', from, '--', path]);
  return found.trim() === '' ? undefined : found.trim();
}
