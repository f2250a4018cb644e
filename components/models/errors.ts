import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('MODEL', {
  MISSING: {
    kind: 'misuse',
    message: (f: { provider: string; model: string }) =>
      `no model answers for ${f.provider}/${f.model}: this version has no live providers yet`,
    fix: 'Give a cassette of recorded turns by the input `cassette`.',
  },
  CASSETTE_INVALID: {
    kind: 'misuse',
    message: (f: { file: string; line: number; reason: string }) => `${f.file}:${f.line}: ${f.reason}`,
    fix: 'Record the cassette again; its lines are written by the recorder, not by hand.',
  },
  CASSETTE_MISS: {
    kind: 'misuse',
    message: (f: { file: string; messages: number; nearest: string }) =>
      `${f.file} has no turn for this request of ${f.messages} messages; ${f.nearest}`,
    fix: 'The manifest, its tools, their results or pipewright have changed since it was recorded: record it again, or undo what changed.',
  },
});
