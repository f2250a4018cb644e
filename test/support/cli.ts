import { runCli } from '../../components/kernel/cli.ts';
import type { CommandTable } from '../../components/kernel/command.ts';
import type { Context } from '../../components/kernel/context.ts';
import { commands } from '../../scripts/commands.gen.ts';
import { createContext } from '../../scripts/wire/context.ts';
import { throughStarter } from './starter.ts';

export interface CliRun {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly commands?: CommandTable;
  readonly cancel?: AbortSignal;
  /** A broker that has the keys. */
  readonly broker?: Context['broker'];
  readonly terminal?: boolean;
  /** Changes the context before the command gets it, to play a broken outside. */
  readonly change?: (context: Context) => Context;
}

/** Runs a command line through the real entry, with captured streams; only argv, env and streams are the test's. */
export async function pipewright(args: readonly string[], options: CliOptions): Promise<CliRun> {
  let stdout = '';
  let stderr = '';
  const env = { PATH: process.env.PATH ?? '', ...options.env };
  const exitCode = await runCli(
    {
      args,
      version: '0.0.0-test',
      commands: options.commands ?? commands,
      write: (text) => {
        stdout += text;
      },
      createContext: (settings) => {
        const context = createContext(settings, {
          env,
          cwd: options.cwd,
          broker: options.broker,
          cancel: options.cancel ?? new AbortController().signal,
          terminal: options.terminal ?? false,
          stdout: (text) => {
            stdout += text;
          },
          stderr: (text) => {
            stderr += text;
          },
        });
        const started = { ...context, exec: throughStarter(context.exec, context.cancel) };
        return options.change?.(started) ?? started;
      },
    },
    env,
  );
  return { exitCode, stdout, stderr };
}

/** A context over the real file system, for tests of one module. */
export function testContext(cwd: string, change: Partial<Context> = {}): Context {
  const settings = { log: 'human', debug: false, secrets: [] } as const;
  const silent = () => undefined;
  const cancel = new AbortController().signal;
  const env = { PATH: process.env.PATH ?? '' };
  const port = { env, cwd, cancel, terminal: false, stdout: silent, stderr: silent };
  const context = createContext(settings, port);
  return { ...context, exec: throughStarter(context.exec, change.cancel ?? cancel), ...change };
}
