import { randomBytes } from 'node:crypto';
import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import { blocksOf, type FileName, firstOfBlock, parseName, renderName } from './package-names.ts';
import type { Claim, SegmentStore, StoredSegment } from './types.ts';

/** A generic package of a project, as far as sessions need it: a version is a session. */
export interface PackageApi {
  /**
   * The files of a version in the order GitLab took them, as they were at one moment, maybe one that has passed (a
   * replica); none where there is no such version.
   */
  readonly list: (version: string) => Promise<readonly PackageEntry[]>;
  readonly versions: () => Promise<readonly string[]>;
  /** Resolves when GitLab has them. */
  readonly put: (version: string, file: string, bytes: Uint8Array) => Promise<void>;
  readonly get: (version: string, file: PackageEntry) => Promise<Uint8Array>;
}

export interface PackageEntry {
  readonly name: string;
  readonly size: number;
  /** GitLab's own digest of it: what is downloaded is held to it. */
  readonly sha256: string | undefined;
}

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 64 * 1024 * 1024;

/** Milliseconds between looks for what was written, until a replica has it. */
const waits = [100, 200, 500, 1_000, 2_000, 4_000, 8_000];

/** How often a claim is tried where all who wanted the epoch have left it. */
const mostClaims = 5;

/**
 * Keeps segments as files of a generic package, which a job's own token may write: one upload for what is appended.
 *
 * Reads may come from a replica that lags. So a writer looks at the package until it sees the file it has just written: what it
 * sees then holds everything that was there before, as replicas take changes over in their order. From that follows:
 * - Of two that claim one epoch the later sees the earlier. Whoever sees another leaves.
 * - What was appended is acknowledged when no later claim is seen beside it. One that comes after sees what was appended.
 */
export function createPackageStore(
  context: Pick<Context, 'clock'>,
  api: PackageApi,
  { mostBytes = defaultMostBytes } = {},
): SegmentStore {
  const place = { context, api, mostBytes };
  return {
    id: 'gitlab-package',
    guarantee: 'a package of the project survives the loss of the runner',
    claim: async (session, how) => claimNext({ ...place, session }, how),
    list: () => api.versions(),
    read: async (session) => {
      const files = await listFiles({ ...place, session });
      if (files.length === 0) throw missing(session);
      return readSegments({ ...place, session }, files, newestEpoch(files) + 1);
    },
  };
}

interface Place {
  readonly context: Pick<Context, 'clock'>;
  readonly api: PackageApi;
  readonly session: string;
  readonly mostBytes: number;
}

interface Listed {
  readonly name: FileName;
  readonly entry: PackageEntry;
}

function namesOf(entries: readonly PackageEntry[]): readonly Listed[] {
  return entries.flatMap((entry) => {
    const name = parseName(entry.name);
    return name === undefined ? [] : [{ name, entry }];
  });
}

/** Every epoch has its claims for ever: a number beyond them is none that we have given. @throws SESSION_ROLLED_BACK */
async function listFiles({ api, session }: Place): Promise<readonly Listed[]> {
  const files = namesOf(await api.list(session));
  if (newestEpoch(files) > files.length)
    throw errors.ROLLED_BACK({ session, reason: 'an epoch was claimed that follows none' });
  return files;
}

function newestEpoch(files: readonly Listed[]): number {
  return files.reduce((newest, { name }) => Math.max(newest, name.epoch), 0);
}

function missing(session: string) {
  return errors.SESSION_MISSING({ session, store: 'the packages of the project' });
}

async function claimNext(place: Place, how: 'begin' | 'resume'): Promise<Claim> {
  const { session, context } = place;
  let tried = Infinity;
  for (let attempt = 1; ; attempt += 1) {
    const before = await listFiles(place);
    // Whoever was faster after all had left goes on.
    const faster = standing(before).find(({ epoch }) => epoch > tried);
    if (faster !== undefined) throw errors.BUSY({ session, epoch: faster.epoch });
    if (how === 'resume' && before.length === 0) throw missing(session);
    if (how === 'begin' && before.some(({ name }) => name.kind === 'block'))
      throw errors.SESSION_EXISTS({ session, store: 'the project' });
    const mine = { epoch: newestEpoch(before) + 1, nonce: randomBytes(8).toString('hex') };
    const files = await write(place, { kind: 'claim', ...mine });
    if (rivalsOf(files, mine).length === 0) return claimed(place, mine, files);
    const after = await write(place, { kind: 'left', ...mine });
    const isFree = standing(after).every(({ epoch }) => epoch < mine.epoch);
    if (!isFree || attempt === mostClaims) throw errors.BUSY({ session, epoch: newestEpoch(after) });
    tried = mine.epoch;
    await context.clock.sleep(attempt * (200 + (randomBytes(2).readUInt16BE() % 800)));
  }
}

