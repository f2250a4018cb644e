import type { Annotation, Commit, TreeEntry } from '../ports.ts';
import type { Git } from './git.ts';
import { isHash, isRefName, isTreePath } from './names.ts';

/** The commit a name stands for: GitLab takes a whole hash first, then a tag, a branch, and part of a hash last. */
export async function resolveCommit(git: Git, name: string): Promise<string | undefined> {
  const names = candidates(name);
  if (names.length === 0) return undefined;
  const kept = await readKept(git, names);
  if (kept !== 'ask') return kept;
  const input = names.map((candidate) => `${candidate}^{commit}\n`).join('');
  const found = await git.run(['cat-file', '--batch-check=%(objectname) %(objecttype)'], { input });
  return /^([0-9a-f]{40,64}) commit$/m.exec(found)?.[1];
}

function candidates(name: string): readonly string[] {
  if (isHash(name)) return [name];
  if (name === 'HEAD') return [name];
  if (!isRefName(name)) return [];
  if (name.startsWith('refs/')) return [name];
  const short = /^[0-9a-f]{7,63}$/.test(name) ? [name] : [];
  return [`refs/tags/${name}`, `refs/heads/${name}`, ...short];
}

/**
 * The tip of a branch from the file git keeps it in, or that there is none of these names (gitrepository-layout), since a process
 * costs a hundred times as much. Git has to be asked for what is packed, for a tag, which may be an annotation, and for hashes.
 */
async function readKept(git: Git, names: readonly string[]): Promise<string | undefined | 'ask'> {
  if (!names.some((name) => name.startsWith('refs/'))) return 'ask';
  const packed = (await git.file('packed-refs')) ?? '';
  for (const name of names) {
    const isRef = name.startsWith('refs/');
    if (!isRef || packed.includes(` ${name}\n`)) return 'ask';
    const text = await git.file(name);
    if (text === undefined) continue;
    const tip = name.startsWith('refs/heads/') ? /^([0-9a-f]{40,64})\n$/.exec(text)?.[1] : undefined;
    return tip ?? 'ask';
  }
  return undefined;
}

/** References below a folder by the rest of their names, with the commits they come to. */
export async function readRefs(git: Git, below: string): Promise<ReadonlyMap<string, string>> {
  const format = '--format=%(objecttype) %(objectname) %(*objecttype) %(*objectname) %(refname)';
  const refs = new Map<string, string>();
  for (const line of (await git.run(['for-each-ref', format, below])).split('\n')) {
    const [type, object = '', , peeled = '', ...name] = line.split(' ');
    const sha = type === 'commit' ? object : peeled;
    if (sha !== '') refs.set(name.join(' ').slice(below.length), sha);
  }
  return refs;
}

/** The same names, of those references only that a filter of `git for-each-ref` lets pass. */
export async function readRefNames(git: Git, below: string, filter: string): Promise<readonly string[]> {
  const lines = (await git.run(['for-each-ref', '--format=%(refname)', filter, below])).split('\n');
  return lines.filter((line) => line !== '').map((line) => line.slice(below.length));
}

const fields = ['%H', '%P', '%an', '%ae', '%aI', '%cn', '%ce', '%cI', '%B'];
const format = `--format=${fields.join('%x00')}`;

/** Commits that `git log` gives with these arguments. */
export async function readLog(
  git: Git,
  args: readonly string[],
  input?: string,
): Promise<readonly Commit[] | undefined> {
  const options = input === undefined ? {} : { input };
  const result = await git.try(['log', '-z', '--no-show-signature', format, ...args], options);
  return result.exitCode === 0 ? parseLog(result.stdout) : undefined;
}

function parseLog(text: string): readonly Commit[] {
  const values = text.split('\0');
  const commits: Commit[] = [];
  for (let at = 0; at + fields.length < values.length; at += fields.length) {
    const [sha = '', parents = '', authorName = '', authorEmail = '', authoredAt = '', ...rest] =
      values.slice(at);
    const [committerName = '', committerEmail = '', committedAt = '', message = ''] = rest;
    commits.push({
      ...{ sha, message, authorName, authorEmail, authoredAt, committerName, committerEmail, committedAt },
      parents: parents === '' ? [] : parents.split(' '),
      title: message.split('\n')[0] ?? '',
    });
  }
  return commits;
}

const treesFirst = { tree: 0, blob: 1, commit: 2 } as const;

/** What lies in a folder of a commit, in GitLab's order: folders, files, submodules. Undefined where it is no folder. */
export async function readTree(
  git: Git,
  sha: string,
  path: string,
  recursive: boolean,
): Promise<readonly TreeEntry[] | undefined> {
  const folder = path.replace(/\/+$/, '');
  if (!isHash(sha) || (folder !== '' && !isTreePath(folder))) return undefined;
  const deep = recursive ? ['-r', '-t'] : [];
  const result = await git.try(['ls-tree', '-z', '--full-tree', ...deep, `${sha}:${folder}`]);
  if (result.exitCode !== 0) return undefined;
  const entries = result.stdout.split('\0').flatMap((line) => parseEntry(line, folder));
  return entries.sort((a, b) => treesFirst[a.type] - treesFirst[b.type]);
}

function parseEntry(line: string, folder: string): readonly TreeEntry[] {
  const [, mode, type, id, below] = /^(\d+) (blob|tree|commit) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
  if (mode === undefined || id === undefined || below === undefined) return [];
  if (type !== 'blob' && type !== 'tree' && type !== 'commit') return [];
  const path = folder === '' ? below : `${folder}/${below}`;
  return [{ id, name: path.slice(path.lastIndexOf('/') + 1), path, type, mode }];
}

export async function readBlob(git: Git, sha: string, path: string): Promise<Uint8Array | undefined> {
  if (!isHash(sha) || !isTreePath(path)) return undefined;
  return git.bytes(['cat-file', 'blob', `${sha}:${path}`]);
}

export async function readObject(git: Git, id: string): Promise<Uint8Array | undefined> {
  return isHash(id) ? git.bytes(['cat-file', 'blob', id]) : undefined;
}

export async function readAnnotation(git: Git, tag: string): Promise<Annotation | undefined> {
  if (!isRefName(tag)) return undefined;
  const read = await git.try([
    'for-each-ref',
    '--format=%(objecttype) %(objectname)%0a%(contents)',
    `refs/tags/${tag}`,
  ]);
  const [, id, message] = /^tag ([0-9a-f]+)\n(.*)$/s.exec(read.stdout) ?? [];
  return id === undefined || message === undefined ? undefined : { id, message: message.trimEnd() };
}
