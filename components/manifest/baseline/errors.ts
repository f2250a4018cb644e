import { defineErrors } from '../../kernel/failure.ts';

export const errors = defineErrors('BASELINE', {
  MISSING: {
    kind: 'misuse',
    message: (f: { file: string }) => `there is no baseline ${f.file}`,
    fix: 'Write it with `pipewright validate --baseline=<file> --update-baseline` and commit it, or leave the input `baseline` empty.',
  },
  INVALID: {
    kind: 'misuse',
    message: (f: { place: string; reason: string }) => `${f.place}: ${f.reason}`,
    fix: 'Correct the baseline, or delete it and write it anew with `--update-baseline`.',
  },
  FORMAT: {
    kind: 'misuse',
    message: (f: { place: string; got: string; expected: string }) =>
      `${f.place}: the format of the baseline is ${f.got}, and this pipewright reads ${f.expected}`,
    fix: 'Use the pipewright that wrote the baseline, or delete it and write it anew with `--update-baseline`.',
  },
  TOO_LARGE: {
    kind: 'misuse',
    message: (f: { file: string; bytes: number; limit: number }) =>
      `the baseline ${f.file} would have ${f.bytes} bytes, and at most ${f.limit} are read`,
    fix: 'Mend the most frequent findings first, or include the component several times, each with its own manifests and baseline.',
  },
});
