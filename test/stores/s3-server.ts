import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode, type Received, refuseSignature } from './s3-signature.ts';

/** What goes wrong with a request. */
export type Fault =
  /** It is answered with an error; `done` does it before that. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly code: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly done?: true;
    }
  /** The connection is cut before anything is done, or when it is. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' }
  /** The answer has its whole length announced, and half of it comes. */
  | { readonly kind: 'half' }
  /** This body comes with 200 and nothing is done. */
  | { readonly kind: 'page'; readonly body: string }
  /** Objects are made whether they are there or not. */
  | { readonly kind: 'unconditional' }
  /** It waits for that, and is done then. */
  | { readonly kind: 'held'; readonly until: Promise<unknown> };

export interface S3Call {
  readonly method: string;
  /** Without the bucket. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Received['headers'];
}

/** A service that speaks as much of S3 as a session needs, on the loopback interface, written from AWS' documentation. */
export interface S3Server {
  /** With the bucket. */
  readonly url: string;
  readonly bucket: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly objects: Map<string, Uint8Array>;
  /** What was asked, in order. */
  readonly calls: S3Call[];
  /** What goes wrong with the next requests. */
  fault: (call: S3Call) => Fault | undefined;
  /** Undefined for credentials that last. */
  sessionToken: string | undefined;
  region: string;
  /** Keys of a page of a list. */
  pageSize: number;
  /** Milliseconds this clock goes before the machine's. */
  skew: number;
  readonly close: () => Promise<void>;
}

export const exampleCredentials = {
  accessKeyId: 'AKIAEXAMPLE',
  secretAccessKey: 'an/example+secret/of+forty/characters+00',
};

export async function startS3(): Promise<S3Server> {
  const http = createServer();
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const bucket = 'sessions-bucket';
  const server: S3Server = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/${bucket}`,
    bucket,
    credentials: exampleCredentials,
    ...{ objects: new Map(), calls: [], fault: () => undefined, sessionToken: undefined },
    ...{ region: 'us-east-1', pageSize: 1_000, skew: 0 },
    close: async () => {
      http.close();
      http.closeAllConnections();
      await once(http, 'close');
    },
  };
  http.on('request', async (request, response) => {
    const pieces: Uint8Array[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Uint8Array);
    } catch {
      return;
    }
    const { method = '', url: target = '', headers } = request;
    await serve(server, { method, target, headers, body: Buffer.concat(pieces) }, response);
  });
  return server;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

async function serve(server: S3Server, received: Received, response: ServerResponse): Promise<void> {
  const call = callOf(server, received);
  if (call !== undefined) server.calls.push(call);
  const fault = call && server.fault(call);
  if (fault?.kind === 'held') await fault.until;
  if (fault?.kind === 'cut' && fault.when === 'before') return void response.destroy();
  if (fault?.kind === 'status' && !fault.done)
    return send(response, error(fault.status, fault.code, fault.message, fault.headers));
  if (fault?.kind === 'page')
    return send(response, { status: 200, headers: { 'content-type': 'text/html' }, body: fault.body });
  const answer = answerTo(server, received, call, fault?.kind === 'unconditional');
  if (fault?.kind === 'cut') return void response.destroy();
  if (fault?.kind === 'status') return send(response, error(fault.status, fault.code));
  if (fault?.kind !== 'half') return send(response, answer);
  const whole = Buffer.from(answer.body ?? 'all of it');
  response.writeHead(answer.status, { ...answer.headers, 'content-length': String(whole.length) });
  response.write(whole.subarray(0, whole.length >> 1), () => response.destroy());
}

function send(response: ServerResponse, { status, headers, body = '' }: Answer): void {
  response.writeHead(status, headers);
  response.end(status === 204 ? undefined : body);
}

/** Undefined for another bucket. */
function callOf({ bucket }: S3Server, { method, target, headers }: Received): S3Call | undefined {
  const [path = '', query = ''] = target.split('?');
  const [, name, ...key] = path.split('/').map(decode);
  const pairs = query === '' ? [] : query.split('&').map((pair) => pair.split('=').map(decode));
  if (name !== bucket) return undefined;
  return { method, key: key.join('/'), headers, query: Object.fromEntries(pairs) };
}

function answerTo(
  server: S3Server,
  received: Received,
  call: S3Call | undefined,
  isUnconditional: boolean,
): Answer {
  const { credentials, sessionToken, region, skew } = server;
  const known = { ...credentials, ...(sessionToken === undefined ? {} : { sessionToken }), region };
  const refused = refuseSignature(received, { ...known, now: Date.now() + skew });
  if (refused !== undefined) return error(refused.status, refused.code, '', {}, refused.more);
  if (call === undefined) return error(404, 'NoSuchBucket');
  const { objects } = server;
  const { method, key } = call;
  const there = objects.get(key);
  if (method === 'GET' && key === '') return listAnswer(server, call);
  if (method === 'GET')
    return there === undefined
      ? error(404, 'NoSuchKey')
      : { status: 200, headers: { etag: tagOf(there) }, body: there };
  if (method === 'DELETE') {
    objects.delete(key);
    return { status: 204 };
  }
  if (method !== 'PUT') return error(405, 'MethodNotAllowed');
  if (!isUnconditional && !isAllowed(call, there)) return error(412, 'PreconditionFailed');
  objects.set(key, received.body);
  return { status: 200, headers: { etag: tagOf(received.body) } };
}

function isAllowed({ headers }: S3Call, there: Uint8Array | undefined): boolean {
  if (headers['if-none-match'] === '*' && there !== undefined) return false;
  const tag = headers['if-match'];
  return tag === undefined || (there !== undefined && tagOf(there) === tag);
}

function tagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`;
}

/** ListObjectsV2. */
function listAnswer({ objects, pageSize }: S3Server, { query }: S3Call): Answer {
  const { prefix = '', delimiter = '', 'start-after': after = '', 'continuation-token': token } = query;
  if (query['list-type'] !== '2') return error(400, 'InvalidArgument');
  const from = token === undefined ? after : Buffer.from(token, 'base64url').toString();
  const items = new Map<string, string>();
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  for (const key of keys) {
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const item = cut < 0 ? key : key.slice(0, cut + 1);
    const xml =
      cut < 0
        ? `<Contents><Key>${escapeXml(key)}</Key><Size>${objects.get(key)?.length}</Size></Contents>`
        : `<CommonPrefixes><Prefix>${escapeXml(item)}</Prefix></CommonPrefixes>`;
    if (item > from) items.set(item, xml);
  }
  const page = [...items].slice(0, Math.min(pageSize, Number(query['max-keys'] ?? 1_000)));
  const isMore = items.size > page.length;
  const next = Buffer.from(page.at(-1)?.[0] ?? '').toString('base64url');
  const more = isMore ? `<NextContinuationToken>${next}</NextContinuationToken>` : '';
  const body = `${declaration}<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${isMore}</IsTruncated>${more}${page.map(([, xml]) => xml).join('')}</ListBucketResult>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

function error(status: number, code: string, message = '', headers = {}, more = ''): Answer {
  const body = `${declaration}<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>${more}</Error>`;
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
