import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('DECIDE', {
  TARGET_MISSING: {
    kind: 'misuse',
    message: (f: { missing: string }) => `nothing to decide about: ${f.missing} is not given`,
    fix: 'Give project, merge-request and pipeline by their numbers, or --sweep; the hand-off of `gate` gives all three.',
  },
  ORGANISATION_MISSING: {
    kind: 'misuse',
    message: (f: { folder: string }) => `there is no folder ${f.folder} with policies of the organisation`,
    fix: 'Name the folder that holds them, or commit one: a wrong name must not make them void. A README.md in it is enough where there are none.',
  },
  NO_CLICK: {
    kind: 'misuse',
    message: (f: { reason: string }) => `no person has started this job for commits: ${f.reason}`,
    fix: 'With `commits: click` commits are made by the manual job of the component `apply`, started by hand for one merge request.',
  },
  TOO_MANY_FILES: {
    kind: 'outside',
    message: (f: { folder: string; limit: number }) =>
      `the folder ${f.folder} has more than ${f.limit} files`,
    fix: 'Keep manifests and policies in folders of their own, and name those.',
  },
  UNSAFE_TEXT: {
    kind: 'bug',
    message: (f: { kind: string; found: string }) =>
      `the finished text of ${f.kind} still holds ${f.found}; nothing was written`,
    fix: 'Please report it with the proposal; its text was made harmless and is not after all.',
  },
});
