import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import { type KeyRing, parseKey } from '../../components/stores/log/keys.ts';

const keyVariable = 'PIPEWRIGHT_SESSION_KEY';
const beforeVariable = 'PIPEWRIGHT_SESSION_KEYS_BEFORE';

/** Where sessions are kept. The values of both variables are taken out of all that is written. */
export const storeInputs = {
  store: {
    type: 'string',
    description:
      'Where records are kept: in a folder; or where they survive the runner, encrypted in a package of the project or in a bucket, or in a PostgreSQL; auto takes what the manifest asks for where you have set it up, else the package in a job that has a key',
    options: ['auto', 'directory', 'gitlab-package', 'postgres', 's3'],
    default: 'auto',
    security: true,
  },
  'store-folder': {
    type: 'string',
    description: 'Folder of the store `directory`, relative to the repository',
    default: '.pipewright/sessions',
    security: true,
  },
  'session-key': {
    type: 'string',
    description:
      'Key the records of sessions are encrypted with, 32 bytes in base64, from a protected and masked variable',
    secret: true,
    terminal: true,
  },
  'session-keys-before': {
    type: 'list',
    description: 'Keys that were in use before it',
    default: [],
    secret: true,
    terminal: true,
  },
  'postgres-url': {
    type: 'string',
    description: 'URL of the database of the store `postgres`, from a protected and masked variable',
    secret: true,
    terminal: true,
  },
  's3-url': {
    type: 'string',
    description: 'Endpoint, bucket and prefix of the store `s3`: https://s3.example.com/bucket/prefix',
    terminal: true,
  },
  's3-region': {
    type: 'string',
    description: 'Region that requests to the store `s3` are signed for, where its URL does not tell it',
    variable: 'AWS_REGION',
    terminal: true,
  },
  's3-access-key-id': {
    type: 'string',
    description: 'Credentials of the store `s3`, from protected and masked variables',
    variable: 'AWS_ACCESS_KEY_ID',
    secret: true,
    terminal: true,
  },
  's3-secret-access-key': {
    type: 'string',
    description: 'The secret that belongs to them',
    variable: 'AWS_SECRET_ACCESS_KEY',
    secret: true,
    terminal: true,
  },
  's3-session-token': {
    type: 'string',
    description: 'The token of temporary ones',
    variable: 'AWS_SESSION_TOKEN',
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

/** What sessions that lie elsewhere are read from. */
export const readInputs = {
  ...storeInputs,
  store: {
    ...storeInputs.store,
    description: `${storeInputs.store.description}; gitlab-artifact reads the folder that a job left among its artifacts`,
    options: [...storeInputs.store.options, 'gitlab-artifact'],
  },
  job: {
    type: 'integer',
    description: 'Number of the job whose artifacts the store `gitlab-artifact` reads; 0 is none',
    default: 0,
    min: 0,
    security: true,
  },
  server: {
    type: 'string',
    description: "GitLab's address for it, such as https://gitlab.example.com; empty takes that of this job",
    pattern: /(https?:\/\/[^\s/?#@]+(\/[^\s?#]*)?)?/,
    default: '',
    security: true,
  },
  project: {
    type: 'string',
    description: 'Full path or number of its project; empty takes that of this job',
    default: '',
    security: true,
  },
  'gitlab-token': {
    type: 'string',
    description:
      'Token that may read its artifacts, from a masked variable; without one the token of this job',
    secret: true,
    terminal: true,
  },
} as const satisfies InputDeclarations;

/** Which session is gone on with. */
export const sessionInputs = {
  session: {
    type: 'string',
    description: 'Session to go on with, the UUID that was printed; empty begins one',
    pattern: /([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?/,
    default: '',
    security: true,
  },
  head: {
    type: 'string',
    description:
      'Last record of that session, as the job before printed it; a log that does not hold it is refused',
    pattern: /([0-9]{1,15}:[0-9a-f]{32})?/,
    default: '',
    security: true,
  },
  ...storeInputs,
} as const satisfies InputDeclarations;

export interface SessionSecrets {
  readonly 'session-key': string | undefined;
  readonly 'session-keys-before': readonly string[];
}

/** An empty variable counts as none. @throws STORE_KEY_FORM */
export function readKeys(secrets: SessionSecrets): KeyRing {
  const current = secrets['session-key']?.trim() ?? '';
  return {
    current: current === '' ? undefined : parseKey(keyVariable, current),
    earlier: secrets['session-keys-before'].map((key) => parseKey(beforeVariable, key)),
  };
}
