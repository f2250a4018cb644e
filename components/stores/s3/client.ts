import type { Context } from '../../kernel/context.ts';
import { retry } from '../../kernel/retry.ts';
import { type ListPage, parseListPage } from './answers.ts';
import { createSend } from './attempt.ts';
import { AttemptFailed } from './attempt-failed.ts';
import { errors } from './errors.ts';
import type { BucketPlace } from './place.ts';
import type { S3Credentials, S3Request } from './types.ts';

/** Objects of one bucket, as far as sessions need them. Keys are whole, with the prefix. */
export interface ObjectApi {
  /** All below a prefix, or the next few thousand after a key. */
  readonly list: (prefix: string, options?: ListOptions) => Promise<Pick<ListPage, 'objects' | 'folders'>>;
  /** Undefined where there is none. */
  readonly get: (key: string, mostBytes: number) => Promise<Uint8Array | undefined>;
  /** Makes an object that is not there. Otherwise tells what is: undefined where that went away meanwhile. */
  readonly create: (key: string, bytes: Uint8Array) => Promise<Created>;
  /** Makes sure that an object which is there cannot be made again. @throws S3_UNCONDITIONAL */
  readonly assertRefused: (key: string, bytes: Uint8Array) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
}

export type Created = 'created' | { readonly there: Uint8Array | undefined };

export interface ListOptions {
  /** Gives keys up to the next slash as folders. */
  readonly folders?: true;
  /** The first page of those that come after it alone. */
  readonly after?: string;
}

/** A page of a thousand keys has some 500 kB. */
const mostOfPage = 4 * 1024 * 1024;
const mostPages = 200;
/** Of answers whose content says nothing. */
const little = 64 * 1024;

const policy = { attempts: 7, baseMs: 200, capMs: 5_000, deadlineMs: 180_000, random: Math.random };

/** @throws S3_DENIED, S3_BUCKET, S3_REGION, S3_UNCONDITIONAL, S3_CLOCK, S3_FAILED */
export function createObjectApi(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock' | 'redact'>,
  place: BucketPlace,
  credentials: S3Credentials,
): ObjectApi {
  const { clock, cancel } = context;
  const send = createSend(context, place, credentials);
  const repeated = async <T>(once: (attempt: number) => Promise<T>): Promise<T> => {
    const retryable = (error: unknown) => (error instanceof AttemptFailed ? error.again : false);
    try {
      return await retry(once, { ...policy, retryable, clock, cancel });
    } catch (error) {
      throw error instanceof AttemptFailed ? error.failure : error;
    }
  };
  const untagged = (method: string, key: string) =>
    new AttemptFailed(
      errors.FAILED({ request: `${method} ${place.bucket}/${key}`, reason: '200 and no word of the object' }),
      true,
    );
  // A proxy's page answers 200 as well, and has no tag of an object.
  const get = (key: string, mostBytes: number) =>
    repeated(async () => {
      const answer = await send({ method: 'GET', key, mostBytes, permission: 's3:GetObject' });
      if (answer.status === 404) return undefined;
      if (!answer.headers.has('etag')) throw untagged('GET', key);
      return answer.bytes;
    });
  const put = async (key: string, body: Uint8Array) => {
    const { status, headers } = await send(putOf(key, body));
    if (status !== 412 && !headers.has('etag')) throw untagged('PUT', key);
    return status;
  };
  const page = (query: Readonly<Record<string, string>>) =>
    repeated(async () => {
      const asked = { method: 'GET', mostBytes: mostOfPage, permission: 's3:ListBucket', query } as const;
      const { bytes } = await send(asked);
      return parseListPage(Buffer.from(bytes).toString('utf8')).catch((error: Error) => {
        const reason = `the list cannot be read: ${error.message.split('\n')[0]?.slice(0, 200)}`;
        throw new AttemptFailed(errors.FAILED({ request: `GET ${place.bucket}/`, reason }, error), true);
      });
    });
  return {
    get,
    list: (prefix, options) => listPages(place, page, prefix, options),
    create: async (key, bytes) => {
      // What is there after an answer that was lost may be what we have sent.
      const look = async (): Promise<Created> => {
        const there = await get(key, bytes.length + little);
        return there !== undefined && Buffer.compare(there, bytes) === 0 ? 'created' : { there };
      };
      let isOpen = false;
      const once = async (): Promise<Created> => {
        if (isOpen) {
          const found = await look();
          if (found === 'created' || found.there !== undefined) return found;
        }
        isOpen = true;
        return (await put(key, bytes)) === 412 ? look() : 'created';
      };
      return repeated(once).catch(async (error: unknown): Promise<Created> => {
        cancel.throwIfAborted();
        if ((await look().catch(() => undefined)) === 'created') return 'created';
        throw error;
      });
    },
    assertRefused: (key, bytes) =>
      repeated(async () => {
        if ((await put(key, bytes)) === 412) return;
        const reason = 'it made an object a second time that was to be made once';
        throw errors.UNCONDITIONAL({ bucket: place.bucket, reason });
      }),
    remove: (key) =>
      repeated(async () => {
        await send({ method: 'DELETE', key, mostBytes: little, permission: 's3:DeleteObject' });
      }),
  };
}

function putOf(key: string, body: Uint8Array): S3Request {
  const headers = { 'content-type': 'application/octet-stream', 'if-none-match': '*' };
  return { method: 'PUT', key, body, headers, mostBytes: little, permission: 's3:PutObject' };
}

async function listPages(
  { bucket }: BucketPlace,
  page: (query: Readonly<Record<string, string>>) => Promise<ListPage>,
  prefix: string,
  { folders: isFolders, after }: ListOptions = {},
): Promise<Pick<ListPage, 'objects' | 'folders'>> {
  const query = {
    ...{ 'list-type': '2', prefix },
    ...(isFolders ? { delimiter: '/' } : {}),
    ...(after === undefined ? {} : { 'start-after': after }),
  };
  const objects: ListPage['objects'][number][] = [];
  const folders: string[] = [];
  const seen = new Set<string>();
  for (let token: string | undefined, count = 1; ; count += 1) {
    const found = await page(token === undefined ? query : { ...query, 'continuation-token': token });
    objects.push(...found.objects.filter(({ key }) => key.startsWith(prefix)));
    folders.push(...found.folders.filter((folder) => folder.startsWith(prefix)));
    token = found.next;
    if (token === undefined || after !== undefined) return { objects, folders };
    if (seen.has(token) || count === mostPages) {
      const reason = seen.has(token) ? 'its pages go in a circle' : `it has more than ${mostPages} pages`;
      throw errors.FAILED({ request: `GET ${bucket}/`, reason: `the list cannot be read: ${reason}` });
    }
    seen.add(token);
  }
}
