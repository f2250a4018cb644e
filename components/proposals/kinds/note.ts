import { createInputReader } from '../input.ts';
import { defineKind } from '../kind.ts';
import { noteBody, textLimits } from '../limits.ts';
import { sanitiseBody } from '../text/sanitise-body.ts';

export const kind = defineKind({
  id: 'note',
  called: 'a note',
  guarantee: 'one note a topic, found by marker and author and changed in place; older copies are deleted',
  tool: ({ note }) =>
    note === undefined
      ? undefined
      : {
          name: 'propose_note',
          description:
            'Proposes a note on the merge request, in Markdown. Links, images, HTML, mentions and commands have no effect in it. Each topic has one note; a later run replaces it.',
          parameters: {
            type: 'object',
            additionalProperties: false,
            required: ['body'],
            properties: {
              topic: { type: 'string', enum: [...note.topics], description: 'The first without.' },
              body: { type: 'string', minLength: 1, maxLength: textLimits.body },
            },
          },
        },
  read: ({ note }, input) => {
    const reader = createInputReader(input, ['topic', 'body']);
    const topic = reader.choice('topic', note?.topics ?? [], true);
    const body = reader.text('body', textLimits.body);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'note', topic, body };
  },
  refuse: ({ note }, { topic }, before) => {
    const name = note?.topics[topic];
    if (name === undefined) return 'its topic is none of the manifest on the target branch';
    return before.some((other) => other.topic === topic) ? `the topic ${name} has a note already` : undefined;
  },
  plan: ({ note }, { topic: index, body }) => {
    const topic = note?.topics[index] ?? '';
    const { text, changes } = sanitiseBody(body, noteBody);
    if (text.trim() === '') return { ok: false, reason: 'nothing of its text is left after sanitising' };
    return {
      ok: true,
      effect: { kind: 'note', key: topic, topic, body: text },
      neutralised: changes.reduce((sum, { count }) => sum + count, 0),
    };
  },
});
