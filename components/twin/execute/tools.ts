import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import type { Machine } from '../types.ts';
import { jobShell } from './job-shell.ts';

/** The folders of programs of one run. */
export interface Tools {
  /** PATH of the jobs: `node` and `pipewright` of this process, then the machine's programs. */
  readonly jobPath: string;
  /** PATH of gitlab-ci-local, which starts rsync for itself: with ours before it. */
  readonly executorPath: string;
  /** File that every bash of a job's script reads first. */
  readonly jobShell: string;
  /** Folder where it notes the process groups of jobs. */
  readonly groups: string;
  /** Forgets the process groups, and what rsync has filled already: the next run of gitlab-ci-local fills again. */
  readonly forget: () => Promise<void>;
}

/**
 * Puts the programs of a run into `temporary`. Jobs find `pipewright` here before anything a checkout holds: an
 * `.npmrc` or a `node_modules/pipewright` of the project decides nothing.
 */
export async function writeTools(context: Context, machine: Machine, temporary: string): Promise<Tools> {
  const bin = join(temporary, 'bin');
  const own = join(temporary, 'executor-bin');
  const filled = join(temporary, 'filled');
  const groups = join(temporary, 'groups');
  const shell = join(temporary, 'job-shell.sh');
  for (const folder of [bin, own]) await context.fs.mkdir(folder);
  await context.fs.symlink(machine.node, join(bin, 'node'));
  await writeScript(
    context,
    join(bin, 'pipewright'),
    `exec ${quote(machine.node)} ${quote(machine.entry)} "$@"`,
  );
  const rsync = await findRsync(context, machine, own);
  await writeScript(context, join(own, 'rsync'), fillOnce(filled, rsync));
  await context.fs.writeFile(shell, jobShell(quote(groups), quote(machine.node), quote));
  const forget = async () => {
    await context.fs.writeFile(filled, '');
    await context.fs.rm(groups, { recursive: true, force: true });
    await context.fs.mkdir(groups);
  };
  await forget();
  const jobPath = [bin, ...machine.programs].join(':');
  return { jobPath, executorPath: `${own}:${jobPath}`, jobShell: shell, groups, forget };
}

/**
 * gitlab-ci-local 4.75.1 fills a job's folder a second time before its `after_script`, which deletes what the
 * script made, artifacts included; and it fills `builds/.docker` for containers that never start.
 */
function fillOnce(filled: string, rsync: string): string {
  return [
    'for target do :; done',
    'case $target in',
    '  */builds/.docker/) exit 0 ;;',
    '  */builds/*)',
    `    grep -Fxq -e "$*" ${quote(filled)} && exit 0`,
    `    printf '%s\\n' "$*" >> ${quote(filled)} ;;`,
    'esac',
    `exec ${rsync} "$@"`,
  ].join('\n');
}

/** The machine's rsync, else our stand-in: the command as a shell reads it. */
async function findRsync(context: Context, machine: Machine, own: string): Promise<string> {
  for (const folder of machine.programs) {
    const program = join(folder, 'rsync');
    const found = await context.fs.stat(program).catch(() => undefined);
    if (found?.isFile() && (found.mode & 0o111) !== 0) return quote(program);
  }
  // Imported for its address only: in a bundle the chunk this `import()` makes, in a checkout the source file.
  const { rsyncModule } = await import('./rsync.ts');
  const launcher = join(own, 'rsync.mjs');
  const lines = [
    'import * as fs from "node:fs/promises";',
    `import { rsync } from ${JSON.stringify(rsyncModule)};`,
    'const { argv, cwd, exit, stderr } = process;',
    'exit(await rsync(argv.slice(2), { fs, cwd: cwd(), tell: (text) => stderr.write(text) }));',
  ];
  await context.fs.writeFile(launcher, `${lines.join('\n')}\n`);
  return `${quote(machine.node)} ${quote(launcher)}`;
}

async function writeScript(context: Context, file: string, body: string): Promise<void> {
  await context.fs.writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** One word for a shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
