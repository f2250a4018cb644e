import { join } from 'node:path';
import { packageVersions } from '../../../components/gitlab/package-versions.ts';
import type { Context } from '../../../components/kernel/context.ts';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { createPackageStore, type PackageApi } from '../../../components/stores/gitlab-package.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import type { SessionStore } from '../../../components/stores/types.ts';
import { startPlace } from '../../contracts/client-and-twin/place.ts';
import { openS3 } from '../../stores/s3-open.ts';
import { startS3 } from '../../stores/s3-server.ts';
import { type Figure, figure } from '../figure.ts';
import { type Judged, judge, makePlace, newKey, newSession, type Place, runShare } from './place.ts';

/** Where in a call a process dies: before it, in the middle of a write, or when it is done. */
type Moment = 'before' | 'within' | 'after';

/** Dies at one call of the system; whatever it calls later fails as well. */
interface Doom {
  calls: number;
  readonly at: number;
  readonly moment: Moment;
}

class Killed extends Error {}

/** Sums over all kills. */
export interface Kills extends Judged {
  readonly kills: number;
}

/** Makes the store of a job that is killed, or of one that is not. */
type OpenStore = (doom: Doom | undefined) => SessionStore;

/** Kills a session at each call that its store makes of the system, three ways, and goes on with it elsewhere. */
export async function killAtEveryCall(iterations: number): Promise<readonly Figure[]> {
  const place = makePlace(iterations);
  const keys = newKey();
  const open: OpenStore = (doom) => {
    const context = doom === undefined ? place.context : doomed(place.context, doom);
    return createSessionStore(context, createDirectoryStore(context, join(place.cwd, 'sessions')), keys);
  };
  try {
    const against = `directory, a session of ${iterations} iterations killed at every call of the system it makes, before, within and after`;
    return figuresOf('every-call', await killAll(place, open, ['before', 'within', 'after']), against);
  } finally {
    place.close();
  }
}

/** The same for a package of the twin, at each request. */
export async function killAtEveryRequest(iterations: number): Promise<readonly Figure[]> {
  const place = makePlace(iterations);
  const served = await startPlace();
  const keys = newKey();
  const packages = packageVersions(served.context, served.gitlab, {
    project: served.shop.id,
    name: 'sessions',
  });
  const open: OpenStore = (doom) => {
    const api = doom === undefined ? packages : doomedApi(packages, doom);
    return createSessionStore(place.context, createPackageStore(place.context, api), keys);
  };
  try {
    const against = `gitlab-package on the twin, a session of ${iterations} iterations killed at every request it makes, before and after`;
    return figuresOf('every-request', await killAll(place, open, ['before', 'after']), against);
  } finally {
    place.close();
    await served.close();
  }
}

/** The same for a bucket. */
export async function killAtEveryObject(iterations: number): Promise<readonly Figure[]> {
  const place = makePlace(iterations);
  const server = await startS3();
  const keys = newKey();
  const open: OpenStore = (doom) => {
    if (doom === undefined) return openS3(server, keys);
    const call = callsUntil(doom);
    const send: typeof fetch = (input, init) => call(() => place.context.fetch(input, init));
    return openS3(server, keys, { change: { fetch: send } });
  };
  try {
    const against = `s3, a session of ${iterations} iterations killed at every request it makes, before and after`;
    return figuresOf('every-object', await killAll(place, open, ['before', 'after']), against);
  } finally {
    place.close();
    await server.close();
  }
}

async function killAll(place: Place, open: OpenStore, moments: readonly Moment[]): Promise<Kills> {
  const sums = { kills: 0, lost: 0, doubled: 0, repeated: 0 };
  for (const moment of moments) {
    for (let at = 1; ; at += 1) {
      const judged = await killOnce(place, open, { calls: 0, at, moment });
      if (judged === undefined) break;
      sums.kills += 1;
      for (const key of ['lost', 'doubled', 'repeated'] as const) sums[key] += judged[key];
      if (judged.repeated > 1) throw new Error(`${judged.repeated} calls repeated at call ${at}, ${moment}`);
    }
  }
  return sums;
}

export function figuresOf(
  id: string,
  { kills, lost, doubled, repeated }: Kills,
  against: string,
): readonly Figure[] {
  const none = (name: string, value: number) =>
    figure({
      id: `${id}-${name}`,
      value,
      unit: '',
      better: 'lower',
      goal: 0,
      against: `${kills} kills: ${against}`,
    });
  return [
    none('steps-lost', lost),
    none('effects-doubled', doubled),
    figure({
      ...{ id: `${id}-calls-repeated`, value: repeated / kills, unit: 'a kill', better: 'lower', goal: 1 },
      against: `${repeated} calls of the model were made again, never more than one a kill`,
    }),
  ];
}

/** Undefined where the session ended before the call. */
async function killOnce(place: Place, open: OpenStore, doom: Doom): Promise<Judged | undefined> {
  const { session, notes } = newSession(place);
  const first = await runShare(place, open(doom), session, notes);
  if (first.end !== undefined) return undefined;
  if (!isKill(first.failure)) throw first.failure;
  const store = open(undefined);
  const second = await runShare(place, store, session, notes);
  if (second.end === undefined) throw second.failure;
  return judge(place, store, session, notes, second.end);
}

/** The store words what it meets. */
function isKill(failure: unknown): boolean {
  for (let error = failure; error instanceof Error; error = error.cause)
    if (error instanceof Killed) return true;
  return false;
}

/** Counts calls, and fails from one on. */
function callsUntil(doom: Doom) {
  /** @param half - what is done of a call that is cut in the middle */
  return async <T>(
    work: () => Promise<T>,
    half?: () => Promise<unknown>,
    tidy?: (result: T) => Promise<unknown>,
  ): Promise<T> => {
    doom.calls += 1;
    if (doom.calls < doom.at) return work();
    if (doom.calls === doom.at && doom.moment === 'within') await half?.();
    if (doom.calls === doom.at && doom.moment === 'after') {
      const result = await work();
      await tidy?.(result);
    }
    throw new Killed('killed');
  };
}

function doomedApi(api: PackageApi, doom: Doom): PackageApi {
  const call = callsUntil(doom);
  return {
    versions: () => call(api.versions),
    list: (version) => call(() => api.list(version)),
    put: (version, file, bytes) => call(() => api.put(version, file, bytes)),
    get: (version, file) => call(() => api.get(version, file)),
  };
}

function doomed(context: Context, doom: Doom): Context {
  const call = callsUntil(doom);
  const { fs } = context;
  return {
    ...context,
    fs: {
      ...fs,
      mkdir: ((...args: Parameters<typeof fs.mkdir>) => call(() => fs.mkdir(...args))) as typeof fs.mkdir,
      readdir: ((...args: [string]) => call(() => fs.readdir(...args))) as unknown as typeof fs.readdir,
      lstat: ((...args: [string]) => call(() => fs.lstat(...args))) as unknown as typeof fs.lstat,
      open: async (...args) => {
        const handle = await call(
          () => fs.open(...args),
          // What a dead process had opened is closed.
          undefined,
          (opened) => opened.close(),
        );
        const writeFile = handle.writeFile.bind(handle);
        const datasync = handle.datasync.bind(handle);
        handle.writeFile = (data) => {
          const bytes = data as Uint8Array;
          return call(
            () => writeFile(bytes),
            () => writeFile(bytes.subarray(0, bytes.length >> 1)),
          );
        };
        handle.datasync = () => call(datasync);
        return handle;
      },
    },
  };
}
