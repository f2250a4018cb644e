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
    fix: 'Name the branch it would be merged into with --target-branch; it must exist here and share history.',
  },
  NO_JOB: {
    kind: 'misuse',
    message: (f: { job: string; manual: readonly string[] }) =>
      `the pipeline has no manual job "${f.job}"; it has ${f.manual.length === 0 ? 'none' : listed(f.manual)}`,
    fix: 'Name a job with `when: manual` that is in the pipeline of source `web`.',
  },
  JOB_REQUIRED: {
    kind: 'misuse',
    message: (f: { event: string }) =>
      f.event === 'manual' ? 'event manual needs --job' : `--job belongs to event manual, not to ${f.event}`,
    fix: 'Write `--event=manual --job=<name>`.',
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
  EXECUTOR_MISSING: {
    kind: 'outside',
    message: (f: { reason: string }) => `gitlab-ci-local is not installed: ${f.reason}`,
    fix: 'Install it beside pipewright: `npm install gitlab-ci-local`; job images do not hold it.',
  },
  EXECUTOR: {
    kind: 'outside',
    message: (f: { reason: string }) => `gitlab-ci-local could not run the pipeline: ${f.reason}`,
    fix: 'Read its words above; `pipewright local --dry-run` prints the pipeline it was given, and GitLab may well take it.',
  },
});
