import { posix } from 'node:path';
import { Failure } from '../kernel/failure.ts';
import { once } from '../kernel/once.ts';
import { errors } from './errors.ts';
import type { SegmentStore, StoredSegment } from './types.ts';

/** The artifacts of one job. */
export interface ArtifactApi {
  /** A zip; undefined where there is none, or none that the token can see. */
  readonly archive: () => Promise<Uint8Array | undefined>;
  /** What messages call it. */
  readonly shown: string;
  /** Why there may be none, in a sentence of its own; empty where nothing more can be said. */
  readonly hint: string;
}

/** Bytes of a session's whole log; it is read at once. */
const defaultMostBytes = 256 * 1024 * 1024;
/** Files of an archive that are looked at: one may say that it has four thousand million. */
const mostFiles = 250_000;

const loadZip = once(() => import('fflate'));

/**
 * Reads segments that the store `directory` left among the artifacts of a job, and writes none. An archive is a stranger's: of
 * its files those are looked at whose whole name is that of a segment, none is written to the disk, and what they
 * unpack to is bounded by what the archive says before.
 *
 * @param folder - of the store, as the job had it
 */
export function createArtifactStore(
  api: ArtifactApi,
  folder: string,
  { mostBytes = defaultMostBytes } = {},
): SegmentStore {
  const { shown } = api;
  const download = once(async () => {
    const bytes = await api.archive();
    if (bytes === undefined) throw errors.ARTIFACTS_MISSING({ shown, hint: api.hint });
    return bytes;
  });
  const below = `${posix.normalize(folder).replace(/\/+$/, '')}/`;
  const scan = async (wanted: (segment: Segment) => boolean) =>
    readArchive(await download(), { shown, below, wanted });
  return {
    id: 'gitlab-artifact',
    guarantee: `${shown} survive the loss of the runner until they expire, and are only read`,
    claim: async () => {
      throw errors.READ_ONLY({ store: 'gitlab-artifact' });
    },
    list: async () => {
      const sessions = new Set<string>();
      await scan(({ session }) => {
        sessions.add(session);
        return false;
      });
      return [...sessions];
    },
    read: async (session) => {
      let left = mostBytes;
      const found = await scan((segment) => {
        if (segment.session !== session) return false;
        left -= segment.size;
        if (left < 0) throw errors.FULL({ session, limit: mostBytes });
        return true;
      });
      if (found.size === 0) throw errors.SESSION_MISSING({ session, store: shown });
      return segmentsOf(found, session, below);
    },
  };
}

interface Segment {
  readonly session: string;
  /** Bytes it says it has. */
  readonly size: number;
}

function segmentsOf(
  found: ReadonlyMap<string, Uint8Array>,
  session: string,
  below: string,
): readonly StoredSegment[] {
  const nameOf = (epoch: number) => `${below}${session}/${String(epoch).padStart(6, '0')}.log`;
  const newest = [...found.keys()].reduce((most, name) => Math.max(most, Number(name.slice(-10, -4))), 0);
  return Array.from({ length: newest }, (_, index) => {
    const epoch = index + 1;
    return { epoch, name: nameOf(epoch), bytes: found.get(nameOf(epoch)) };
  });
}

interface Scan {
  readonly shown: string;
  /** What names of segments begin with. */
  readonly below: string;
  readonly wanted: (segment: Segment) => boolean;
}

/** What is wanted of an archive, by name. @throws STORE_UNREADABLE */
async function readArchive(
  archive: Uint8Array,
  { shown, below, wanted }: Scan,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const { unzipSync } = await loadZip();
  const unreadable = (reason: string, cause?: unknown) => errors.UNREADABLE({ path: shown, reason }, cause);
  const seen = new Set<string>();
  let files = 0;
  const filter = ({ name, originalSize }: { readonly name: string; readonly originalSize: number }) => {
    files += 1;
    if (files > mostFiles) throw unreadable(`the archive has more than ${mostFiles} files`);
    const match = name.startsWith(below) ? /^([^/]+)\/\d{6}\.log$/.exec(name.slice(below.length)) : null;
    if (match === null) return false;
    if (seen.has(name)) throw unreadable(`the archive holds ${JSON.stringify(name.slice(0, 200))} twice`);
    seen.add(name);
    return wanted({ session: match[1] ?? '', size: originalSize });
  };
  try {
    return new Map(Object.entries(unzipSync(archive, { filter })));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw unreadable(
      `the archive is damaged: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}
