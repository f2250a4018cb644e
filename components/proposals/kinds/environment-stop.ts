import { createInputReader } from '../input.ts';
import { defineKind } from '../kind.ts';
import { textLimits, titleLine } from '../limits.ts';
import { sanitiseLine } from '../text/sanitise-line.ts';

export const kind = defineKind({
  id: 'environment-stop',
  called: 'the stop of an environment',
  guarantee:
    'the environment is stopped, or its job for that has begun; one that is stopped already is left alone',
  tool: (choices) => {
    const allowed = choices['environment-stop'];
    if (allowed === undefined) return undefined;
    return {
      name: 'propose_environment_stop',
      description: 'Proposes to stop one environment of the project. Say why.',
      parameters: {
        type: 'object',
        additionalProperties: false,
        required: ['environment', 'reason'],
        properties: {
          environment: { type: 'string', enum: [...allowed.environments] },
          reason: { type: 'string', minLength: 1, maxLength: textLimits.line },
        },
      },
    };
  },
  read: (choices, input) => {
    const reader = createInputReader(input, ['environment', 'reason']);
    const environment = reader.choice('environment', choices['environment-stop']?.environments ?? []);
    const reason = reader.text('reason', textLimits.line);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'environment-stop', environment, reason };
  },
  refuse: (choices, proposal, before) => {
    const name = choices['environment-stop']?.environments[proposal.environment];
    if (name === undefined) return 'its environment is none of the manifest on the target branch';
    const isTwice = before.some((other) => other.environment === proposal.environment);
    return isTwice ? `the stop of ${name} is proposed already` : undefined;
  },
  plan: (choices, proposal) => {
    const { text, changes } = sanitiseLine(proposal.reason, titleLine);
    if (text.trim() === '') return { ok: false, reason: 'nothing of its reason is left after sanitising' };
    const environment = choices['environment-stop']?.environments[proposal.environment] ?? '';
    return {
      ok: true,
      effect: { kind: 'environment-stop', environment, reason: text },
      neutralised: changes.reduce((sum, { count }) => sum + count, 0),
    };
  },
});
