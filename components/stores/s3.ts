import { randomBytes } from 'node:crypto';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { errors } from './errors.ts';
import { createObjectApi } from './s3/client.ts';
import { errors as s3Errors } from './s3/errors.ts';
import type { LogObject, Owner } from './s3/objects.ts';
import {
  firstOfBlock,
  lastNumber,
  parseNumber,
  parseObject,
  renderNumber,
  renderObject,
} from './s3/objects.ts';
import type { BucketPlace } from './s3/place.ts';
import type { S3Credentials } from './s3/types.ts';
import { type Epoch, readEpochs, type Session } from './s3/walk.ts';
import type { Claim, SegmentStore, StoredSegment } from './types.ts';

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 64 * 1024 * 1024;

/** How often a claim is tried that the writer before was faster than. */
const mostClaims = 20;
/** How often a log is read that somebody drops segments of meanwhile. */
const mostReads = 4;

/**
 * Keeps segments as objects of a service that speaks S3 and honours `If-None-Match: *` on PUT.
 *
 * A session is one sequence of objects, numbered from 1 over all epochs, and object n is made once: so what is appended is
 * durable, in order and fenced by one request, and whoever finds object n made by another has been overtaken. An epoch is
 * claimed by an object of its own, not by its first piece: so the log before it stands still while it is read, and a writer that
 * is fast cannot keep others from it. Claims are never dropped. A claim counts when no later object is listed after it was
 * made; one that was late by as much as a prune makes an object whose number was free again, and sees the claims after it.
 */
export function createS3Store(
  context: Pick<Context, 'fetch' | 'cancel' | 'clock' | 'redact'>,
  bucket: BucketPlace,
  credentials: S3Credentials,
  { mostBytes = defaultMostBytes } = {},
): SegmentStore {
  const api = createObjectApi(context, bucket, credentials);
  const shown = `the bucket ${bucket.bucket}`;
  const sessionOf = (session: string): Session => ({
    ...{ api, session, shown, mostBytes },
    folder: `${bucket.prefix}${session}/`,
  });
  return {
    id: 's3',
    guarantee: `${shown} survives the loss of the runner, and shows at once what was written`,
    claim: (session, how) => claimNext(sessionOf(session), how),
    list: async () => {
      const { folders } = await api.list(bucket.prefix, { folders: true });
      return folders.map((folder) => folder.slice(bucket.prefix.length, -1));
    },
    read: async (id) => {
      const session = sessionOf(id);
      for (let attempt = 1; ; attempt += 1) {
        const there = await listObjects(session);
        if (there.size === 0) throw missing(session);
        const top = await readTop(session, there);
        const epochs = top && (await readEpochs(session, there, top));
        // Somebody drops segments meanwhile, and has said so in a segment that was not there yet.
        if (epochs !== undefined && (attempt === mostReads || epochs.every(({ gone }) => !gone)))
          return segmentsOf(epochs);
        if (attempt === mostReads) throw lost(session, 'its newest object is gone');
      }
    },
  };
}

/** Sizes by number. */
async function listObjects({ api, folder }: Session, after?: string): Promise<ReadonlyMap<number, number>> {
  const { objects } = await api.list(folder, after === undefined ? {} : { after });
  return new Map(
    objects.flatMap(({ key, size }) => {
      const n = parseNumber(key.slice(folder.length));
      return n === undefined ? [] : [[n, size] as const];
    }),
  );
}

interface Top {
  readonly n: number;
  readonly object: LogObject;
}

/** The newest object; undefined where it went away after it was listed. @throws SESSION_ROLLED_BACK, STORE_FULL */
async function readTop(session: Session, there: ReadonlyMap<number, number>): Promise<Top | undefined> {
  const n = [...there.keys()].reduce((newest, number) => Math.max(newest, number), 0);
  const size = there.get(n) ?? 0;
  if (size > session.mostBytes) throw errors.FULL({ session: session.session, limit: session.mostBytes });
  const content = await session.api.get(session.folder + renderNumber(n), size);
  if (content === undefined) return undefined;
  const object = parseObject(n, content);
  if (object === undefined) throw lost(session, `object ${n} is not as it was written there`);
  // Every epoch has its claim for ever: a number beyond them is none that we have given.
  if (object.epoch > there.size || n === lastNumber)
    throw lost(session, 'an epoch was claimed that follows none');
  return { n, object };
}

