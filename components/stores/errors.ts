import { defineErrors } from '../kernel/failure.ts';

const storeErrors = defineErrors('STORE', {
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
  DATABASE: {
    kind: 'outside',
    message: (f: { reason: string }) => `the database of sessions and budgets cannot be used: ${f.reason}`,
    fix: 'Check PIPEWRIGHT_POSTGRES_URL, that the database can be reached, and that its user may create the schema `pipewright`.',
  },
  DATABASE_NEWER: {
    kind: 'misuse',
    message: (f: { version: number; known: number }) =>
      `the tables of sessions are those of a newer pipewright: ${f.version}, and this one knows ${f.known}`,
    fix: 'Use the newer version of pipewright everywhere that shares the database.',
  },
  RESERVATION_LOST: {
    kind: 'outside',
    message: (f: { session: string; sequence: number; day: string }) =>
      `the database has no reservation of ${f.day} for call ${f.sequence} of session ${f.session}, which was made there`,
    fix: 'Restore the tables of budgets; nothing is spent while they do not hold what was reserved.',
  },
  DATABASE_URL: {
    kind: 'misuse',
    message: () => 'the store is postgres, and no database is given',
    fix: 'Store the URL of the database as PIPEWRIGHT_POSTGRES_URL, protected and masked: postgres://user@host/database.',
  },
  KEEPS_ALL: {
    kind: 'misuse',
    message: (f: { store: string }) =>
      `the store ${f.store} drops nothing: a job's token may not delete there`,
    fix: 'A maintainer deletes the package of a session that is not needed any more, in the package registry.',
  },
  READ_ONLY: {
    kind: 'misuse',
    message: (f: { store: string }) =>
      `the store ${f.store} is only read: no session is begun or gone on with there`,
    fix: 'Let `sessions` list, show, verify or export with it; to go on, download the artifacts and use the store `directory`.',
  },
  ARTIFACTS_MISSING: {
    kind: 'misuse',
    message: (f: { shown: string; hint: string }) =>
      `there are no ${f.shown}${f.hint === '' ? '' : `, or the token cannot see them; ${f.hint}`}`,
    fix: 'Check the number of the job, whether its artifacts have expired or were erased, and that the token may read them.',
  },
  ARTIFACTS_INPUT: {
    kind: 'misuse',
    message: (f: { missing: string }) => `the store is gitlab-artifact, and ${f.missing} is not given`,
    fix: 'Give the number of the job as --job; outside of a GitLab job the server and the project as well, and a token as PIPEWRIGHT_GITLAB_TOKEN.',
  },
  KEY_REQUIRED: {
    kind: 'misuse',
    message: (f: { place: string }) =>
      `sessions are kept in ${f.place} only when they are encrypted, and there is no key`,
    fix: 'Store 32 random bytes in base64 (`openssl rand -base64 32`) as PIPEWRIGHT_SESSION_KEY, protected and masked, or choose the store `directory`.',
  },
  KEY_FORM: {
    kind: 'misuse',
    message: (f: { name: string; reason: string }) =>
      `the key of sessions in ${f.name} cannot be used: ${f.reason}`,
    fix: 'Store 32 random bytes in base64, as `openssl rand -base64 32` prints them, in a protected and masked variable.',
  },
  KEY_MISSING: {
    kind: 'misuse',
    message: (f: { session: string; keyId: string }) =>
      `session ${f.session} is encrypted, and there is no key (its key has the id ${f.keyId})`,
    fix: 'Give the job the key the session began with, in PIPEWRIGHT_SESSION_KEY; without it the session is lost.',
  },
  KEY_UNKNOWN: {
    kind: 'misuse',
    message: (f: { session: string; keyId: string }) =>
      `session ${f.session} is encrypted with another key, of the id ${f.keyId}`,
    fix: 'After a new key give the old one as well, in PIPEWRIGHT_SESSION_KEYS_BEFORE.',
  },
  NOT_ENCRYPTED: {
    kind: 'misuse',
    message: (f: { session: string; name: string }) =>
      `session ${f.session} is not encrypted (${f.name}), and this job has a key`,
    fix: 'Begin a new session. One that began without a key anybody who writes to the store could have changed.',
  },
  NEWER: {
    kind: 'misuse',
    message: (f: { name: string }) => `${f.name} was written by a newer version of pipewright`,
    fix: 'Go on with the session by that version or a later one.',
  },
});

const sessionErrors = defineErrors('SESSION', {
  ROLLED_BACK: {
    kind: 'outside',
    message: (f: { session: string; reason: string }) =>
      `the log of session ${f.session} is not what was acknowledged: ${f.reason}`,
    fix: 'Restore the session from a copy, or begin a new one; what is acknowledged is never guessed at.',
  },
});

export const errors = { ...storeErrors, ...sessionErrors };
