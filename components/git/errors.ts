import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('GIT', {
  NO_REPOSITORY: {
    kind: 'misuse',
    message: (f: { folder: string; reason: string }) => `${f.folder} is no git repository: ${f.reason}`,
    fix: 'Run the command in a checkout; what an agent reads are commits.',
  },
  COMMIT_MISSING: {
    kind: 'outside',
    message: (f: { commit: string; reason: string }) =>
      `the commit ${f.commit} is not to be had${f.reason === '' ? '' : `: ${f.reason}`}`,
    fix: 'Let the job fetch more of the history (GIT_DEPTH), or check that the remote still has the commit.',
  },
  UNREADABLE: {
    kind: 'outside',
    message: (f: { what: string; reason: string }) => `git cannot read ${f.what}: ${f.reason}`,
    fix: 'Check that the clone is complete; partial clones must hold the files of the commit.',
  },
  TREE_TOO_LARGE: {
    kind: 'misuse',
    message: (f: { commit: string; what: string; limit: string }) =>
      `the files of ${f.commit} have ${f.what}, and at most ${f.limit} are written out for a script`,
    fix: 'Keep large files in LFS or in packages; a script sees what git itself holds.',
  },
  TREE_UNWRITABLE: {
    kind: 'outside',
    message: (f: { path: string; reason: string }) => `${f.path} cannot be written out: ${f.reason}`,
    fix: 'Check free space; two paths of the commit may also be one name on this file system.',
  },
});
