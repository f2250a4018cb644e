import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import type { Machine } from '../../types.ts';

/**
 * Makes a folder of the programs that are ours, and gives the PATH of jobs. They find `pipewright` here before
 * anything a checkout holds: an `.npmrc` or a `node_modules/pipewright` of the project decides nothing.
 */
export async function writeJobPrograms(context: Context, machine: Machine, bin: string): Promise<string> {
  await context.fs.mkdir(bin);
  await context.fs.symlink(machine.node, join(bin, 'node'));
  const { compileCache } = machine;
  const cached = compileCache === undefined ? '' : `env NODE_COMPILE_CACHE=${quote(compileCache)} `;
  const start = `exec ${cached}${quote(machine.node)} ${quote(machine.entry)} "$@"`;
  await writeScript(context, join(bin, 'pipewright'), start);
  return [bin, ...machine.programs].join(':');
}

/** Writes a program of a shell's commands. */
export async function writeScript(context: Context, file: string, body: string): Promise<void> {
  await context.fs.writeFile(file, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** One word for a shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
