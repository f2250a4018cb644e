import { defineErrors } from '../kernel/failure.ts';
import { listed } from '../kernel/suggest.ts';

export const twinErrors = defineErrors('TWIN', {
  NO_REPOSITORY: {
    kind: 'misuse',
    message: (f: { folder: string; reason: string }) =>
      `${f.folder} is not in the working tree of a git repository${f.reason === '' ? '' : `: ${f.reason}`}`,
    fix: 'Run `git init` there: a pipeline runs on a commit, and only files git would take are in it.',
  },
  NO_TARGET: {
    kind: 'misuse',
    message: (f: { target: string; reason: string }) =>
      `there is no merge request into "${f.target}" to try: ${f.reason}`,
    fix: 'Name the branch it would be merged into with --target-branch, or with `into` in a step; it must exist here and share history.',
  },
  NO_JOB: {
    kind: 'misuse',
    message: (f: { job: string; how: 'play' | 'retry'; jobs: readonly string[] }) =>
      `there is no job "${f.job}" to ${f.how}; there is ${f.jobs.length === 0 ? 'none' : listed(f.jobs)}`,
    fix: 'A manual job can be played once the jobs it waits for have ended, an ended one tried again.',
  },
  JOB_REQUIRED: {
    kind: 'misuse',
    message: (f: { event: string }) =>
      f.event === 'manual' ? 'event manual needs --job' : `--job belongs to event manual, not to ${f.event}`,
    fix: 'Write `--event=manual --job=<name>`.',
  },
  PORT: {
    kind: 'outside',
    message: (f: { port: number; reason: string }) => `the twin cannot listen on port ${f.port}: ${f.reason}`,
    fix: 'Choose another port, or 0 for one that is free.',
  },
  STEP: {
    kind: 'misuse',
    message: (f: { text: string; expected: string; near: string | undefined }) =>
      `the step "${f.text}" cannot be read, expected ${f.expected}${f.near === undefined ? '' : `; did you mean "${f.near}"?`}`,
    fix: 'Write a step as docs/local.md lists them, such as `open feature into main` or `play deploy as alice`.',
  },
  STEP_IMPOSSIBLE: {
    kind: 'misuse',
    message: (f: { text: string; reason: string }) => `the step "${f.text}" cannot happen: ${f.reason}`,
    fix: 'Steps happen in the order they are given; what one needs must be there before it.',
  },
  FORM: {
    kind: 'misuse',
    message: (f: { flag: string; got: string; expected: string }) =>
      `--${f.flag} is ${JSON.stringify(f.got)}, expected ${f.expected}`,
    fix: 'Run `pipewright local --help` for examples.',
  },
  GIT: {
    kind: 'outside',
    message: (f: { command: string; reason: string }) => `git ${f.command} failed: ${f.reason}`,
    fix: 'Check the repository with `git fsck`; the folder itself was not changed.',
  },
});
