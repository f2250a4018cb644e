import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A project that includes our components, in a folder of its own with a repository. */
export interface Project {
  readonly folder: string;
  readonly git: (...args: readonly string[]) => void;
  /** Lays the files of a folder over those that are there, and commits all. */
  readonly commit: (overlay: string, message: string) => void;
}

/** @param home - folder that git takes for its user's, so that nobody's own settings count */
export function createProject(folder: string, origin: string, home: string): Project {
  const env = {
    ...{ PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
    ...{ GIT_AUTHOR_NAME: 'Shop', GIT_AUTHOR_EMAIL: 'shop@example.com' },
    ...{ GIT_COMMITTER_NAME: 'Shop', GIT_COMMITTER_EMAIL: 'shop@example.com' },
  };
  const git = (...args: readonly string[]) => {
    execFileSync('git', args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'inherit'] });
  };
  git('init', '--quiet', '--initial-branch=main');
  git('remote', 'add', 'origin', origin);
  return {
    ...{ folder, git },
    commit: (overlay, message) => {
      cpSync(overlay, folder, { recursive: true });
      stamp(join(folder, '.gitlab-ci.yml'));
      git('add', '--all');
      git('commit', '--quiet', '--message', message);
    },
  };
}

/** Puts what is tested in the place of the version that a project would write. */
function stamp(file: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('@COMMIT', `@${refUnderTest()}`));
}

/** The branch of the checkout, so that changes which are not committed yet count; an archive is taken as it stands. */
export function refUnderTest(): string {
  const ask = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout.trim();
  return ask('symbolic-ref', '--quiet', '--short', 'HEAD') || ask('rev-parse', 'HEAD') || 'main';
}
