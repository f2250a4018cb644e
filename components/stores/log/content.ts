import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { JsonValue } from '../../kernel/canonical.ts';

/** What a segment's first frame says. */
export interface Header {
  /**
   * How many bytes count of each segment before: what a writer that was given up wrote beyond them nobody has
   * acknowledged. So an old segment is never written to again.
   */
  readonly sealed: readonly number[];
  /** The last epoch whose segment was dropped on purpose, with all before it; 0 for none. */
  readonly pruned: number;
}

/** What every other frame says. */
export interface Entry {
  readonly kind: string;
  readonly at: number;
  readonly body: JsonValue;
}

const flags = { zstd: 1, snapshot: 2 } as const;

/** Below it compressing gains nothing. */
const leastBytes = 64;

/** Bytes one entry may have, decompressed: a few would otherwise become more than the memory. */
const mostBytes = 256 * 1024 * 1024;

export function packHeader({ sealed, pruned }: Header): Buffer {
  return pack({ sealed, pruned }, 0);
}

export function packEntry({ kind, at, body }: Entry, isSnapshot: boolean): Buffer {
  return pack({ kind, at, body }, isSnapshot ? flags.snapshot : 0);
}

/** One byte of flags, then JSON in UTF-8, compressed where that makes it smaller. */
function pack(content: JsonValue, marks: number): Buffer {
  const text = Buffer.from(JSON.stringify(content));
  const small = text.length < leastBytes ? text : zstdCompressSync(text);
  const isSmaller = small.length < text.length;
  return Buffer.concat([Buffer.of(marks | (isSmaller ? flags.zstd : 0)), isSmaller ? small : text]);
}

export function isSnapshot(packed: Uint8Array): boolean {
  return ((packed[0] ?? 0) & flags.snapshot) !== 0;
}

/** Undefined for what no writer of ours has packed. */
export function unpackHeader(packed: Uint8Array): Header | undefined {
  const { sealed, pruned } = unpack(packed) ?? {};
  if (!Array.isArray(sealed) || !sealed.every(isCount) || !isCount(pruned)) return undefined;
  return { sealed, pruned };
}

/** Undefined for what no writer of ours has packed. */
export function unpackEntry(packed: Uint8Array): Entry | undefined {
  const { kind, at, body } = unpack(packed) ?? {};
  if (typeof kind !== 'string' || !isTime(at) || body === undefined) return undefined;
  return { kind, at, body: body as JsonValue };
}

function unpack(packed: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const marks = packed[0] ?? 0;
  const data = packed.subarray(1);
  try {
    const text = marks & flags.zstd ? zstdDecompressSync(data, { maxOutputLength: mostBytes }) : data;
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
    const isMapping = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isMapping ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** What a date can hold (ECMA-262, time values). */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
