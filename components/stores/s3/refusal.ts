import type { Failure } from '../../kernel/failure.ts';
import { parseRetryAfter } from '../../kernel/retry.ts';
import { parseServiceError, type ServiceError } from './answers.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { errors } from './errors.ts';
import type { BucketPlace } from './place.ts';
import type { S3Answer, S3Request } from './types.ts';

interface Asked {
  readonly place: BucketPlace;
  readonly request: S3Request;
  /** As messages call it. */
  readonly name: string;
  /** Makes words of strangers fit for a message. */
  readonly clean: (text: string) => string;
  readonly now: number;
}

/** Codes that say: come again. */
const passing = new Set([
  ...['RequestTimeout', 'OperationAborted', 'ConditionalRequestConflict', 'SlowDown', 'Throttling'],
  // Bytes that were changed on the way.
  ...['BadDigest', 'XAmzContentSHA256Mismatch', 'IncompleteBody'],
]);

/** Whose words are about the credentials, whatever the status. */
const ofCredentials = new Set([
  ...['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken'],
  ...['AllAccessDisabled', 'AccountProblem', 'TokenRefreshRequired', 'Forbidden'],
]);

/** What an answer outside of 200–299 means; `missing` is an object that is not there. */
export async function refusal(asked: Asked, answer: S3Answer): Promise<Failure | AttemptFailed | 'missing'> {
  const { status, headers, bytes } = answer;
  const said = await parseServiceError(Buffer.from(bytes).toString('utf8'));
  const reason = asked.clean([String(status), said.code, said.message].filter(Boolean).join(' '));
  const { request, name, place } = asked;
  const { bucket } = place;
  const region = headers.get('x-amz-bucket-region') ?? said.region;
  if ((status >= 300 && status < 400) || said.code === 'AuthorizationHeaderMalformed')
    return errors.REGION({ bucket, region: place.region, wanted: wordsOf(region) });
  if (said.code === 'RequestTimeTooSkewed') return errors.CLOCK(clocks(asked, said));
  if (said.code === 'NoSuchBucket') return errors.BUCKET({ bucket });
  if (status === 404 && said.code === 'NoSuchKey') return 'missing';
  if (isUnconditional(status, said, request)) return errors.UNCONDITIONAL({ bucket, reason });
  if (status === 401 || status === 403 || ofCredentials.has(said.code))
    return errors.DENIED({ request: name, permission: request.permission, reason });
  const failure = errors.FAILED({ request: name, reason });
  // A 404 in other words is not the service's: what it says of an object decides what is written next.
  const isPassing = status >= 500 || [404, 408, 409, 429].includes(status);
  if (!isPassing && !passing.has(said.code)) return failure;
  const afterMs = parseRetryAfter(headers.get('retry-after'), asked.now);
  return new AttemptFailed(failure, afterMs === undefined ? true : { afterMs });
}

function wordsOf(region: string | undefined): string {
  return region !== undefined && /^[a-z0-9-]{1,40}$/.test(region) ? `in ${region}` : 'elsewhere';
}

function clocks({ now, clean }: Asked, { serverTime }: ServiceError) {
  return { here: new Date(now).toISOString(), there: clean(serverTime ?? 'another time') };
}

/** A service that does not know the condition of a PUT says so with these. */
function isUnconditional(status: number, { code, message }: ServiceError, { headers }: S3Request): boolean {
  if (headers?.['if-none-match'] === undefined) return false;
  if (status === 501 || code === 'NotImplemented') return true;
  return status === 400 && /if-none-match|conditional|precondition/i.test(message);
}
