import { join } from 'node:path';
import type { Context } from '../../../../components/kernel/context.ts';

export interface CheckoutRequest {
  /** Bare repository. */
  readonly repository: string;
  readonly sha: string;
  /** Whether files are laid out: only for `rules:exists` and `rules:changes`. */
  readonly files: boolean;
  /** Commit `rules:changes` compares with. */
  readonly compared: string | undefined;
}

/** Files that steer gitlab-ci-local, which GitLab does not know. */
const steeringFiles = ['.gitlab-ci-local', '.gitlab-ci-local.yml', '.gitlab-ci-local-env'];

/**
 * Makes a working tree of a commit in `folder` that borrows the objects of the bare repository. Links are laid out
 * as the texts they are for git, so that nothing outside is found through them.
 */
export async function checkOut(context: Context, folder: string, request: CheckoutRequest): Promise<void> {
  const { repository, sha, compared } = request;
  const home = join(folder, '..');
  const git = async (...args: string[]) => {
    const env = {
      ...{ PATH: context.env.PATH ?? '', HOME: home, LC_ALL: 'C' },
      ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' },
    };
    const result = await context.exec('git', args, { cwd: folder, env });
    if (result.exitCode === 0) return result.stdout;
    const reason = result.stderr.trim().split('\n')[0] ?? '';
    throw new Error(`git ${args[0]}: ${reason}`);
  };
  await context.fs.mkdir(join(folder, '.git', 'objects', 'info'), { recursive: true });
  const format = sha.length === 64 ? 'sha256' : 'sha1';
  await git('init', '--quiet', '--template=', '--initial-branch=main', `--object-format=${format}`);
  await context.fs.writeFile(
    join(folder, '.git', 'objects', 'info', 'alternates'),
    `${join(repository, 'objects')}\n`,
  );
  await git('update-ref', '--no-deref', 'HEAD', sha);
  if (!request.files) return;
  await git('config', 'core.symlinks', 'false');
  await git('read-tree', sha);
  await git('checkout-index', '--all', '--force', '-u');
  for (const name of steeringFiles) {
    await context.fs.rm(join(folder, name), { recursive: true, force: true });
  }
  if (compared === undefined) return;
  // gitlab-ci-local evaluates `rules:changes` against what origin/HEAD names.
  await git('update-ref', 'refs/remotes/origin/pipewright-compared', compared);
  await git('symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/pipewright-compared');
}
