import { agentCallOf } from '../agents.ts';
import type { AgentCli } from '../names/agents.ts';
import { textOf, writtenAt } from '../read/node.ts';
import { defineRule, type Issue } from '../rule.ts';
import type { Word } from '../shell/types.ts';
import type { Job, ScriptCommand } from '../types.ts';

export const rule = defineRule({
  id: 'confirmations-off',
  severity: 'error',
  about:
    'An agent is started so that it asks nobody before it runs a command or changes a file. In a job nobody is there to be asked, so what it may do has to be ' +
    'named instead: a list of tools, a mode that only reads or only plans.',
  bad: `fix:
  script:
    - claude -p "Fix the tests" --dangerously-skip-permissions
`,
  good: `fix:
  script:
    - claude -p "Fix the tests" --allowedTools "Read,Edit,Bash(npm test)"
`,
  check: ({ jobs }) => jobs.flatMap((job) => job.commands.flatMap((script) => issuesOf(job, script))),
});

function issuesOf(job: Job, script: ScriptCommand): Issue[] {
  const call = agentCallOf(script);
  if (call === undefined) return [];
  const { cli, args } = call;
  const { node } = script;
  const fix =
    'Name the tools it may use, or let it only read; what it wants done is for another job to decide.';
  const flags = unaskedFlags(cli, args).map(({ offset, text }) => ({
    ...{ node, piece: { node, offset, text: writtenAt(node, offset) }, fix },
    message: `${job.name}: ${cli.name} asks nobody before it acts (${text})`,
  }));
  return [...flags, ...variablesOf(job, script, cli).map((place) => ({ ...place, fix }))];
}

function unaskedFlags(
  cli: AgentCli,
  args: readonly Word[],
): readonly { readonly offset: number; readonly text: string }[] {
  return args.flatMap(({ offset, text }, at) => {
    const next = args[at + 1];
    if (cli.unasked.some((flag) => flag.test(text))) return [{ offset, text }];
    return next !== undefined && cli.unasked.some((flag) => flag.test(`${text} ${next.text}`))
      ? [{ offset: next.offset, text: next.text }]
      : [];
  });
}

/** Variables that do the same: before the command, or of the job. */
function variablesOf(job: Job, { command, node }: ScriptCommand, cli: AgentCli): readonly Issue[] {
  return Object.entries(cli.unaskedVariables ?? {}).flatMap(([name, form]): Issue[] => {
    const message = `${job.name}: ${cli.name} asks nobody before it acts (${name})`;
    const before = command.assignments.find((one) => one.name === name);
    if (before !== undefined) {
      const { offset, text } = before.word;
      return form.test(text.slice(text.indexOf('=') + 1))
        ? [{ node, piece: { node, offset, text: name }, message }]
        : [];
    }
    const variable = job.variables.get(name);
    const value = textOf(variable) ?? (typeof variable?.value === 'boolean' ? String(variable.value) : '');
    return variable !== undefined && form.test(value)
      ? [{ node: variable, target: 'key' as const, message }]
      : [];
  });
}
