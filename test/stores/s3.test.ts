import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import { parseBucketUrl } from '../../components/stores/s3/place.ts';
import { createS3Store } from '../../components/stores/s3.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import { testContext } from '../support/cli.ts';
import { storeContract } from './contract.ts';
import { s3Faults } from './s3-faults.ts';
import { calm, openS3, type S3Options } from './s3-open.ts';
import { type S3Call, type S3Server, startS3 } from './s3-server.ts';
import { keyRing } from './support.ts';
import { contest } from './two-writers.ts';

let server: S3Server;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());
beforeEach(() => calm(server));

const codeOf = (code: string) => expect.objectContaining({ code });

const openStore = (keys: KeyRing, options?: S3Options) => openS3(server, keys, options);

/** What `PIPEWRIGHT_TEST_S3_URL` names, with the usual variables, else our own server. */
function openTested(keys: KeyRing): SessionStore {
  const { PIPEWRIGHT_TEST_S3_URL: url, AWS_REGION: region, ...env } = process.env;
  if (url === undefined || url === '') return openStore(keys);
  const credentials = {
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
    sessionToken: env.AWS_SESSION_TOKEN,
  };
  const context = testContext('/');
  return createSessionStore(context, createS3Store(context, parseBucketUrl(url, region), credentials), keys);
}

describe('a bucket keeps the contract', () => {
  storeContract(() => {
    const keys = keyRing();
    return { open: () => openTested(keys) };
  }, true);
});

/** Appends so many records to a new session. */
async function written(keys: KeyRing, records: number, options: S3Options = {}): Promise<string> {
  const session = randomUUID();
  const log = await openStore(keys, options).open(session, 'begin');
  for (let index = 0; index < records; index += 1) await log.append('step', index);
  await log.close();
  return session;
}

/** Numbers and sizes of what lies there of a session. */
const objectsOf = (session: string) =>
  [...server.objects].filter(([key]) => key.startsWith(`team/ci/${session}/`)).sort();

const methods = () => server.calls.map(({ method }) => method);

