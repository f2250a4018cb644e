import type { Context } from './context.ts';
import type { ExitCode } from './failure.ts';
import type { InputDeclarations, InputValues } from './input-types.ts';

/** One command: the data its help, flags, variables and component are checked against, and what it does. */
export interface Command<Ds extends InputDeclarations> {
  /** File name of the command and of its component. */
  readonly id: string;
  /** One line for `pipewright --help`. */
  readonly summary: string;
  readonly inputs: Ds;
  /** The list input that words without a flag belong to. */
  readonly positional?: keyof Ds & string;
  readonly examples: readonly string[];
  /** Exit codes besides 0, 2, 3 and 70, with their meaning. */
  readonly exits?: Readonly<Partial<Record<ExitCode, string>>>;
  readonly run: (context: Context, inputs: InputValues<Ds>) => Promise<ExitCode>;
}

export function defineCommand<const Ds extends InputDeclarations>(command: Command<Ds>): Command<Ds> {
  return command;
}

// biome-ignore lint/suspicious/noExplicitAny: commands of all input types in one table; each is typed where it is defined.
export type AnyCommand = Command<any>;

/** What the generated table holds of a command without loading it. */
export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<AnyCommand>;
}

export type CommandTable = Readonly<Record<string, CommandEntry>>;
