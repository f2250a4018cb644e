import { defineErrors } from '../kernel/failure.ts';

export const errors = defineErrors('SESSION', {
  ACTION: {
    kind: 'misuse',
    message: (f: { given: string }) => `${JSON.stringify(f.given)} is nothing that can be done with sessions`,
    fix: 'Say `list`; or `show`, `verify`, `export`, `prune` or `erase` and the id of one session; or `answer`, the id and what you answer.',
  },
  NOT_WAITING: {
    kind: 'misuse',
    message: (f: { session: string; why: string }) => `session ${f.session} waits for no answer: ${f.why}`,
    fix: 'Answer a session of an agent that is blocked or has escalated; `sessions show` tells what one came to.',
  },
  ANSWER: {
    kind: 'misuse',
    message: (f: { reason: string }) => `the answer cannot be given: ${f.reason}`,
    fix: 'Say it in words after the id of the session, at most 16 KiB of them.',
  },
  NOT_ONE_DOCUMENT: {
    kind: 'misuse',
    message: (f: { file: string; documents: number }) =>
      `${f.file} holds ${f.documents} documents, and a session runs one`,
    fix: 'Give each manifest a file of its own.',
  },
  KIND_UNSUPPORTED: {
    kind: 'misuse',
    message: (f: { file: string; kind: string }) => `${f.file} is a ${f.kind}, which is not run yet`,
    fix: 'Run a manifest of kind Agent or Task.',
  },
  MANIFEST_CHANGED: {
    kind: 'misuse',
    message: (f: { session: string; file: string; began: string; now: string; changes: string }) =>
      `session ${f.session} was under another ${f.file}: ${f.changes} (${f.began} then, ${f.now} now)`,
    fix: 'Begin a new session, or let one that is not complete go on under the changed manifest with --accept-changes.',
  },
  RESUME_DENIED: {
    kind: 'denied',
    message: (f: { session: string; why: string }) =>
      `policies deny going on with session ${f.session}: ${f.why}`,
    fix: 'Change what the policies ask for, or begin a new session where they let one run.',
  },
  TARGET_CHANGED: {
    kind: 'misuse',
    message: (f: { session: string; began: string; now: string }) =>
      `session ${f.session} began on ${f.began}, and this is ${f.now}`,
    fix: 'Begin a new session: what the agent has read are other commits.',
  },
  ERASED: {
    kind: 'misuse',
    message: (f: { session: string }) => `what was said in session ${f.session} has been erased`,
    fix: 'Begin a new session.',
  },
  INPUT_CHANGED: {
    kind: 'misuse',
    message: (f: { session: string }) => `session ${f.session} began with another input`,
    fix: 'Give the input it began with, or begin a new session.',
  },
  ENCRYPTION_KEY: {
    kind: 'misuse',
    message: (f: { file: string }) =>
      `${f.file} asks in spec.state for encryption, and there is no key to encrypt the records of a session with`,
    fix: 'Store 32 random bytes in base64 (`openssl rand -base64 32`) as PIPEWRIGHT_SESSION_KEY, protected and masked.',
  },
  MANIFEST_OUTSIDE: {
    kind: 'misuse',
    message: (f: { file: string }) => `${f.file} is not in the repository, and a session runs what is`,
    fix: 'Give the path of a manifest in the checkout.',
  },
  BASE_UNKNOWN: {
    kind: 'outside',
    message: (f: { iid: number }) => `where the changes of merge request !${f.iid} begin is not known yet`,
    fix: 'Run the job again: GitLab computes the diff of a merge request after its pipeline has begun.',
  },
  MERGE_REQUEST_HALF: {
    kind: 'misuse',
    message: (f: { missing: string }) =>
      `a merge request is given by two numbers, and ${f.missing} is missing`,
    fix: 'Give project and merge-request, or neither of them to read this checkout.',
  },
  MERGE_REQUEST_UNREADABLE: {
    kind: 'outside',
    message: (f: { project: number; iid: number; reason: string }) =>
      `merge request !${f.iid} of project ${f.project} cannot be read: ${f.reason}`,
    fix: 'Check the numbers, and that the service account of PIPEWRIGHT_GITLAB_TOKEN is a member of that project.',
  },
  MANIFEST_MISSING: {
    kind: 'misuse',
    message: (f: { file: string; branch: string }) =>
      `the target branch ${f.branch} has no manifest ${f.file}`,
    fix: 'Merge the manifest first: what runs here is of the target branch, never of the merge request.',
  },
  CARRY: {
    kind: 'misuse',
    message: (f: { reason: string }) => `the inputs to carry on cannot be used: ${f.reason}`,
    fix: 'Write names and values as JSON, such as `{"project": 5}`.',
  },
  AFTER: {
    kind: 'misuse',
    message: (f: { after: string; reason: string }) => `no session of ${f.after} is found here: ${f.reason}`,
    fix: 'Go on after a job that has ended and left its files, or name the session itself.',
  },
  AFTER_TOO: {
    kind: 'misuse',
    message: (f: { session: string; after: string }) =>
      `session ${f.session} is named, and the one of the job ${f.after} too`,
    fix: 'Name one of them: `session`, or the prefix of the job in `after`.',
  },
  RECORDS_INVALID: {
    kind: 'outside',
    message: (f: { session: string; sequence: number; reason: string }) =>
      `record ${f.sequence} of session ${f.session} is none of this version: ${f.reason}`,
    fix: 'Go on with the version of pipewright that began the session, or begin a new one.',
  },
  INPUT_INVALID: {
    kind: 'misuse',
    message: (f: { file: string; reason: string }) => `the input ${f.file} cannot be used: ${f.reason}`,
    fix: 'Correct the file; the manifest says in `spec.input` what it takes.',
  },
  DAY_BUDGET: {
    kind: 'misuse',
    message: (f: { budgets: string }) =>
      `what is spent in a day can be counted by a database only, which is not given: ${f.budgets}`,
    fix: 'Store the URL of a PostgreSQL that all jobs share as PIPEWRIGHT_POSTGRES_URL, or say `enforcement: best-effort`, which holds each session to it alone.',
  },
  ENTRYPOINT: {
    kind: 'misuse',
    message: (f: { entrypoint: string; reason: string }) =>
      `the entrypoint ${f.entrypoint} cannot be run: ${f.reason}`,
    fix: 'Commit the script, executable (`git update-index --chmod=+x`) or with a first line such as `#!/usr/bin/env python3`.',
  },
  CHANGED_WITH_SECRET: {
    kind: 'denied',
    message: (f: { file: string; secrets: string }) =>
      `${f.file} is not as the target branch has it, and this job of a merge request has a secret: ${f.secrets}`,
    fix: 'Protect the variables, so that jobs of merge requests lack them, and try the changed agent with a cassette; or merge it first; or run merge requests in the trusted project.',
  },
});
