import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came in, with nothing decoded. */
export interface Received {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

export interface Known {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface Refused {
  readonly status: number;
  readonly code: string;
  readonly more?: string;
}

const allowedSkew = 15 * 60 * 1_000;

/** Holds a request against "Signature Version 4" as AWS documents it; undefined where it is right. */
export function refuseSignature(received: Received, known: Known): Refused | undefined {
  const { headers, body } = received;
  const form =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
  const match = form.exec(headers.authorization ?? '');
  if (match === null) return { status: 403, code: 'AccessDenied' };
  const [, id, day = '', region, signedHeaders = '', signature = ''] = match;
  if (id !== known.accessKeyId) return { status: 403, code: 'InvalidAccessKeyId' };
  if (region !== known.region)
    return {
      ...{ status: 400, code: 'AuthorizationHeaderMalformed' },
      more: `<Region>${known.region}</Region>`,
    };
  const date = String(headers['x-amz-date']);
  const time = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(time - known.now) <= allowedSkew))
    return {
      ...{ status: 403, code: 'RequestTimeTooSkewed' },
      more: `<ServerTime>${new Date(known.now).toISOString()}</ServerTime>`,
    };
  if (headers['x-amz-security-token'] !== known.sessionToken) return { status: 400, code: 'InvalidToken' };
  if (headers['x-amz-content-sha256'] !== hex(body))
    return { status: 400, code: 'XAmzContentSHA256Mismatch' };
  const names = signedHeaders.split(';');
  const needed = ['host', ...Object.keys(headers).filter((name) => /^(x-amz-|if-)/.test(name))];
  const isCovered = needed.every((name) => names.includes(name)) && date.startsWith(day);
  const expected = sign(received, known, { day, date, names, signedHeaders });
  const isRight = timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
  return isCovered && isRight ? undefined : { status: 403, code: 'SignatureDoesNotMatch' };
}

interface Signed {
  readonly day: string;
  readonly date: string;
  readonly names: readonly string[];
  readonly signedHeaders: string;
}

function sign(received: Received, known: Known, { day, date, names, signedHeaders }: Signed): string {
  const [path = '', query = ''] = received.target.split('?');
  const parameters = query === '' ? [] : query.split('&').map((pair) => pair.split('='));
  const canonicalQuery = parameters
    .map(([name = '', value = '']) => `${encode(decode(name))}=${encode(decode(value))}`)
    .sort()
    .join('&');
  const canonicalHeaders = names.map(
    (name) => `${name}:${String(received.headers[name]).trim().replace(/\s+/g, ' ')}\n`,
  );
  const canonical = [
    ...[received.method, decode(path).split('/').map(encode).join('/'), canonicalQuery],
    ...[canonicalHeaders.join(''), signedHeaders, hex(received.body)],
  ].join('\n');
  const scope = `${day}/${known.region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, hex(canonical)].join('\n');
  const key = [day, known.region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${known.secretAccessKey}`,
  );
  return createHmac('sha256', key).update(text).digest('hex');
}

function hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** All but unreserved characters. */
function encode(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}
