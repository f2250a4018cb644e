import type { Context } from '../../components/kernel/context.ts';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import { parseBucketUrl } from '../../components/stores/s3/place.ts';
import { createS3Store } from '../../components/stores/s3.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import { virtualClock } from '../contracts/client-and-twin/start.ts';
import { testContext } from '../support/cli.ts';
import type { S3Server } from './s3-server.ts';

export interface S3Options {
  readonly url?: string;
  readonly sessionToken?: string;
  readonly secretAccessKey?: string;
  readonly mostBytes?: number;
  readonly change?: Partial<Context>;
}

/** Another job's view of the objects below `team/ci/`. */
export function openS3(
  server: S3Server,
  keys: KeyRing,
  { url = `${server.url}/team/ci`, mostBytes, ...options }: S3Options = {},
): SessionStore {
  const context = testContext('/', { clock: virtualClock(), ...options.change });
  const { sessionToken, secretAccessKey = server.credentials.secretAccessKey } = options;
  const credentials = { ...server.credentials, secretAccessKey, sessionToken };
  const limits = mostBytes === undefined ? {} : { mostBytes };
  return createSessionStore(context, createS3Store(context, parseBucketUrl(url), credentials, limits), keys);
}

/** From then on all goes well. */
export function calm(server: S3Server): void {
  Object.assign(server, { fault: () => undefined, sessionToken: undefined, region: 'us-east-1', skew: 0 });
  server.pageSize = 1_000;
  server.calls.length = 0;
}
