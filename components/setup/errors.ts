import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('SETUP', {
  WHAT: {
    kind: 'misuse',
    message: (f: { got: string; known: string }) => `${f.got}; what can be set up: ${f.known}`,
    fix: 'Name one, such as `pipewright init trusted-project --help`.',
  },
  INPUTS_MISSING: {
    kind: 'misuse',
    message: (f: { doing: string; missing: string }) => `${f.doing} needs ${f.missing}`,
    fix: 'Give what is missing; docs/trusted-project.md says where each comes from.',
  },
  PATHS_INVALID: {
    kind: 'misuse',
    message: (f: { paths: string }) => `no full paths of projects: ${f.paths}`,
    fix: 'Write them as GitLab shows them in its addresses, such as acme/shop.',
  },
  SERVES_TOO_LONG: {
    kind: 'misuse',
    message: (f: { length: number; limit: number }) =>
      `the served projects take ${f.length} characters, and GitLab gives an input at most ${f.limit}`,
    fix: 'Serve fewer by this project: make a second trusted project, or a second include with a job-prefix of its own.',
  },
  LEVELS_TOO_LONG: {
    kind: 'misuse',
    message: (f: { length: number; limit: number }) =>
      `the levels take ${f.length} characters, and GitLab gives an input at most ${f.limit}`,
    fix: 'Bring policies of several projects together into one bundle.',
  },
  FORKS_TOO_LONG: {
    kind: 'misuse',
    message: (f: { length: number; limit: number }) =>
      `the forks take ${f.length} characters, and GitLab gives an input at most ${f.limit}`,
    fix: 'Serve fewer by this project: make a second trusted project, or a second include with a job-prefix of its own.',
  },
  ANSWERED_TWICE: {
    kind: 'misuse',
    message: () => "--cassette and --playbook each answer in place of the agent's model",
    fix: 'Give one of them.',
  },
  CONFLICT: {
    kind: 'misuse',
    message: (f: { folder: string; conflicts: string }) =>
      `nothing was written to ${f.folder}: ${f.conflicts}`,
    fix: 'Move away what is there, or set up another folder; equal files are left as they are.',
  },
});
