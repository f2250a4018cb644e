import { createInputReader } from '../input.ts';
import { defineKind } from '../kind.ts';

export const kind = defineKind({
  id: 'label',
  called: 'a label',
  guarantee: 'the merge request has it; adding one that is there changes nothing, and no other is taken away',
  tool: ({ label }) =>
    label === undefined
      ? undefined
      : {
          name: 'propose_label',
          description: 'Proposes to add one label to the merge request.',
          parameters: {
            type: 'object',
            additionalProperties: false,
            required: ['label'],
            properties: { label: { type: 'string', enum: [...label.labels] } },
          },
        },
  read: ({ label }, input) => {
    const reader = createInputReader(input, ['label']);
    const index = reader.choice('label', label?.labels ?? []);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'label', label: index };
  },
  refuse: ({ label }, proposal, before) => {
    const name = label?.labels[proposal.label];
    if (name === undefined) return 'its label is none of the manifest on the target branch';
    const isTwice = before.some((other) => other.label === proposal.label);
    return isTwice ? `the label ${name} is proposed already` : undefined;
  },
  plan: ({ label }, proposal) => ({
    ok: true,
    effect: { kind: 'label', label: label?.labels[proposal.label] ?? '' },
    neutralised: 0,
  }),
});