describe('writers at one time', () => {
  test('whatever goes wrong on the way, no record is lost, and none acknowledged twice', async () => {
    const keys = keyRing();
    let [acknowledged, busy] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 2 ** 31 - 1 }),
        fc.array(fc.nat(6), { minLength: 30, maxLength: 30 }),
        async (seed, pauses) => {
          server.fault = s3Faults(seed);
          let at = 0;
          const pause = () => setTimeout(pauses[at++ % pauses.length]);
          const result = await contest(
            () => openStore(keys),
            pause,
            5,
            () => calm(server),
          );
          expect(result).toMatchObject({ lost: [], doubled: [] });
          for (const code of result.failures) expect(code).toMatch(/^(STORE_BUSY|S3_FAILED)$/);
          acknowledged += result.acknowledged.length;
          busy += result.failures.filter((code) => code === 'STORE_BUSY').length;
          server.objects.clear();
        },
      ),
      { numRuns: 15 },
    );
    // Somebody went on, and somebody was stopped.
    expect(acknowledged).toBeGreaterThan(15 * 3);
    expect(busy).toBeGreaterThan(5);
  });

  test('a writer that slept through a prune has nothing acknowledged, and its session is not begun anew', async () => {
    const keys = keyRing();
    const session = randomUUID();
    const asleep = await openStore(keys).open(session, 'begin');
    await asleep.append('first', 1);
    for (const state of ['one', 'two']) {
      const log = await openStore(keys).open(session, 'resume');
      await log.appendSnapshot(state);
      await log.close();
    }
    expect((await openStore(keys).prune(session)).segments).toBe(2);
    // Claims alone are left of the first two epochs.
    expect(
      objectsOf(session)
        .slice(0, 3)
        .map(([key]) => Number(key.slice(-9))),
    ).toEqual([1, 4, 7]);
    await expect(asleep.append('late', 2)).rejects.toEqual(codeOf('STORE_BUSY'));
    await expect(openStore(keys).open(session, 'begin')).rejects.toEqual(codeOf('STORE_SESSION_EXISTS'));
  });

  test('a claim that comes late by a prune, to a number that is free again, is none', async () => {
    const keys = keyRing();
    const session = await written(keys, 2);
    // Object 5 is what a job asks for that has seen four, and it is held on the way.
    let release: (() => void) | undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const isLate = ({ method, key }: S3Call) => method === 'PUT' && key.endsWith('/000000005');
    let arrived = 0;
    server.fault = (call) => {
      if (!isLate(call)) return undefined;
      arrived += 1;
      return arrived === 1 ? { kind: 'held', until: held } : undefined;
    };
    const late = openStore(keys).open(session, 'resume');
    while (arrived === 0) await setTimeout(1);
    // Another epoch comes, and one more, and the one before is dropped but for its claim.
    const winner = await openStore(keys).open(session, 'resume');
    await winner.appendSnapshot('all');
    await winner.close();
    const last = await openStore(keys).open(session, 'resume');
    await last.appendSnapshot('more');
    await last.close();
    expect((await openStore(keys).prune(session)).segments).toBe(2);
    release?.();
    await expect(late).rejects.toEqual(codeOf('STORE_BUSY'));
    const again = await openStore(keys).open(session, 'resume');
    expect(again.snapshot).toBe('more');
    await again.close();
  });

  test('one that made an object at a number which was dropped sees the claims after it, and nobody reads it', async () => {
    const keys = keyRing();
    const session = await written(keys, 4);
    const goOn = async (state: string) => {
      const log = await openStore(keys).open(session, 'resume');
      await log.appendSnapshot(state);
      await log.close();
    };
    let release: (() => void) | undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    // Everything the late job asks is held from its claim on: it has seen objects up to 2 only.
    const listed = objectsOf(session).slice(0, 2);
    const rest = objectsOf(session).slice(2);
    for (const [key] of rest) server.objects.delete(key);
    expect(listed).toHaveLength(2);
    let isHeld = false;
    server.fault = ({ method }) => {
      if (method !== 'PUT' || isHeld) return undefined;
      isHeld = true;
      return { kind: 'held', until: held };
    };
    const late = openStore(keys).open(session, 'resume');
    while (!isHeld) await setTimeout(1);
    for (const [key, bytes] of rest) server.objects.set(key, bytes);
    await goOn('one');
    await goOn('two');
    await openStore(keys).prune(session);
    expect(server.objects.has(`team/ci/${session}/000000003`)).toBe(false);
    release?.();
    await expect(late).rejects.toEqual(codeOf('STORE_BUSY'));
    // What it made lies below all that counts.
    expect(server.objects.has(`team/ci/${session}/000000003`)).toBe(true);
    const again = await openStore(keys).open(session, 'resume');
    expect(again.snapshot).toBe('two');
    await again.append('on', 1);
    await again.close();
    await goOn('three');
    expect((await openStore(keys).prune(session)).segments).toBeGreaterThan(0);
  });
});

