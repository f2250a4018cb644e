import { type Digest, digestBytes } from '../kernel/canonical.ts';
import { transferTimeouts } from './download.ts';
import { errors } from './errors.ts';
import type { AnswerBody, ApiPath, GitLab, Timeouts } from './types.ts';

export interface BytesRequest {
  readonly path: ApiPath;
  /** A longer answer is refused. */
  readonly maxBytes: number;
  readonly timeouts?: Partial<Timeouts> | undefined;
}

/** Bytes in memory, and the digest of exactly these. */
export interface Bytes {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
}

/**
 * Takes a small answer into memory, so that what is hashed is what is read and nothing can change it in between. Throws
 * GITLAB_TOO_LARGE and what requests throw.
 */
export async function downloadBytes(
  gitlab: GitLab,
  { path, maxBytes, timeouts }: BytesRequest,
): Promise<Bytes> {
  const { data } = await gitlab.request({
    method: 'GET',
    path,
    timeouts: { ...transferTimeouts, ...timeouts },
    // Whatever the file holds is the answer, JSON too.
    headers: { accept: '*/*' },
    read: (body) => readWithin(body, maxBytes, `GET ${path}`),
  });
  return { bytes: data, digest: digestBytes(data) };
}

async function readWithin({ bytes }: AnswerBody, limit: number, request: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytes) {
    length += piece.byteLength;
    if (length > limit) throw errors.TOO_LARGE({ request, limit });
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}
