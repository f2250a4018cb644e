import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('STORE', {
  SESSION_ID: {
    kind: 'misuse',
    message: (f: { session: string }) => `${JSON.stringify(f.session.slice(0, 60))} is no id of a session`,
    fix: 'Give the id as it was printed, a UUID in lower case such as 8f14e45f-ceea-467f-9575-6e0c4f1d2b3a.',
  },
  SESSION_MISSING: {
    kind: 'misuse',
    message: (f: { session: string; store: string }) => `there is no session ${f.session} in ${f.store}`,
    fix: 'Check the id and the input `store`; a session of another job is there only if its folder was handed on.',
  },
  SESSION_EXISTS: {
    kind: 'misuse',
    message: (f: { session: string; store: string }) => `${f.store} has a session ${f.session} already`,
    fix: 'Go on with it by `--session`, or begin one without an id.',
  },
  DAMAGED: {
    kind: 'outside',
    message: (f: { file: string; line: number; reason: string }) =>
      `the log of the session is damaged: ${f.file}:${f.line}: ${f.reason}`,
    fix: 'Restore the folder of the session from a copy, or begin a new session; what is acknowledged is never guessed at.',
  },
  BUSY: {
    kind: 'outside',
    message: (f: { session: string; epoch: number }) =>
      `another job goes on with session ${f.session}: it has begun epoch ${f.epoch}`,
    fix: 'Let one job at a time go on with a session, for instance by `resource_group`.',
  },
  UNREADABLE: {
    kind: 'outside',
    message: (f: { path: string; reason: string }) => `${f.path} cannot be read: ${f.reason}`,
    fix: 'Check the permissions of the folder of the store; links in it are not followed.',
  },
  UNWRITABLE: {
    kind: 'outside',
    message: (f: { path: string; reason: string }) => `${f.path} cannot be written: ${f.reason}`,
    fix: 'Check free space and permissions. Everything acknowledged is kept: the session can be resumed.',
  },
  FULL: {
    kind: 'outside',
    message: (f: { session: string; limit: number }) =>
      `the log of session ${f.session} would grow beyond ${f.limit} bytes`,
    fix: 'Begin a new session, with a smaller task or fewer iterations.',
  },
});
