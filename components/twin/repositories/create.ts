import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import { type Git, gitIn } from './git.ts';
import type { ObjectSource } from './source.ts';

/** An empty bare repository. What fetches between repositories of the twin need is set in it: git passes no flags there. */
export async function createBare(
  context: Context,
  folder: string,
  branch: string,
  objectFormat = 'sha1',
): Promise<void> {
  await context.fs.mkdir(folder, { recursive: true });
  const git = gitIn(context, folder);
  const flags = ['--bare', '--template=', `--object-format=${objectFormat}`];
  await git.run(['init', '--quiet', ...flags, `--initial-branch=${branch}`]);
  const settings = '[uploadpack]\n\tallowAnySHA1InWant = true\n\tallowFilter = true\n';
  await context.fs.writeFile(join(folder, 'config'), settings, { flag: 'a' });
}

/** Makes a repository see all objects of another, which must stay where it is. */
export async function borrowObjects(
  context: Context,
  git: Pick<Git, 'folder'>,
  from: Pick<ObjectSource, 'objects' | 'shallow'>,
): Promise<void> {
  const info = join(git.folder, 'objects', 'info');
  await context.fs.mkdir(info, { recursive: true });
  await context.fs.writeFile(join(info, 'alternates'), `${from.objects}\n`);
  const there = await context.fs.lstat(from.shallow).catch(() => undefined);
  if (there?.isFile()) await context.fs.copyFile(from.shallow, join(git.folder, 'shallow'));
}

/** Makes a repository with all branches and tags of another, whose objects it borrows. */
export async function forkBare(context: Context, from: Git, to: Git, branch: string): Promise<void> {
  const format = (await from.run(['rev-parse', '--show-object-format'])).trim();
  await createBare(context, to.folder, branch, format);
  const [objects, shallow] = [join(from.folder, 'objects'), join(from.folder, 'shallow')];
  await borrowObjects(context, to, { objects, shallow });
  const refs = ['+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  await to.run(['fetch', '--quiet', '--update-shallow', '--', from.folder, ...refs]);
}

/** Writes only where it names another branch: every clone asks for this, and git locks `HEAD`. */
export async function pointHead(context: Context, git: Git, branch: string | undefined): Promise<void> {
  if (branch === undefined) return;
  const known = await context.fs.readFile(join(git.folder, 'HEAD'), 'utf8');
  if (known !== `ref: refs/heads/${branch}\n`)
    await git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
}
