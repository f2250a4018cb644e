import type { AnswerBody, ReadBody } from './types.ts';
import { messageOf } from './words.ts';

/** Bytes of an answer that is held in memory: GitLab's largest pages of 100 entries stay well below. */
export const mostBytes = 32 * 1024 * 1024;

/**
 * Reads JSON into the shape of the caller, who throws a TypeError (or any error) with what is missing where GitLab's
 * answer is not what it has to be.
 */
export function json<T>(shape: (data: unknown) => T): ReadBody<T> {
  return async (body) => shape(await readJson(body));
}

/** UTF-8, such as the log of a job. */
export const text: ReadBody<string> = async (body) => new TextDecoder().decode(await readBytes(body));

export const bytes: ReadBody<Uint8Array> = (body) => readBytes(body);

/** For answers whose body nobody needs, or that have none. */
export const nothing: ReadBody<undefined> = async (body) => {
  await readBytes(body);
  return undefined;
};

/** An empty body is undefined: some endpoints answer 204, or 200 without a word. */
export async function readJson(body: AnswerBody): Promise<unknown> {
  const content = new TextDecoder().decode(await readBytes(body));
  if (content.trim() === '') return undefined;
  try {
    return JSON.parse(content);
  } catch {
    throw new TypeError(`expected JSON, got ${shown(content)}`);
  }
}

/** Holds no more than the limit, whatever the length the other side announces. */
export async function readBytes(body: AnswerBody, limit: number = mostBytes): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body.bytes) {
    length += piece.byteLength;
    if (length > limit) throw new TypeError(`it is longer than ${limit} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces, length);
}

function shown(content: string): string {
  return content.trimStart().startsWith('<') ? messageOf(content) : JSON.stringify(content.slice(0, 60));
}
