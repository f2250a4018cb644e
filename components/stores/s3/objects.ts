import { createHash } from 'node:crypto';

/**
 * An object of a session's log. `n` is its number among all of the session, and it is what writers contend for: whoever
 * makes object n first has it.
 */
export type LogObject = Owner &
  (
    | { readonly kind: 'claim' }
    /** Holds the pieces from `first` to its own, counted from 1 in their epoch. */
    | { readonly kind: 'block'; readonly first: number; readonly bytes: Uint8Array }
  );

/** Who has written it. */
export interface Owner {
  readonly epoch: number;
  /** Number of the object that claims the epoch: what follows it up to the next claim is the epoch's. */
  readonly claim: number;
  /** Of the writer, which no other has: 16 hexadecimal digits. */
  readonly nonce: string;
}

/** Names sort as their numbers do. */
const digits = 9;
export const lastNumber = 10 ** digits - 1;

export function renderNumber(n: number): string {
  return String(n).padStart(digits, '0');
}

/** Undefined for what is no name of ours. */
export function parseNumber(name: string): number | undefined {
  return /^\d{9}$/.test(name) && Number(name) > 0 ? Number(name) : undefined;
}

/** A line that says what it is, with the digest of what follows. */
export function renderObject(object: LogObject): Buffer {
  const { kind, epoch, claim, nonce } = object;
  const [first, bytes] = object.kind === 'block' ? [object.first, object.bytes] : [0, new Uint8Array()];
  const line = `pipewright-session 1 ${kind} ${epoch} ${claim} ${first} ${nonce} ${digest(bytes)}\n`;
  return Buffer.concat([Buffer.from(line), bytes]);
}

const form =
  /^pipewright-session 1 (?:claim (\d{1,9}) (\d{1,9}) 0|block (\d{1,9}) (\d{1,9}) (\d{1,9})) ([0-9a-f]{16}) ([0-9a-f]{64})$/;

/** Bytes of the longest first line. */
const longestLine = 160;

/** Undefined for what is not as somebody of us wrote it to that number. */
export function parseObject(n: number, content: Uint8Array): LogObject | undefined {
  const end = content.subarray(0, longestLine).indexOf(10);
  const match = form.exec(Buffer.from(content.subarray(0, Math.max(0, end))).toString('latin1'));
  if (match === null) return undefined;
  const [, ofClaim, claimed, ofBlock, claimOfBlock, start, nonce = '', sum] = match;
  const bytes = content.subarray(end + 1);
  const [epoch, claim] = [Number(ofClaim ?? ofBlock), Number(claimed ?? claimOfBlock)];
  if (digest(bytes) !== sum || epoch < 1 || claim < epoch) return undefined;
  if (start === undefined)
    return claim === n && bytes.length === 0 ? { kind: 'claim', epoch, claim, nonce } : undefined;
  const first = Number(start);
  const isInside = first >= 1 && first <= n - claim;
  return isInside ? { kind: 'block', epoch, claim, nonce, first, bytes } : undefined;
}

/** Bytes of a block that holds more than its own piece. */
const mostOfBlock = 4 * 1024 * 1024;

/**
 * The first piece of the block that ends with the last one. Blocks are those of a Fenwick tree: n pieces are read in about
 * log2(n) objects. Long ones are halved until they fit, so that no piece costs more than that to write.
 *
 * @param sizes - bytes of each piece
 */
export function firstOfBlock(sizes: readonly number[], most = mostOfBlock): number {
  const last = sizes.length;
  let width = last & -last;
  const bytesOf = (count: number) => sizes.slice(last - count).reduce((sum, size) => sum + size, 0);
  while (width > 1 && bytesOf(width) > most) width /= 2;
  return last - width + 1;
}

function digest(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
