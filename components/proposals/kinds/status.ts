import { createInputReader } from '../input.ts';
import { defineKind } from '../kind.ts';
import { statusLine, textLimits } from '../limits.ts';
import { sanitiseLine } from '../text/sanitise-line.ts';

/** What a status may say: nothing that waits, since nobody would end it. */
const states = ['success', 'failed'] as const;

export const kind = defineKind({
  id: 'status',
  called: 'a status of the commit',
  guarantee:
    'one of a name on the decided commit and its pipeline; set again only where it says something else',
  tool: ({ status }) =>
    status === undefined
      ? undefined
      : {
          name: 'propose_status',
          description:
            'Proposes a status of the commit, one for each name: success, or failed, which fails the pipeline. Say in the description why.',
          parameters: {
            type: 'object',
            additionalProperties: false,
            required: ['name', 'state', 'description'],
            properties: {
              name: { type: 'string', enum: [...status.names] },
              state: { type: 'string', enum: [...states] },
              description: { type: 'string', minLength: 1, maxLength: textLimits.line },
            },
          },
        },
  read: ({ status }, input) => {
    const reader = createInputReader(input, ['name', 'state', 'description']);
    const name = reader.choice('name', status?.names ?? []);
    const state = states[reader.choice('state', states)] ?? 'failed';
    const description = reader.text('description', textLimits.line);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'status', name, state, description };
  },
  refuse: ({ status }, proposal, before) => {
    const name = status?.names[proposal.name];
    if (name === undefined) return 'its name is none of the manifest on the target branch';
    const isTwice = before.some((other) => other.name === proposal.name);
    return isTwice ? `the status ${name} is proposed already` : undefined;
  },
  plan: ({ status }, proposal) => {
    const { text, changes } = sanitiseLine(proposal.description, statusLine);
    if (text.trim() === '')
      return { ok: false, reason: 'nothing of its description is left after sanitising' };
    return {
      ok: true,
      effect: {
        ...{ kind: 'status', name: status?.names[proposal.name] ?? '', state: proposal.state },
        description: text,
      },
      neutralised: changes.reduce((sum, { count }) => sum + count, 0),
    };
  },
});
