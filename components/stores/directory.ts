import { dirname, join, resolve } from 'node:path';
import type { Context, FileSystem } from '../kernel/context.ts';
import { assertNoLinks } from '../kernel/files.ts';
import { errors } from './errors.ts';
import { readSession, segmentName, type Written } from './read-session.ts';
import { type Header, type Line, renderHeader, renderRecord } from './segment.ts';
import type { SessionLog, SessionRecord, SessionStore } from './types.ts';

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 256 * 1024 * 1024;

type Handle = Awaited<ReturnType<FileSystem['open']>>;

/**
 * Keeps sessions in a folder: one folder a session, one file an epoch. The records lie there in plain text, readable
 * for the user that runs the job alone. A record is acknowledged once the system has written it to the disk and no other
 * job has gone on with the session.
 */
export function createDirectoryStore(
  context: Context,
  folder: string,
  { mostBytes = defaultMostBytes } = {},
): SessionStore {
  return {
    id: 'directory',
    guarantee: `the directory ${folder} survives a crash inside the job, not the loss of the runner`,
    open: async (session, how) => {
      if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(session)) throw errors.SESSION_ID({ session });
      const shown = join(folder, session);
      await assertNoLinks(context, folder);
      const place = { session, shown, path: resolve(context.cwd, shown), store: folder, mostBytes };
      if (how === 'begin') await makeFolder(context, place);
      else await assertFolder(context, place);
      return openLog(context, place);
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
async function openLog(context: Context, place: Place): Promise<SessionLog> {
  const epoch = (await lastEpoch(context, place)) + 1;
  const handle = await claim(context, place, epoch);
  try {
    const written = await readSession(context, place, epoch);
    const writer = createWriter(context, place, epoch, handle, written);
    await writer.begin();
    return writer.log;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function lastEpoch(context: Context, { path, shown }: Place): Promise<number> {
  const names = await context.fs.readdir(path).catch((error: unknown) => {
    throw errors.UNREADABLE({ path: shown, reason: reasonOf(error) }, error);
  });
  const numbers = names.flatMap((name) => (/^\d{6}\.log$/.test(name) ? [Number(name.slice(0, 6))] : []));
  return Math.max(0, ...numbers);
}

async function claim(context: Context, place: Place, epoch: number): Promise<Handle> {
  const name = segmentName(epoch);
  try {
    return await context.fs.open(join(place.path, name), 'wx', 0o600);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') throw errors.BUSY({ session: place.session, epoch }, error);
    throw errors.UNWRITABLE({ path: join(place.shown, name), reason: reasonOf(error) }, error);
  }
}

interface Writer {
  /** Writes the header. */
  readonly begin: () => Promise<void>;
  readonly log: SessionLog;
}

function createWriter(context: Context, place: Place, epoch: number, handle: Handle, read: Written): Writer {
  const records = [...read.records];
  let { head, bytes } = read;
  // One line after the other. After a line that could not be written the segment ends: what follows a torn one is damage.
  let turn: Promise<unknown> = Promise.resolve();
  const write = async (line: Line): Promise<void> => {
    const size = Buffer.byteLength(line.text);
    if (bytes + size > place.mostBytes) throw errors.FULL({ session: place.session, limit: place.mostBytes });
    await writeDurably(context, place, epoch, handle, line.text);
    head = line.digest;
    bytes += size;
  };
  const append = async (kind: string, body: SessionRecord['body']): Promise<SessionRecord> => {
    const sequence = records.length;
    const line = renderRecord({ sequence, epoch, kind, at: context.clock.now(), body }, head);
    await write(line);
    // As it will be read: without members that are undefined.
    const { previous: _, digest: __, ...record } = JSON.parse(line.text);
    records.push(record);
    return record;
  };
  const header: Header = {
    ...{ format: 'pipewright/session-log/v1', session: place.session },
    ...{ epoch, sealed: read.lengths },
  } as const;
  return {
    begin: () => write(renderHeader(header, head)),
    log: {
      records,
      epoch,
      dropped: read.dropped,
      append: (kind, body) => {
        const appended = turn.then(() => append(kind, body));
        turn = appended;
        appended.catch(() => undefined);
        return appended;
      },
      close: () => handle.close(),
    },
  };
}

async function writeDurably(
  context: Context,
  place: Place,
  epoch: number,
  handle: Handle,
  text: string,
): Promise<void> {
  try {
    await handle.writeFile(text);
    await handle.datasync();
  } catch (error) {
    throw errors.UNWRITABLE({ path: join(place.shown, segmentName(epoch)), reason: reasonOf(error) }, error);
  }
  const next = await context.fs.lstat(join(place.path, segmentName(epoch + 1))).catch(() => undefined);
  if (next !== undefined) throw errors.BUSY({ session: place.session, epoch: epoch + 1 });
}

function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | undefined)?.code;
}

/** Node words these as `ENOSPC: no space left on device, write`; the call and the path add nothing. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+( '.*')?$/, '') : String(error);
}
