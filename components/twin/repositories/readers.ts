import type { Commit, Repositories } from '../ports.ts';
import type { Project } from '../world/project.ts';
import { readDiff } from './diff.ts';
import type { Git } from './git.ts';
import { createMemory } from './memory.ts';
import { isHash } from './names.ts';
import * as read from './read.ts';

type Readers = Pick<
  Repositories,
  | 'resolve'
  | 'branches'
  | 'tags'
  | 'commit'
  | 'commits'
  | 'annotation'
  | 'containing'
  | 'mergedInto'
  | 'log'
  | 'mergeBase'
  | 'diff'
  | 'tree'
  | 'blob'
  | 'object'
>;

/** The part of {@link Repositories} that changes nothing. */
export function createReaders(git: (project: Project) => Git): Readers {
  const commits = async (project: Project, shas: readonly string[]): Promise<readonly Commit[]> => {
    const known = shas.filter(isHash);
    if (known.length === 0) return [];
    const input = known.map((sha) => `${sha}\n`).join('');
    const found = (await read.readLog(git(project), ['--no-walk=unsorted', '--stdin'], input)) ?? [];
    const bySha = new Map(found.map((commit) => [commit.sha, commit]));
    return known.flatMap((sha) => bySha.get(sha) ?? []);
  };
  const recall = createMemory();
  const resolve: Repositories['resolve'] = (project, ref) => {
    const found = () => read.resolveCommit(git(project), ref);
    return isHash(ref) ? recall(['commit', project.id, ref], found) : found();
  };
  return {
    resolve,
    branches: (project) => read.readRefs(git(project), 'refs/heads/'),
    tags: (project) => read.readRefs(git(project), 'refs/tags/'),
    commit: async (project, sha) => (await commits(project, [sha]))[0],
    commits,
    annotation: (project, tag) => read.readAnnotation(git(project), tag),
    containing: async (project, kind, sha) => {
      const below = kind === 'branch' ? 'refs/heads/' : 'refs/tags/';
      return read.readRefNames(git(project), below, `--contains=${sha}`);
    },
    mergedInto: async (project, sha) =>
      new Set(await read.readRefNames(git(project), 'refs/heads/', `--merged=${sha}`)),
    log: async (project, { from, without, path, limit, since, until }) => {
      const [start, end] = await Promise.all([from, without].map((ref) => ref && resolve(project, ref)));
      // No argument of a program can hold a NUL, and no path does.
      if (start === undefined || start === '' || path?.includes('\0')) return [];
      const range = end === undefined || end === '' ? [start] : [start, `^${end}`];
      const most = [
        ...(limit === undefined ? [] : [`--max-count=${limit}`]),
        ...(since === undefined ? [] : [`--since=${since}`]),
        ...(until === undefined ? [] : [`--until=${until}`]),
      ];
      return (await read.readLog(git(project), [...most, ...range, '--', ...(path ? [path] : [])])) ?? [];
    },
    mergeBase: async (project, a, b) => {
      const shas = await Promise.all([a, b].map((ref) => resolve(project, ref)));
      const known = shas.filter((sha) => sha !== undefined);
      if (known.length < 2) return undefined;
      return recall(['merge-base', project.id, ...known], async () => {
        const found = await git(project).try(['merge-base', ...known]);
        return found.exitCode === 0 ? found.stdout.trim() : undefined;
      });
    },
    diff: (project, from, to) => {
      const found = () => readDiff(git(project), from, to);
      return isHash(from) && isHash(to) ? recall(['diff', project.id, from, to], found) : found();
    },
    tree: (project, sha, path, recursive) => {
      const found = () => read.readTree(git(project), sha, path, recursive);
      return isHash(sha) ? recall(['tree', project.id, sha, path, recursive], found) : found();
    },
    blob: (project, sha, path) => read.readBlob(git(project), sha, path),
    object: (project, id) => read.readObject(git(project), id),
  };
}
