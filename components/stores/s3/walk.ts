import { errors } from '../errors.ts';
import type { ObjectApi } from './client.ts';
import { type LogObject, type Owner, parseObject, renderNumber } from './objects.ts';

/** A session's log in a bucket. */
export interface Session {
  readonly api: ObjectApi;
  readonly session: string;
  /** What messages call the store. */
  readonly shown: string;
  /** What its keys begin with. */
  readonly folder: string;
  readonly mostBytes: number;
}

/** What lies there of an epoch. */
export interface Epoch {
  readonly epoch: number;
  /** Of its segment; undefined where that is not there any more, or not whole. */
  readonly bytes: Uint8Array | undefined;
  /** Numbers of its objects but for the claim, the oldest first. */
  readonly objects: readonly number[];
  /** Whether an object went away that was listed. */
  readonly gone: boolean;
}

type Listed = ReadonlyMap<number, number>;

/**
 * Reads epochs from the newest object down to the first: each block says where it begins, and what lies before that is read
 * next. What is not there ends it, as dropped segments lie below all others; whether they may be gone the log decides.
 *
 * @throws STORE_FULL
 */
export async function readEpochs(
  session: Session,
  there: Listed,
  top: { readonly n: number; readonly object: LogObject },
): Promise<readonly Epoch[]> {
  const known = new Map([[top.n, top.object]]);
  const found: Epoch[] = [];
  let left = session.mostBytes;
  let [n, epoch] = [top.n, top.object.epoch];
  for (; epoch > 0; epoch -= 1) {
    const read = await readEpoch(session, { there, known, left }, n, epoch);
    left -= read.bytes?.length ?? 0;
    found.unshift(read);
    if (read.bytes === undefined) break;
    n = read.below;
  }
  const dropped = Array.from({ length: Math.max(0, epoch - 1) }, (_, index) => ({
    ...{ epoch: index + 1, bytes: undefined, objects: [], gone: false },
  }));
  return [...dropped, ...found];
}

interface Known {
  readonly there: Listed;
  readonly known: ReadonlyMap<number, LogObject>;
  /** Bytes that may still be read. */
  readonly left: number;
}

/** @param last - number of the newest object that may be the epoch's */
async function readEpoch(
  session: Session,
  { there, known, left }: Known,
  last: number,
  epoch: number,
): Promise<Epoch & { readonly below: number }> {
  const parts: Uint8Array[] = [];
  let size = 0;
  let owner: Owner | undefined;
  const end = (n: number, state: 'whole' | 'missing' | 'gone') => ({
    ...{ epoch, gone: state === 'gone', below: n - 1 },
    bytes: state === 'whole' ? Buffer.concat(parts) : undefined,
    objects: [...there.keys()].filter((number) => number > n && number <= last).sort((a, b) => a - b),
  });
  for (let n = last; ; ) {
    const listed = there.get(n);
    if (listed === undefined) return end(n, 'missing');
    size += listed;
    if (size > left + slack) throw errors.FULL({ session: session.session, limit: session.mostBytes });
    const object = known.get(n) ?? (await readObject(session, n, listed));
    if (object === 'gone') return end(n, 'gone');
    if (object.epoch !== epoch || (owner !== undefined && !isSame(object, owner))) return end(n, 'missing');
    if (object.kind === 'claim') return end(n, 'whole');
    parts.unshift(object.bytes);
    owner = object;
    if (object.first === 1) return end(object.claim, 'whole');
    n = object.claim + object.first - 1;
  }
}

/** Bytes of first lines, which are not the log's: a few blocks make an epoch. */
const slack = 64 * 1024;

function isSame(a: Owner, b: Owner): boolean {
  return a.claim === b.claim && a.nonce === b.nonce;
}

/** @throws SESSION_ROLLED_BACK */
async function readObject(
  { api, folder, session }: Session,
  n: number,
  size: number,
): Promise<LogObject | 'gone'> {
  const content = await api.get(folder + renderNumber(n), size);
  if (content === undefined) return 'gone';
  const object = parseObject(n, content);
  const reason = `object ${n} is not as it was written there`;
  if (object === undefined) throw errors.ROLLED_BACK({ session, reason });
  return object;
}
