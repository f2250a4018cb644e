import type { JsonValue } from '../../kernel/canonical.ts';
import { cut } from '../../kernel/schema-terms.ts';
import type { ToolDescription } from '../../models/types.ts';
import type { AgentManifest, Subagent } from '../types.ts';

export const delegateName = 'delegate';

/** Characters of a task. */
const longestTask = 20_000;

/** Characters of a role that say what a subagent is for. */
const mostRole = 300;

/** The tool by which an agent gives a task away; undefined where it has no subagents. */
export function delegateTool(
  { subagents }: Pick<AgentManifest, 'subagents'>,
  redact: (text: string) => string,
): ToolDescription | undefined {
  if (subagents.length === 0) return undefined;
  return {
    name: delegateName,
    description: [
      'Gives a task to one of your subagents, and brings what it answers. It sees the task and nothing else: write down all that it',
      `must know. It changes and proposes nothing. There ${subagents.length === 1 ? 'is' : 'are'}:`,
      ...subagents.map((one) => redact(inWords(one))),
    ].join('\n'),
    parameters: {
      type: 'object',
      additionalProperties: false,
      required: ['subagent', 'task'],
      properties: {
        subagent: { enum: subagents.map(({ name }) => name), description: 'Who is to do it' },
        task: { type: 'string', minLength: 1, maxLength: longestTask, description: 'What is to be done' },
      },
    },
  };
}

function inWords({ name, kind, role, tools }: Subagent): string {
  const has = tools.length === 0 ? 'without tools' : `with ${tools.join(', ')}`;
  return `- ${name} (${kind}, ${has}): ${cut(role.trim().replace(/\s+/g, ' '), mostRole)}`;
}

/** Arguments that satisfied the tool's schema. */
export function readDelegation(input: JsonValue): { readonly subagent: string; readonly task: string } {
  return input as { subagent: string; task: string };
}
