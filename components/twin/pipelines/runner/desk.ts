import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import { gitIn } from '../../repositories/git.ts';
import type { Machine } from '../../types.ts';
import { writeJobPrograms, writeScript } from './programs.ts';

/** What all attempts of a twin share and none changes. */
export interface Desk {
  /** PATH of the scripts: `node` and `pipewright` of this process, then the machine's programs. */
  readonly path: string;
  /** Environment of gitlab-ci-local and the shells around it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Lays out the desk in a folder. @throws TWIN_GIT */
export async function layOutDesk(context: Context, machine: Machine, folder: string): Promise<Desk> {
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  const own = join(folder, 'executor-bin');
  const repository = join(folder, 'repository');
  for (const each of [home, temporary, own, repository]) await context.fs.mkdir(each, { recursive: true });
  await gitIn(context, repository).run(['init', '--quiet', '--template=', '.']);
  const path = await writeJobPrograms(context, machine, join(folder, 'bin'));
  // gitlab-ci-local copies the project for containers, whether there are any or not.
  await writeScript(context, join(own, 'rsync'), 'exit 0');
  return {
    path,
    environment: {
      PATH: `${own}:${path}`,
      HOME: home,
      TMPDIR: temporary,
      LANG: 'C.UTF-8',
      // gitlab-ci-local wants to be in a repository. The job's own is none of its business.
      GIT_DIR: join(repository, '.git'),
    },
  };
}
