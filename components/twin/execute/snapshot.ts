import { dirname, join } from 'node:path';
import { git } from '../../git/git.ts';
import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';
import type { Project } from './project.ts';

/** A project as GitLab would see it were everything in its working tree committed and pushed now. */
export interface Snapshot {
  /** Working tree of a fresh repository, checked out at `sha`. */
  readonly folder: string;
  /** HEAD of the project where its working tree has no changes, else a commit on top of it, made here only. */
  readonly sha: string;
  readonly changed: boolean;
  readonly title: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly author: string;
  readonly parent: string | undefined;
  /** Runs git in the fresh repository; undefined where it fails. */
  readonly ask: (...args: string[]) => Promise<string | undefined>;
  /** Runs git in the fresh repository. @throws TWIN_GIT */
  readonly git: (...args: string[]) => Promise<string>;
}

const changedTitle = 'Changes that are not committed yet';

/**
 * Makes the snapshot below `temporary`. The fresh repository has no hooks and no configuration of the project's; it
 * borrows the project's objects (`objects/info/alternates`), so that all history is there and nothing is copied:
 * each job gets its own copy of `.git`. Files go in through git itself, which follows no symbolic link.
 */
export async function takeSnapshot(context: Context, project: Project, temporary: string): Promise<Snapshot> {
  const folder = join(temporary, 'work');
  const [objects, shallow, format] = await Promise.all([
    inSource(context, project, 'rev-parse', '--path-format=absolute', '--git-path', 'objects'),
    inSource(context, project, 'rev-parse', '--path-format=absolute', '--git-path', 'shallow'),
    inSource(context, project, 'rev-parse', '--show-object-format'),
  ]);
  const env = gitEnvironment(context, temporary);
  const run = gitIn(context, folder, env);
  await context.fs.mkdir(join(folder, '.git', 'objects', 'info'), { recursive: true });
  await run('init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${format.trim()}`);
  await context.fs.writeFile(join(folder, '.git', 'objects', 'info', 'alternates'), objects);
  await copyIfThere(context, shallow.replace(/\n$/, ''), join(folder, '.git', 'shallow'));
  const list = await listFiles(context, project, join(temporary, 'files'));
  await fillIndex(context, project, list, {
    ...env,
    GIT_DIR: join(folder, '.git'),
    GIT_WORK_TREE: project.root,
  });
  const sha = await commit(project, run);
  await run('checkout-index', '--all', '--force', '-u');
  await run('update-ref', '--no-deref', 'HEAD', sha);
  const [title = '', timestamp = '', author = '', parents = ''] = (
    await run('log', '-1', '--format=%s%n%cI%n%an <%ae>%n%P', sha)
  ).split('\n');
  const ask = async (...args: string[]) => {
    const answer = await context.exec('git', args, { cwd: folder, env });
    return answer.exitCode === 0 ? answer.stdout.trim() : undefined;
  };
  const parent = parents.split(' ')[0];
  return {
    ...{ folder, sha, title, timestamp, author, ask, git: run },
    changed: sha !== project.head,
    parent: parent === '' ? undefined : parent,
  };
}

type Git = (...args: string[]) => Promise<string>;

async function inSource(context: Context, project: Project, ...args: string[]): Promise<string> {
  return outputOf(args, await git(context, project.root, args));
}

function gitIn(context: Context, folder: string, env: Record<string, string>): Git {
  return async (...args) => outputOf(args, await context.exec('git', args, { cwd: folder, env }));
}

function outputOf(
  args: readonly string[],
  result: { exitCode: number | null; stdout: string; stderr: string },
): string {
  if (result.exitCode === 0) return result.stdout;
  const reason = result.stderr.trim().split('\n')[0] ?? '';
  throw twinErrors.GIT({
    command: args[0] ?? '',
    reason: reason === '' ? `exit code ${result.exitCode}` : reason,
  });
}

// No system and user configuration: a filter or a hook named there would run, and results differ between machines.
function gitEnvironment(context: Context, temporary: string): Record<string, string> {
  return {
    PATH: context.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: join(temporary, 'home'),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'pipewright local',
    GIT_AUTHOR_EMAIL: 'local@localhost',
    GIT_COMMITTER_NAME: 'pipewright local',
    GIT_COMMITTER_EMAIL: 'local@localhost',
  };
}

async function copyIfThere(context: Context, from: string, to: string): Promise<void> {
  const there = await context.fs.lstat(from).catch(() => undefined);
  if (there?.isFile()) await context.fs.copyFile(from, to);
}

/** Writes the names of the files to `list`: what is tracked, and what is neither tracked nor ignored. */
async function listFiles(context: Context, project: Project, list: string): Promise<string> {
  const present = await inSource(
    context,
    project,
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  );
  const real = new Map<string, Promise<boolean>>();
  const isFile = async (file: string) => {
    const folder = dirname(join(project.root, file));
    const inside = real.get(folder) ?? isReal(context, folder);
    real.set(folder, inside);
    if (!(await inside)) return false;
    const entry = await context.fs.lstat(join(project.root, file)).catch(() => undefined);
    return entry !== undefined && (entry.isFile() || entry.isSymbolicLink());
  };
  const files: string[] = [];
  for (const file of new Set(present.split('\0'))) if (file !== '' && (await isFile(file))) files.push(file);
  await context.fs.writeFile(list, files.map((file) => `${file}\0`).join(''));
  return list;
}

async function fillIndex(
  context: Context,
  project: Project,
  list: string,
  env: Record<string, string>,
): Promise<void> {
  const run = gitIn(context, project.root, env);
  await run('read-tree', '--empty');
  // git reads the names from its input, and `exec` gives none: hence the shell, to which the list is an argument.
  const fill = ['-c', 'exec git update-index --add -z --stdin < "$1"', 'sh', list];
  outputOf(['update-index'], await context.exec('sh', fill, { cwd: project.root, env }));
  const staged = await inSource(context, project, 'ls-files', '-z', '--stage');
  for (const entry of staged.split('\0')) {
    const [, object, path] = /^160000 ([0-9a-f]+) 0\t(.*)$/s.exec(entry) ?? [];
    if (object !== undefined) await run('update-index', '--add', '--cacheinfo', `160000,${object},${path}`);
  }
}

/** Whether a folder is reached without a symbolic link: below one, git sees nothing of the project. */
async function isReal(context: Context, folder: string): Promise<boolean> {
  return (await context.fs.realpath(folder).catch(() => '')) === folder;
}

async function commit(project: Project, run: Git): Promise<string> {
  const tree = (await run('write-tree')).trim();
  if (project.head !== undefined) {
    const known = (await run('rev-parse', `${project.head}^{tree}`)).trim();
    if (tree === known) return project.head;
  }
  const parents = project.head === undefined ? [] : ['-p', project.head];
  return (await run('commit-tree', tree, ...parents, '-m', changedTitle)).trim();
}