describe('requests', () => {
  test('one for each record, and few to go on with many', async () => {
    const keys = keyRing();
    const session = randomUUID();
    const log = await openStore(keys).open(session, 'begin');
    server.calls.length = 0;
    for (let index = 0; index < 200; index += 1) await log.append('step', index);
    expect(methods()).toEqual(Array.from({ length: 200 }, () => 'PUT'));
    server.calls.length = 0;
    const again = await openStore(keys).open(session, 'resume');
    expect(again.records).toHaveLength(200);
    // List, newest, claim and its proof, list, the other blocks, header.
    expect(methods().filter((method) => method === 'GET').length).toBeLessThanOrEqual(2 + 8);
    expect(methods().filter((method) => method === 'PUT')).toHaveLength(3);
    expect(server.calls.every(({ headers }) => headers['x-amz-security-token'] === undefined)).toBe(true);
  });

  test('lists go on over pages, of sessions and of objects', async () => {
    server.pageSize = 3;
    const keys = keyRing();
    const sessions: string[] = [];
    for (let index = 0; index < 5; index += 1) sessions.push(await written(keys, 4));
    server.objects.set('team/ci/readme.txt', Buffer.from('x'));
    server.objects.set(`team/ci/${sessions[0]}/notes`, Buffer.from('x'));
    server.objects.set('elsewhere/8f14e45f-ceea-467f-9575-6e0c4f1d2b3a/000000001', Buffer.from('x'));
    expect(await openStore(keys).list()).toEqual(expect.arrayContaining(sessions));
    expect(await openStore(keys).list()).not.toContain('8f14e45f-ceea-467f-9575-6e0c4f1d2b3a');
    expect((await openStore(keys).read(sessions[0] ?? '')).records).toHaveLength(4);
  });

  test('credentials that do not last, in a region of their own, at the root of a bucket', async () => {
    server.sessionToken = 'a-token/with=signs';
    const url = server.url;
    const keys = keyRing();
    const session = await written(keys, 2, { url, sessionToken: server.sessionToken });
    expect(server.objects.has(`${session}/000000001`)).toBe(true);
    await expect(written(keys, 1, { url, sessionToken: 'another' })).rejects.toEqual(codeOf('S3_DENIED'));
  });

  test('a log grows to its limit and no further, and a longer one is not read', async () => {
    const keys = keyRing();
    const session = randomUUID();
    const log = await openStore(keys, { mostBytes: 3_000 }).open(session, 'begin');
    const noise = Array.from({ length: 20 }, () => randomUUID());
    await log.append('fits', noise);
    await expect(
      log.append(
        'too much',
        Array.from({ length: 8 }, () => noise)
          .flat()
          .map(() => randomUUID()),
      ),
    ).rejects.toEqual(codeOf('STORE_FULL'));
    await expect(openStore(keys, { mostBytes: 100 }).read(session)).rejects.toEqual(codeOf('STORE_FULL'));
  });
});

describe('what was done to the objects is found', () => {
  test.each<[string, (objects: [string, Uint8Array][]) => void]>([
    ['the newest is gone', (objects) => void server.objects.delete(objects.at(-1)?.[0] ?? '')],
    ['one in the middle is gone', (objects) => void server.objects.delete(objects[8]?.[0] ?? '')],
    [
      'one is another',
      (objects) => void server.objects.set(objects[8]?.[0] ?? '', objects[4]?.[1] ?? Buffer.of()),
    ],
    [
      'one is cut',
      (objects) =>
        void server.objects.set(objects[8]?.[0] ?? '', Buffer.from(objects[8]?.[1].subarray(0, -1) ?? [])),
    ],
    [
      'one is a byte longer',
      (objects) =>
        void server.objects.set(
          objects[9]?.[0] ?? '',
          Buffer.concat([objects[9]?.[1] ?? Buffer.of(), Buffer.of(1)]),
        ),
    ],
    [
      'the newest is no object of ours',
      (objects) => void server.objects.set(`${objects[0]?.[0].slice(0, -9)}000000077`, Buffer.from('hello')),
    ],
    [
      'an epoch far beyond the others',
      (objects) =>
        void server.objects.set(
          `${objects[0]?.[0].slice(0, -9)}999999998`,
          Buffer.from(
            `pipewright-session 1 claim 999999998 999999998 0 ${'0'.repeat(16)} e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n`,
          ),
        ),
    ],
  ])('%s', async (_, attack) => {
    const keys = keyRing();
    const session = randomUUID();
    const log = await openStore(keys).open(session, 'begin');
    for (let index = 0; index < 8; index += 1) await log.append('step', index);
    attack(objectsOf(session));
    const refused = codeOf('SESSION_ROLLED_BACK');
    await expect(openStore(keys).read(session, log.head())).rejects.toEqual(refused);
    await expect(openStore(keys).open(session, 'resume', log.head())).rejects.toEqual(refused);
  });
});
