import { dirname, join, resolve } from 'node:path';
import type { Context, FileSystem } from '../kernel/context.ts';
import { assertNoLinks } from '../kernel/files.ts';
import { errors } from './errors.ts';
import type { Claim, SegmentStore, StoredSegment } from './types.ts';

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 256 * 1024 * 1024;

type Handle = Awaited<ReturnType<FileSystem['open']>>;

/**
 * Keeps segments in a folder: one folder a session, one file an epoch, readable for the user that runs the job alone. Bytes
 * are acknowledged once the system has written them to the disk and no other job has gone on with the session.
 */
export function createDirectoryStore(
  context: Context,
  folder: string,
  { mostBytes = defaultMostBytes } = {},
): SegmentStore {
  const placeOf = async (session: string): Promise<Place> => {
    await assertNoLinks(context, folder);
    const shown = join(folder, session);
    return { session, shown, path: resolve(context.cwd, shown), store: folder, mostBytes };
  };
  return {
    id: 'directory',
    guarantee: `the directory ${folder} survives a crash inside the job, not the loss of the runner`,
    claim: async (session, how) => {
      const place = await placeOf(session);
      if (how === 'begin') await makeFolder(context, place);
      else await assertFolder(context, place);
      return claimNext(context, place);
    },
    list: async () => {
      await assertNoLinks(context, folder);
      return context.fs.readdir(resolve(context.cwd, folder)).catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return [];
        throw errors.UNREADABLE({ path: folder, reason: reasonOf(error) }, error);
      });
    },
    read: async (session) => {
      const place = await placeOf(session);
      await assertFolder(context, place);
      const there = await epochsIn(context, place);
      return readSegments(context, place, there, Math.max(0, ...there) + 1);
    },
  };
}

interface Place {
  readonly session: string;
  /** What messages call its folder. */
  readonly shown: string;
  readonly path: string;
  readonly store: string;
  readonly mostBytes: number;
}

async function makeFolder(context: Context, { session, path, shown, store }: Place): Promise<void> {
  try {
    await context.fs.mkdir(dirname(path), { recursive: true });
    await context.fs.mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw errors.SESSION_EXISTS({ session, store }, error);
    throw errors.UNWRITABLE({ path: shown, reason: reasonOf(error) }, error);
  }
}

async function assertFolder(context: Context, { session, path, shown, store }: Place): Promise<void> {
  const stats = await context.fs.lstat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') throw errors.SESSION_MISSING({ session, store }, error);
    throw errors.UNREADABLE({ path: shown, reason: reasonOf(error) }, error);
  });
  if (!stats.isDirectory()) throw errors.UNREADABLE({ path: shown, reason: 'it is no directory' });
}

/**
 * The epoch is claimed first and the segments before it are read then: whoever still writes to one of those looks for
 * the claim before it acknowledges, so that what it acknowledged is seen here or not acknowledged at all.
 */
async function claimNext(context: Context, place: Place): Promise<Claim> {
  const there = await epochsIn(context, place);
  const epoch = Math.max(0, ...there) + 1;
  const handle = await openNew(context, place, epoch);
  try {
    return {
      ...{ epoch, mostBytes: place.mostBytes },
      segments: await readSegments(context, place, there, epoch),
      append: (bytes) => writeDurably(context, place, epoch, handle, bytes),
      drop: (through) => removeSegments(context, place, through),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function epochsIn(context: Context, { path, shown }: Place): Promise<ReadonlySet<number>> {
  const names = await context.fs.readdir(path).catch((error: unknown) => {
    throw errors.UNREADABLE({ path: shown, reason: reasonOf(error) }, error);
  });
  return new Set(names.flatMap((name) => (/^\d{6}\.log$/.test(name) ? [Number(name.slice(0, 6))] : [])));
}

async function openNew(context: Context, place: Place, epoch: number): Promise<Handle> {
  const name = segmentName(epoch);
  try {
    return await context.fs.open(join(place.path, name), 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw errors.BUSY({ session: place.session, epoch }, error);
    throw errors.UNWRITABLE({ path: join(place.shown, name), reason: reasonOf(error) }, error);
  }
}

async function readSegments(
  context: Context,
  place: Place,
  there: ReadonlySet<number>,
  before: number,
): Promise<readonly StoredSegment[]> {
  const segments: StoredSegment[] = [];
  let left = place.mostBytes;
  for (let epoch = 1; epoch < before; epoch += 1) {
    const name = join(place.shown, segmentName(epoch));
    const bytes = there.has(epoch) ? await readSegment(context, place, epoch, left) : undefined;
    left -= bytes?.length ?? 0;
    segments.push({ epoch, name, bytes });
  }
  return segments;
}

async function readSegment(
  context: Context,
  { session, path, shown, mostBytes }: Place,
  epoch: number,
  left: number,
): Promise<Uint8Array | undefined> {
  const name = segmentName(epoch);
  const unreadable = (error: unknown) =>
    errors.UNREADABLE({ path: join(shown, name), reason: reasonOf(error) }, error);
  const stats = await context.fs.lstat(join(path, name)).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw unreadable(error);
  });
  if (stats === undefined) return undefined;
  if (!stats.isFile()) throw errors.UNREADABLE({ path: join(shown, name), reason: 'it is no regular file' });
  if (stats.size > left) throw errors.FULL({ session, limit: mostBytes });
  return context.fs.readFile(join(path, name)).catch((error: unknown) => {
    throw unreadable(error);
  });
}

async function removeSegments(context: Context, { path, shown }: Place, through: number): Promise<void> {
  for (let epoch = 1; epoch <= through; epoch += 1) {
    const name = segmentName(epoch);
    await context.fs.rm(join(path, name), { force: true }).catch((error: unknown) => {
      throw errors.UNWRITABLE({ path: join(shown, name), reason: reasonOf(error) }, error);
    });
  }
}

async function writeDurably(
  context: Context,
  place: Place,
  epoch: number,
  handle: Handle,
  bytes: Uint8Array,
): Promise<void> {
  try {
    await handle.writeFile(bytes);
    await handle.datasync();
  } catch (error) {
    throw errors.UNWRITABLE({ path: join(place.shown, segmentName(epoch)), reason: reasonOf(error) }, error);
  }
  if (await isClaimed(context, place, epoch + 1))
    throw errors.BUSY({ session: place.session, epoch: epoch + 1 });
}

/** What cannot be looked at may be claimed: then nothing is acknowledged. @throws STORE_UNWRITABLE */
async function isClaimed(context: Context, place: Place, epoch: number): Promise<boolean> {
  try {
    await context.fs.lstat(join(place.path, segmentName(epoch)));
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw errors.UNWRITABLE({ path: join(place.shown, segmentName(epoch)), reason: reasonOf(error) }, error);
  }
}

function segmentName(epoch: number): string {
  return `${String(epoch).padStart(6, '0')}.log`;
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Node words these as `ENOSPC: no space left on device, write`; the call and the path add nothing. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/, '') : String(error);
}