interface Writer {
  readonly epoch: number;
  readonly nonce: string;
}

/** Claims that nobody has left. */
function standing(files: readonly Listed[]): readonly FileName[] {
  const left = new Set(files.flatMap(({ name }) => (name.kind === 'left' ? [name.nonce] : [])));
  return files.flatMap(({ name }) => (name.kind === 'claim' && !left.has(name.nonce) ? [name] : []));
}

/** Those who have claimed the epoch or a later one as well. */
function rivalsOf(files: readonly Listed[], { epoch, nonce }: Writer): readonly FileName[] {
  return files.flatMap(({ name }) =>
    name.kind === 'claim' && name.epoch >= epoch && name.nonce !== nonce ? [name] : [],
  );
}

async function claimed(place: Place, mine: Writer, files: readonly Listed[]): Promise<Claim> {
  const { epoch } = mine;
  const pieces: Uint8Array[] = [];
  return {
    ...{ epoch, mostBytes: place.mostBytes },
    segments: await readSegments(place, files, epoch),
    append: async (bytes) => {
      pieces.push(bytes);
      const last = pieces.length;
      const first = firstOfBlock(last);
      const block = Buffer.concat(pieces.slice(first - 1));
      const seen = await write(place, { kind: 'block', ...mine, first, last }, block);
      const newest = newestEpoch(seen);
      if (newest > epoch) throw errors.BUSY({ session: place.session, epoch: newest });
    },
    drop: undefined,
    close: async () => undefined,
  };
}

/** Writes a file and gives what lies in the package beside it. */
async function write(
  { api, session, context }: Place,
  name: FileName,
  bytes: Uint8Array = Buffer.from('\n'),
): Promise<readonly Listed[]> {
  const text = renderName(name);
  // An answer that was lost may be one to a file that is there, and GitLab may refuse to take it twice.
  const failure = await api.put(session, text, bytes).then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  for (const wait of failure === undefined ? waits : waits.slice(0, 4)) {
    const files = namesOf(await api.list(session));
    if (files.some(({ entry }) => entry.name === text && entry.size === bytes.length)) return files;
    await context.clock.sleep(wait);
  }
  if (failure !== undefined) throw failure.error;
  const reason = 'GitLab has taken it, and does not show it';
  throw errors.UNWRITABLE({ path: `the package file ${text}`, reason });
}

async function readSegments(
  place: Place,
  files: readonly Listed[],
  before: number,
): Promise<readonly StoredSegment[]> {
  const segments: StoredSegment[] = [];
  let left = place.mostBytes;
  for (let epoch = 1; epoch < before; epoch += 1) {
    const own = files.filter(({ name }) => name.epoch === epoch);
    const bytes = own.length === 0 ? undefined : await readSegment(place, own, left);
    left -= bytes?.length ?? 0;
    segments.push({ epoch, name: `epoch ${epoch} of the package`, bytes });
  }
  return segments;
}

async function readSegment(place: Place, files: readonly Listed[], left: number): Promise<Uint8Array> {
  const { api, session } = place;
  const blocks = files.flatMap((file) => (file.name.kind === 'block' ? [{ ...file, name: file.name }] : []));
  const newest = blocks.reduce((most, { name }) => Math.max(most, name.last), 0);
  const wanted = blocksOf(newest).map(({ first, last }) => {
    const found = blocks.find(({ name }) => name.first === first && name.last === last);
    const reason = `the package lacks pieces ${first} to ${last} of an epoch`;
    if (found === undefined) throw errors.ROLLED_BACK({ session, reason });
    return found;
  });
  // Of those who claim an epoch one has written at most: what two have written nobody of us has.
  if (new Set(blocks.map(({ name }) => name.nonce)).size > 1)
    throw errors.ROLLED_BACK({ session, reason: 'two writers have written in one epoch' });
  if (wanted.reduce((sum, { entry }) => sum + entry.size, 0) > left)
    throw errors.FULL({ session, limit: place.mostBytes });
  const parts: Uint8Array[] = [];
  for (const { entry } of wanted) parts.push(await api.get(session, entry));
  return Buffer.concat(parts);
}
