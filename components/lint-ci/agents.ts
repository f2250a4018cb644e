import { type AgentCli, agentClis, setupWords } from './names/agents.ts';
import { modelKeys } from './names/secrets.ts';
import { packageName, programOf } from './shell/program.ts';
import type { Word } from './shell/types.ts';
import type { AgentUse, Node, ScriptCommand } from './types.ts';

/** The command line of an agent that a command starts. */
export interface AgentCall {
  readonly cli: AgentCli;
  readonly word: Word;
  readonly args: readonly Word[];
}

export function agentCallOf(script: ScriptCommand): AgentCall | undefined {
  const program = programOf(script.command);
  if (program === undefined) return undefined;
  const { name, word, args } = program;
  for (const cli of agentClis) {
    const isPackage = cli.packages?.includes(packageName(word.text)) ?? false;
    if ((cli.program === name || isPackage) && starts(cli, args, script)) return { cli, word, args };
  }
  return undefined;
}

function starts(cli: AgentCli, args: readonly Word[], { command }: ScriptCommand): boolean {
  const first = args[0]?.text;
  if (first !== undefined && setupWords.has(first)) return false;
  // Alone and with nothing to read it would wait for a person.
  if (
    first === undefined &&
    command.from === undefined &&
    command.input.length === 0 &&
    command.redirects.length === 0
  )
    return false;
  if (cli.subcommands !== undefined && !cli.subcommands.includes(first ?? '')) return false;
  return cli.needs === undefined || args.some(({ text }) => cli.needs?.includes(text.split('=')[0] ?? ''));
}

/** The agents of a job: those it calls, else whatever it has a model's key for. */
export function agentsOf(
  commands: readonly ScriptCommand[],
  ownVariables: ReadonlyMap<string, Node>,
): readonly AgentUse[] {
  const calls = commands.flatMap((script): AgentUse[] => {
    const call = agentCallOf(script);
    if (call === undefined) return [];
    const { cli, word } = call;
    const piece = { node: script.node, offset: word.offset, text: word.text };
    return [{ name: cli.name, tools: cli.tools, call: { script, piece } }];
  });
  if (calls.length > 0) return calls;
  const key = [...ownVariables.keys()].find((name) => modelKeys.has(name));
  return key === undefined ? [] : [{ name: `what uses ${key}`, tools: false }];
}
