import { defineKind } from '../kind.ts';
import { lineParameters, planLine, readLine, refuseLine } from '../threads.ts';

export const kind = defineKind({
  id: 'thread',
  called: 'a thread on a line',
  guarantee:
    'one thread of a topic on a line, known by its text wherever it moves, found by marker and author and changed in place; resolved once it is not proposed any more, opened again if it is, unless a person has resolved it',
  tool: ({ thread }) =>
    thread === undefined
      ? undefined
      : {
          name: 'propose_thread',
          description: `Proposes a thread on a line that the merge request adds or changes, in Markdown, ${thread.max} at most. Propose what must be looked at before the merge; a thread that a later run does not propose any more is resolved.`,
          parameters: lineParameters(thread),
        },
  read: ({ thread }, input) => {
    const { reader, ...read } = readLine(thread, input);
    return reader.mistakes.length > 0 ? reader.mistakes : { kind: 'thread', ...read };
  },
  refuse: ({ thread }, proposal, before) => refuseLine(thread, proposal, before),
  plan: ({ thread }, proposal, before, lines) => planLine(thread, proposal, before, lines),
});
