import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const devScripts = fileURLToPath(new URL('../../scripts/dev/', import.meta.url));
// Nothing of the developer's own git settings: hooks, signing and names differ from machine to machine.
const identity = { name: 'Releaser', email: 'releaser@example.com' };
const env = {
  PATH: process.env.PATH ?? '',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: identity.name,
  GIT_AUTHOR_EMAIL: identity.email,
  GIT_COMMITTER_NAME: identity.name,
  GIT_COMMITTER_EMAIL: identity.email,
};

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary git repository, deleted with the test. */
export interface Repository {
  readonly root: string;
  git(...args: readonly string[]): string;
  read(path: string): string;
  write(files: Readonly<Record<string, string>>): void;
  /** Writes files and commits everything. */
  commit(files: Readonly<Record<string, string>>): void;
  /** Makes git run a shell script at that point. */
  hook(name: string, script: string): void;
  /** Runs one of scripts/dev/ as a process, in the repository. */
  run(script: string, ...args: readonly string[]): Promise<Ran>;
}

export function createRepository(files: Readonly<Record<string, string>>): Repository {
  const root = createFolder();
  const repository: Repository = {
    root,
    git: (...args) => execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: 'pipe' }).trim(),
    read: (path) => readFileSync(join(root, path), 'utf8'),
    write: (given) => {
      for (const [path, text] of Object.entries(given)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), text);
      }
    },
    commit: (given) => {
      repository.write(given);
      repository.git('add', '--all');
      repository.git('commit', '--quiet', '--message', 'a change');
    },
    hook: (name, script) => {
      const path = `.git/hooks/${name}`;
      repository.write({ [path]: `#!/bin/sh\n${script}\n` });
      chmodSync(join(root, path), 0o755);
    },
    run: (script, ...args) => runScript(root, script, args),
  };
  repository.git('init', '--quiet', '--initial-branch=main');
  repository.commit(files);
  return repository;
}

export function createFolder(): string {
  const root = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

export function runScript(cwd: string, script: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(devScripts, script), ...args], { cwd, env }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

export const digests = ['a', 'b'].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];

export function imageOf(version: string, digest: string = digests[0]): string {
  return `registry.example.com/group/pipewright:${version}@${digest}`;
}

export const template = `# What you include is this file.
spec:
  inputs:
    stage:
      description: Stage of the job
      default: .pre
    image:
      description: Container image, by digest  # stamped
      # Text in the YAML: no white space.
      regex: ^[A-Za-z0-9][A-Za-z0-9._:/@-]*$
    mode:
      description: 'What findings do: observe nothing, enforce a red job'
      default: observe
      options: [observe, enforce]
---
check:
  stage: '$[[ inputs.stage ]]'
  image: '$[[ inputs.image ]]'
  script:
    - pipewright check --mode=$[[ inputs.mode ]]
`;

/** A catalog with one component, ready for the release of that version. */
export function catalogFiles(version: string, changes = 'First version.'): Record<string, string> {
  return {
    'package.json': `${JSON.stringify({ name: 'catalog', version }, null, 2)}\n`,
    'CHANGELOG.md': `# Changelog\n\n## [${version}] - 2026-11-21\n\n${changes}\n\n[${version}]: https://example.com/${version}\n`,
    'templates/check/template.yml': template,
    'README.md': '# Catalog\n',
  };
}
