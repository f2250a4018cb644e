import type { AnyCommand, CommandTable } from './command.ts';
import type { Context } from './context.ts';
import { inputErrors, processErrors } from './errors.ts';
import { type ExitCode, exitCodes, Failure, Failures } from './failure.ts';
import { renderCommandHelp, renderMainHelp } from './help.ts';
import type { InputDeclarations, InputValues } from './input-types.ts';
import { readInputs } from './inputs.ts';
import type { LogFormat } from './log.ts';
import { nearest } from './suggest.ts';

/** Inputs every command has. */
export const sharedInputs = {
  log: {
    type: 'string',
    description: 'How progress is written to standard error',
    options: ['auto', 'human', 'json'],
    default: 'auto',
    terminal: true,
  },
  debug: {
    type: 'boolean',
    description: 'Tell more on standard error, with the stack of a defect',
    default: false,
    terminal: true,
  },
} as const satisfies InputDeclarations;

export interface Settings {
  readonly log: LogFormat | 'auto';
  readonly debug: boolean;
  /** Values of inputs declared secret, to be taken out of all output. */
  readonly secrets: readonly string[];
}

export interface Cli {
  readonly args: readonly string[];
  readonly version: string;
  readonly commands: CommandTable;
  /** Writes text of our own to standard output: help and version. */
  readonly write: (text: string) => void;
  /** Makes the context once the shared inputs are known. */
  readonly createContext: (settings: Settings) => Context;
}

/** Runs one command line and gives its exit code. Nothing is thrown: here is the one catch-all. */
export async function runCli(cli: Cli, env: Context['env']): Promise<ExitCode> {
  let context = cli.createContext(firstSettings(cli.args));
  try {
    const [name, ...args] = cli.args;
    if (name === undefined || ['--help', '-h', 'help'].includes(name)) {
      cli.write(renderMainHelp(cli.commands, cli.version));
      return name === undefined ? exitCodes.misuse : exitCodes.ok;
    }
    if (name === '--version') {
      cli.write(`${cli.version}\n`);
      return exitCodes.ok;
    }
    const command = await loadCommand(cli.commands, name);
    if (args.includes('--help')) {
      cli.write(renderCommandHelp(command, sharedInputs));
      return exitCodes.ok;
    }
    const declarations: InputDeclarations = { ...command.inputs, ...sharedInputs };
    const read = readInputs(declarations, { args, env, command: name, positional: command.positional });
    if (!read.ok) throw new Failures(read.failures);
    context = cli.createContext(settingsOf(declarations, read.values));
    return await command.run(context, read.values);
  } catch (error) {
    return report(context, error);
  }
}

/** What is known before the inputs are read: mistakes in them are told in the form that was asked for. */
function firstSettings(args: readonly string[]): Settings {
  const json = / --log[= ]json( |$)/.test(` ${args.join(' ')}`);
  return { log: json ? 'json' : 'auto', debug: args.includes('--debug'), secrets: [] };
}

async function loadCommand(commands: CommandTable, name: string): Promise<AnyCommand> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    throw inputErrors.UNKNOWN_COMMAND({
      name,
      near: nearest(name, [...Object.keys(commands), '--help', '--version']),
    });
  }
  return entry.load();
}

function settingsOf(declarations: InputDeclarations, values: InputValues<InputDeclarations>): Settings {
  const secrets = Object.entries(declarations)
    .filter(([, declaration]) => declaration.secret)
    .flatMap(([name]) => [values[name] ?? []].flat().map(String));
  return { log: values.log as Settings['log'], debug: values.debug === true, secrets };
}

/** Tells what went wrong and gives the exit code. */
function report(context: Context, error: unknown): ExitCode {
  const failures = failuresOf(context, error);
  for (const failure of failures) {
    context.log.error(`${failure.message}\n  fix: ${failure.fix}\n  code: ${failure.code}`);
    if (failure.cause instanceof Error) context.log.debug(failure.cause.stack ?? failure.cause.message);
  }
  return failures[0].exitCode;
}

function failuresOf(context: Context, error: unknown): readonly [Failure, ...Failure[]] {
  if (context.cancel.aborted) {
    return [processErrors.CANCELLED({ signal: String(context.cancel.reason) }, error)];
  }
  if (error instanceof Failures) return error.failures;
  if (error instanceof Failure) return [error];
  const reason = error instanceof Error ? error.message : String(error);
  return [processErrors.BUG({ reason }, error)];
}