async function claimNext(session: Session, how: 'begin' | 'resume'): Promise<Claim> {
  for (let attempt = 1; ; attempt += 1) {
    const there = how === 'begin' ? new Map<number, number>() : await listObjects(session);
    if (how === 'resume' && there.size === 0) throw missing(session);
    const top = how === 'begin' ? undefined : await readTop(session, there);
    const claim = (top?.n ?? 0) + 1;
    const mine: Owner = {
      ...{ epoch: (top?.object.epoch ?? 0) + 1, claim },
      nonce: randomBytes(8).toString('hex'),
    };
    const key = session.folder + renderNumber(claim);
    const bytes = renderObject({ kind: 'claim', ...mine });
    const made = top === undefined && how === 'resume' ? undefined : await session.api.create(key, bytes);
    if (made === 'created') {
      await assertFenced(session, key, bytes, mine);
      return claimed(session, mine, top === undefined ? [] : await readEpochs(session, there, top));
    }
    if (how === 'begin') throw errors.SESSION_EXISTS({ session: session.session, store: session.shown });
    const rival = made?.there && parseObject(claim, made.there);
    // Who loses to a piece of the writer before tries again; another claim is another job that goes on.
    if (rival?.kind === 'claim' || attempt === mostClaims)
      throw errors.BUSY({ session: session.session, epoch: rival?.epoch ?? mine.epoch });
  }
}

/** @throws S3_UNCONDITIONAL, STORE_BUSY */
async function assertFenced(
  session: Session,
  key: string,
  bytes: Uint8Array,
  { epoch }: Owner,
): Promise<void> {
  try {
    await session.api.assertRefused(key, bytes);
  } catch (error) {
    // Nothing is begun: what was made to find out goes away, if it can. Of a session that is there already no claim is removed
    // ever, as others may have gone on behind it.
    const isNew = epoch === 1 && error instanceof Failure && error.code === s3Errors.UNCONDITIONAL.code;
    if (isNew) await session.api.remove(key).catch(() => undefined);
    throw error;
  }
  const later = await listObjects(session, key);
  if (later.size > 0) throw errors.BUSY({ session: session.session, epoch: epoch + 1 });
}

function claimed(session: Session, mine: Owner, epochs: readonly Epoch[]): Claim {
  const { api, folder } = session;
  const pieces: Uint8Array[] = [];
  return {
    ...{ epoch: mine.epoch, mostBytes: session.mostBytes, segments: segmentsOf(epochs) },
    append: async (piece) => {
      pieces.push(piece);
      const first = firstOfBlock(pieces.map(({ length }) => length));
      const n = mine.claim + pieces.length;
      if (n >= lastNumber) throw errors.FULL({ session: session.session, limit: session.mostBytes });
      const bytes = Buffer.concat(pieces.slice(first - 1));
      const block = renderObject({ kind: 'block', ...mine, first, bytes });
      const made = await api.create(folder + renderNumber(n), block);
      if (made === 'created') return;
      const rival = made.there && parseObject(n, made.there);
      throw errors.BUSY({ session: session.session, epoch: rival?.epoch ?? mine.epoch + 1 });
    },
    drop: async (through) => {
      for (const { epoch, objects } of epochs) {
        if (epoch > through) break;
        // The oldest first: whoever is killed in between leaves no gap above what is left.
        for (const n of objects) await api.remove(folder + renderNumber(n));
      }
    },
    close: async () => undefined,
  };
}

function segmentsOf(epochs: readonly Epoch[]): readonly StoredSegment[] {
  return epochs.map(({ epoch, bytes }) => ({ epoch, name: `epoch ${epoch} in the bucket`, bytes }));
}

function missing({ session, shown }: Session) {
  return errors.SESSION_MISSING({ session, store: shown });
}

function lost({ session }: Session, reason: string) {
  return errors.ROLLED_BACK({ session, reason });
}
