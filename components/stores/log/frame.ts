import { createHash } from 'node:crypto';
import { tagBytes } from './preamble.ts';
import type { Sealed } from './seal.ts';

/** Length of the body, and a check of it: a length that is damaged must not look like a frame that was cut off. */
const headBytes = 8;

/** A sealed frame as it lies in a segment: length (32 bits), check (32 bits), body, tag. */
export function renderFrame({ body, tag }: Sealed, previous: Uint8Array): Buffer {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(body.length);
  checkOf(head.subarray(0, 4), previous).copy(head, 4);
  return Buffer.concat([head, body, tag]);
}

/** `torn`: the bytes end within the frame, so nobody has acknowledged it. `broken`: its head was not written like that. */
export type ReadFrame = { readonly sealed: Sealed; readonly end: number } | 'torn' | 'broken';

export function readFrame(bytes: Buffer, start: number, previous: Uint8Array): ReadFrame {
  if (bytes.length < start + headBytes) return 'torn';
  const length = bytes.subarray(start, start + 4);
  if (!bytes.subarray(start + 4, start + headBytes).equals(checkOf(length, previous))) return 'broken';
  const body = start + headBytes;
  const tag = body + length.readUInt32BE();
  if (bytes.length < tag + tagBytes) return 'torn';
  const sealed = { body: bytes.subarray(body, tag), tag: bytes.subarray(tag, tag + tagBytes) };
  return { sealed, end: tag + tagBytes };
}

function checkOf(length: Uint8Array, previous: Uint8Array): Buffer {
  return createHash('sha256').update(previous).update(length).digest().subarray(0, 4);
}
