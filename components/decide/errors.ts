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
  NOT_MERGED: {
    kind: 'no-decision',
    message: (f: { expected: string; got: string }) =>
      `the checkout of this pipeline of merged results is no merge of the commits that GitLab names: expected the parents ${f.expected}, got ${f.got === '' ? 'none' : f.got}`,
    fix: 'Let the job check out the commit of its pipeline, and remove what sets the variables of its merge request otherwise.',
  },
  UNSAFE_TEXT: {
    kind: 'bug',
    message: (f: { kind: string; found: string }) =>
      `the finished text of ${f.kind} still holds ${f.found}; nothing was written`,
    fix: 'Please report it with the proposal; its text was made harmless and is not after all.',
  },
  LEVEL_MISSING: {
    kind: 'no-decision',
    message: (f: { level: string; expected: string; got: string }) =>
      `the policies of level ${f.level} are not there: expected ${f.expected}, got ${f.got}`,
    fix: 'Nothing is decided without it. Check project, tag and file of the level, and make the user of this token a reporter of the policy project.',
  },
  LEVEL_UNREADABLE: {
    kind: 'no-decision',
    message: (f: { level: string; expected: string; got: string }) =>
      `the policies of level ${f.level} cannot be read: expected ${f.expected}, got ${f.got}`,
    fix: 'Nothing is decided without it. Run it again once GitLab answers; where it refuses, make the user of this token a reporter of the policy project.',
  },
  LEVEL_BROKEN: {
    kind: 'no-decision',
    message: (f: { level: string; expected: string; got: string }) =>
      `the policies of level ${f.level} are broken: expected ${f.expected}, got ${f.got}`,
    fix: 'Nothing is decided without it. Make the bundle with `pipewright policy build`, commit it as it is, tag that commit anew and pin the new tag and digest.',
  },
  LEVEL_DIGEST: {
    kind: 'no-decision',
    message: (f: { level: string; place: string; expected: string; got: string }) =>
      `level ${f.level} is not what was pinned: ${f.place} has the digest ${f.got}, expected ${f.expected}`,
    fix: 'Nothing is decided without it. Find out who moved the tag or replaced the file. Where the new policies are meant, pin their digest; and protect the tags of the policy project.',
  },
});
