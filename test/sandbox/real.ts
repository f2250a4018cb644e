import { readdirSync, readFileSync } from 'node:fs';
import type { Context } from '../../components/kernel/context.ts';
import { createSandbox } from '../../components/sandbox/create.ts';
import type { SandboxLimits, SandboxResult, SandboxRun } from '../../components/sandbox/types.ts';
import { createContext } from '../../scripts/wire/context.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { limits } from './support.ts';

/** The sandbox of this machine, which looks once for all tests of a file. */
export const sandbox = createSandbox(testContext('/'));

export const { rung, reason } = await sandbox.state();

/** A script runs shut in or not at all: what is skipped says why. */
export const titled = (name: string) => (rung === 'none' ? `${name} (skipped: ${reason})` : name);

type Change = Partial<Omit<SandboxRun, 'limits'>> & { readonly limits?: Partial<SandboxLimits> };

/** Runs a script of bash in an empty checkout, but for what the test changes. */
export function bash(script: string, change: Change = {}): Promise<SandboxResult> {
  return sandbox.run({
    root: change.root ?? workspace(),
    command: ['bash', '-c', script],
    env: {},
    input: '',
    ...change,
    limits: { ...limits, ...change.limits },
  });
}

/** What the real outside does, for a command that can be cancelled as a signal would. */
export function cancellable(): { readonly context: Context; readonly cancel: AbortController } {
  const cancel = new AbortController();
  const silent = () => undefined;
  const port = { env: {}, cwd: '/', cancel: cancel.signal, terminal: false, stdout: silent, stderr: silent };
  return { context: createContext({ log: 'human', debug: false, secrets: [] }, port), cancel };
}

/** Arguments of every process that runs on this machine with that text among them; those that only wait to be collected are gone. */
export function processesWith(marker: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readArguments)
    .filter((line) => line.includes(marker));
}

function readArguments(number: string): string {
  try {
    if (/\) [ZX] /.test(readFileSync(`/proc/${number}/stat`, 'utf8'))) return '';
    return readFileSync(`/proc/${number}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
