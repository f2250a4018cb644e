import { join } from 'node:path';
import type { Digest } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import { Damage, genesis, parseSegment, type Segment } from './segment.ts';
import type { SessionRecord } from './types.ts';

/** Everything acknowledged of a session. */
export interface Written {
  readonly records: readonly SessionRecord[];
  /** Bytes that count, of each segment. */
  readonly lengths: readonly number[];
  /** Bytes of all segments. */
  readonly bytes: number;
  /** Digest of the last line. */
  readonly head: Digest;
  /** Bytes of the tail nobody acknowledged. */
  readonly dropped: number;
}

interface Folder {
  readonly session: string;
  readonly path: string;
  readonly shown: string;
  /** Bytes of the whole log. */
  readonly mostBytes: number;
}

export function segmentName(epoch: number): string {
  return `${String(epoch).padStart(6, '0')}.log`;
}

/**
 * Reads the segments before an epoch and holds each against the one before it.
 * @throws STORE_DAMAGED, STORE_UNREADABLE, STORE_FULL
 */
export async function readSession(context: Context, folder: Folder, before: number): Promise<Written> {
  const texts: Uint8Array[] = [];
  let bytes = 0;
  for (let epoch = 1; epoch < before; epoch += 1) {
    const text = await readSegment(context, folder, epoch, bytes);
    bytes += text.length;
    texts.push(text);
  }
  return { ...joinSegments(folder, texts), bytes };
}

async function readSegment(
  context: Context,
  { session, path, shown, mostBytes }: Folder,
  epoch: number,
  before: number,
): Promise<Uint8Array> {
  const name = segmentName(epoch);
  try {
    const stats = await context.fs.lstat(join(path, name));
    if (!stats.isFile())
      throw errors.UNREADABLE({ path: join(shown, name), reason: 'it is no regular file' });
    if (before + stats.size > mostBytes) throw errors.FULL({ session, limit: mostBytes });
    return await context.fs.readFile(join(path, name));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw errors.DAMAGED({ file: join(shown, name), line: 1, reason: 'the segment is missing' });
    if (code?.startsWith('STORE_')) throw error;
    throw errors.UNREADABLE({ path: join(shown, name), reason: message }, error);
  }
}

function joinSegments(folder: Folder, texts: readonly Uint8Array[]): Omit<Written, 'bytes'> {
  const sealed = sealsIn(texts);
  const records: SessionRecord[] = [];
  const lengths: number[] = [];
  let head = genesis(folder.session);
  let dropped = 0;
  for (const [index, bytes] of texts.entries()) {
    const epoch = index + 1;
    const expected = { session: folder.session, epoch, previous: head, sequence: records.length };
    const seal = sealed[index];
    const segment = atPlace(join(folder.shown, segmentName(epoch)), () => {
      const read = parseSegment(seal === undefined ? bytes : bytes.subarray(0, seal), expected);
      assertSealed(read, seal, sealed);
      return read;
    });
    records.push(...segment.records);
    lengths.push(segment.length);
    head = segment.head;
    if (seal === undefined) dropped += bytes.length - segment.length;
  }
  return { records, lengths, head, dropped };
}

/**
 * What the newest header says of the segments before it. It is believed here and proven when its own segment is read:
 * the line carries its digest and that of the line before.
 */
function sealsIn(texts: readonly Uint8Array[]): readonly number[] {
  const newest = texts.findLast((bytes) => bytes.includes(0x0a));
  if (newest === undefined) return [];
  try {
    const header: unknown = JSON.parse(Buffer.from(newest.subarray(0, newest.indexOf(0x0a))).toString());
    const sealed = (header as { sealed?: unknown } | null)?.sealed;
    return Array.isArray(sealed) ? sealed.filter((length) => Number.isSafeInteger(length)) : [];
  } catch {
    return [];
  }
}

function assertSealed({ header, length }: Segment, seal: number | undefined, all: readonly number[]): void {
  if (seal !== undefined && length !== seal)
    throw new Damage(1, `the first ${seal} bytes of it were acknowledged, and ${length} are there`);
  const differing = header?.sealed.findIndex((bytes, index) => bytes !== all[index]) ?? -1;
  if (differing >= 0) throw new Damage(1, `it and a later segment differ about segment ${differing + 1}`);
}

function atPlace<T>(file: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Damage) throw errors.DAMAGED({ file, line: error.line, reason: error.message });
    throw error;
  }
}
