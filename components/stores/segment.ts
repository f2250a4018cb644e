import { canonicalJson, type Digest, digestBytes, type JsonValue } from '../kernel/canonical.ts';
import type { SessionRecord } from './types.ts';

/**
 * A segment is one epoch's share of a session's log, a text of lines. Each line is canonical JSON, carries the digest of
 * the line before and ends with its own; the first line of a segment is its header. A line without its line feed was never
 * acknowledged.
 */
export interface Header {
  readonly format: 'pipewright/session-log/v1';
  readonly session: string;
  readonly epoch: number;
  /**
   * How many bytes count of each segment before: what a writer that was given up wrote beyond them, nobody has
   * acknowledged. So an old segment is never written to again.
   */
  readonly sealed: readonly number[];
}

/** What one segment holds, as far as its lines are whole. */
export interface Segment {
  readonly header: Header | undefined;
  readonly records: readonly SessionRecord[];
  /** Bytes of whole lines. */
  readonly length: number;
  /** Digest of the last whole line, or of the line before the segment. */
  readonly head: Digest;
}

/** Something that is not as it was written. `line` counts from 1. */
export class Damage extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/** What the first line of a session stands on, so that no segment passes for one of another session. */
export function genesis(session: string): Digest {
  return digestBytes(`pipewright/session-log/v1\n${session}`);
}

export interface Line {
  readonly text: string;
  readonly digest: Digest;
}

export function renderHeader(header: Header, previous: Digest): Line {
  return renderLine({ ...header }, previous);
}

export function renderRecord(record: SessionRecord, previous: Digest): Line {
  return renderLine({ ...record }, previous);
}

function renderLine(content: { readonly [key: string]: JsonValue }, previous: Digest): Line {
  const digest = digestBytes(canonicalJson({ ...content, previous }));
  return { text: `${canonicalJson({ ...content, previous, digest })}\n`, digest };
}

/** What a segment is held against. */
export interface Expected {
  readonly session: string;
  readonly epoch: number;
  readonly previous: Digest;
  /** Sequence of its first record. */
  readonly sequence: number;
}

/** Reads the whole lines of a segment. @throws Damage */
export function parseSegment(bytes: Uint8Array, expected: Expected): Segment {
  let head = expected.previous;
  let header: Header | undefined;
  let length = 0;
  const records: SessionRecord[] = [];
  for (let line = 1; ; line += 1) {
    const end = bytes.indexOf(0x0a, length);
    if (end < 0) return { header, records, length, head };
    const { content, digest } = openLine(decode(bytes.subarray(length, end), line), head, line);
    if (line === 1) header = asHeader(content, expected);
    else records.push(asRecord(content, expected, records.length, line));
    head = digest;
    length = end + 1;
  }
}

function decode(bytes: Uint8Array, line: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Damage(line, 'it is not UTF-8 text');
  }
}

type Content = Readonly<Record<string, unknown>>;

function openLine(text: string, previous: Digest, line: number): { content: Content; digest: Digest } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Damage(line, 'the line is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Damage(line, 'the line is no record');
  const { digest, ...content } = value as Record<string, JsonValue>;
  if (text !== canonicalOf(value as JsonValue, line)) throw new Damage(line, 'the line is not canonical');
  const expected = digestBytes(canonicalOf(content, line));
  if (digest !== expected) throw new Damage(line, 'its digest is another one than the line says');
  if (content.previous !== previous) throw new Damage(line, 'it does not follow the line before it');
  return { content, digest: expected };
}

/** A line of ours is not deeper than what we write; one that overflows the stack was never ours. */
function canonicalOf(value: JsonValue, line: number): string {
  try {
    return canonicalJson(value);
  } catch {
    throw new Damage(line, 'the line is no record');
  }
}

function asHeader(content: Content, { session, epoch }: Expected): Header {
  if (content.format !== 'pipewright/session-log/v1')
    throw new Damage(1, 'its header has a format that this version does not know');
  if (content.session !== session) throw new Damage(1, 'it belongs to another session');
  const { sealed } = content;
  const isSealed = Array.isArray(sealed) && sealed.length === epoch - 1 && sealed.every(isCount);
  if (content.epoch !== epoch || !isSealed) throw new Damage(1, `it is not the segment of epoch ${epoch}`);
  return { format: content.format, session, epoch, sealed };
}

function asRecord(content: Content, expected: Expected, index: number, line: number): SessionRecord {
  const { sequence, epoch, kind, at, body } = content;
  if (sequence !== expected.sequence + index || epoch !== expected.epoch)
    throw new Damage(line, `it is not record ${expected.sequence + index} of epoch ${expected.epoch}`);
  if (typeof kind !== 'string' || typeof at !== 'number' || body === undefined)
    throw new Damage(line, 'the line is no record');
  return { sequence, epoch, kind, at, body: body as JsonValue };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
