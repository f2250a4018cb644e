import { defineErrors } from '../kernel/failure.ts';

const modelErrors = defineErrors('MODEL', {
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

const priceErrors = defineErrors('PRICE', {
  UNKNOWN: {
    kind: 'misuse',
    message: (f: { provider: string; model: string; known: string }) =>
      `nobody knows what ${f.provider}/${f.model} costs, and there is a budget in money; ${f.known}`,
    fix: 'Name a model whose price is known, or give its price in a file by the input `prices`.',
  },
  FILE: {
    kind: 'misuse',
    message: (f: { place: string; reason: string }) => `${f.place}: ${f.reason}`,
    fix: 'Correct the file of prices; schemas/prices.schema.json says what stands in one. Sums are decimal numbers in quotes.',
  },
});

export const errors = { ...modelErrors, ...priceErrors };
