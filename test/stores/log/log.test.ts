import { randomUUID } from 'node:crypto';
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testContext } from '../../support/cli.ts';
import { directoryStore, keyRing, noKeys } from '../support.ts';
import { endsOf, partsOf, writeParts, written } from './frames.ts';

const codeOf = (code: string) => expect.objectContaining({ code });
const rings = [
  { how: 'with a key', keys: keyRing() },
  { how: 'without', keys: noKeys },
];

describe.each(rings)('what a crash leaves, $how', ({ keys }) => {
  test('cut anywhere, the last segment gives every whole record, and the next epoch goes on from there', async () => {
    const { session, store, path } = await written(2, 3, keys);
    const whole = readFileSync(path(2));
    const ends = endsOf(whole);
    // Between the ends of frames all lengths are a torn frame: near them each one is tried, elsewhere some.
    const lengths = Array.from({ length: whole.length + 1 }, (_, at) => at).filter(
      (at) => at % 41 === 0 || ends.some((end) => Math.abs(end - at) <= 2),
    );
    for (const length of lengths) {
      writeFileSync(path(2), whole.subarray(0, length));
      const kept = ends.filter((end) => end <= length);
      const log = await store.open(session, 'resume');
      // Of the frames the first is the header; a preamble alone is nothing.
      expect(log.records.length).toBe(3 + Math.max(0, kept.length - 2));
      expect(log.dropped).toBe(length - (kept.length < 2 ? 0 : (kept.at(-1) ?? 0)));
      await log.append('on', length);
      await log.close();
      const again = await store.open(session, 'resume');
      expect(again.records.at(-1)?.body).toBe(length);
      expect(again.dropped).toBe(0);
      await again.close();
      for (const epoch of [3, 4]) rmSync(path(epoch));
    }
  });

  test('what a writer that was given up writes later counts for nothing', async () => {
    const { session, store, path } = await written(1, 3, keys);
    const log = await store.open(session, 'resume');
    await log.append('on', 1);
    await log.close();
    appendFileSync(path(1), 'garbage that is no frame');
    const again = await store.open(session, 'resume');
    expect(again.records.map(({ kind }) => kind)).toEqual(['step', 'step', 'step', 'on']);
    await again.close();
  });
});

type Place = Awaited<ReturnType<typeof written>>;

/** What somebody who can write to the store may do to a session of three epochs; another session has the same key. */
const attacks: readonly (readonly [string, (place: Place, other: Place) => void])[] = [
  ['a segment is gone', ({ path }) => rmSync(path(1))],
  ['an acknowledged tail is gone', ({ path }) => cut(path(1), 10)],
  ['an acknowledged record is gone', ({ path }) => change(path(1), (parts) => parts.toSpliced(-1, 1))],
  ['a whole segment is empty', ({ path }) => writeFileSync(path(2), '')],
  ['a record in the middle is gone', ({ path }) => change(path(3), (parts) => parts.toSpliced(2, 1))],
  ['a record is there twice', ({ path }) => change(path(3), ([a, b, c, ...rest]) => [a, b, c, c, ...rest])],
  [
    'two records are swapped',
    ({ path }) => change(path(3), ([a, b, c, d, ...rest]) => [a, b, d, c, ...rest]),
  ],
  [
    'a record of another segment',
    ({ path }) => change(path(3), (parts) => [...parts, partsOf(path(2)).at(-1)]),
  ],
  [
    'a record of another session',
    ({ path }, other) =>
      change(path(3), (parts) => parts.with(2, partsOf(other.path(3))[2] ?? Buffer.alloc(0))),
  ],
  ['an older segment again', ({ path }) => copyFileSync(path(2), path(3))],
  [
    'segments swapped',
    ({ path }) => {
      const [two, three] = [readFileSync(path(2)), readFileSync(path(3))];
      writeFileSync(path(2), three);
      writeFileSync(path(3), two);
    },
  ],
  ['a segment of another session', ({ path }, other) => copyFileSync(other.path(3), path(3))],
  [
    'all segments of another session',
    ({ path }, other) => {
      for (const epoch of [1, 2, 3]) copyFileSync(other.path(epoch), path(epoch));
    },
  ],
  ['a frame that nobody sealed', ({ path }) => appendFileSync(path(3), Buffer.alloc(60, 7))],
  ['no segment at all', ({ path }) => writeFileSync(path(3), 'nonsense'.repeat(40))],
];

describe.each(rings)('what is not as it was written stops, $how', ({ keys }) => {
  test.each(attacks)('%s', async (_, attack) => {
    const [place, other] = [await written(3, 3, keys), await written(3, 3, keys)];
    attack(place, other);
    await expect(place.store.open(place.session, 'resume')).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
  });

  test('any changed byte of a whole frame is found', async () => {
    const { session, store, path } = await written(2, 2, keys);
    for (const epoch of [1, 2]) {
      const whole = readFileSync(path(epoch));
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, by) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ by;
          writeFileSync(path(epoch), changed);
          const opened = store.open(session, 'resume');
          // The version, the cipher and the id of the key say what to do with the rest.
          const code = expect.stringMatching(
            /^(SESSION_ROLLED_BACK|STORE_(NEWER|KEY_UNKNOWN|KEY_MISSING|NOT_ENCRYPTED))$/,
          );
          await expect(opened).rejects.toEqual(expect.objectContaining({ code }));
          rmSync(path(3));
        }),
        { numRuns: 200 },
      );
      writeFileSync(path(epoch), whole);
    }
  });

  test('the newest records can be taken away unnoticed, but not from whom knows the head', async () => {
    const { session, store, path, head } = await written(2, 3, keys);
    const whole = readFileSync(path(2));
    change(path(2), (parts) => parts.toSpliced(-1, 1));
    await expect(store.open(session, 'resume', head)).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
    rmSync(path(3));
    const unaware = await store.open(session, 'resume');
    expect(unaware.records.length).toBe(5);
    await unaware.close();
    for (const epoch of [2, 3]) rmSync(path(epoch));
    await expect(store.open(session, 'resume', head)).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
    rmSync(path(2));
    writeFileSync(path(2), whole);
    await (await store.open(session, 'resume', head)).close();
  });
});

describe('keys', () => {
  const text = 'a prompt that nobody else should read';

  async function begun(keys = keyRing()) {
    const place = await written(1, 1, keys);
    const log = await place.store.open(place.session, 'resume');
    await log.append('prompt', text);
    await log.close();
    const open = (ring: typeof keys) =>
      directoryStore(testContext(place.folder), 'sessions', { keys: ring }).open(place.session, 'resume');
    return { ...place, open };
  }

  test('nothing of a record can be read without the key', async () => {
    const { path } = await begun();
    const bytes = Buffer.concat([1, 2].map((epoch) => readFileSync(path(epoch))));
    expect(bytes.includes('prompt')).toBe(false);
    const plain = await begun(noKeys);
    expect(readFileSync(plain.path(2)).includes(text)).toBe(true);
  });

  test('another key and no key are told apart, and a key makes what is not encrypted refused', async () => {
    const { open } = await begun();
    await expect(open(keyRing())).rejects.toEqual(codeOf('STORE_KEY_UNKNOWN'));
    await expect(open(noKeys)).rejects.toEqual(codeOf('STORE_KEY_MISSING'));
    const plain = await begun(noKeys);
    await expect(plain.open(keyRing())).rejects.toEqual(codeOf('STORE_NOT_ENCRYPTED'));
  });

  test('after a rotation older segments are read with the key before, and new ones need the new alone', async () => {
    const { open, path, keys } = await begun();
    const next = keyRing();
    const log = await open({ current: next.current, earlier: keys.current ? [keys.current] : [] });
    expect(log.records.at(-1)?.body).toBe(text);
    await log.append('after', 1);
    await log.close();
    await expect(open(next)).rejects.toEqual(codeOf('STORE_KEY_UNKNOWN'));
    const [before, after] = [path(2), path(3)].map((file) =>
      readFileSync(file).subarray(8, 16).toString('hex'),
    );
    expect(before).not.toBe(after);
  });

  test('equal records of two segments have nothing in common', async () => {
    const { path } = await written(2, 3, keyRing());
    const [one, two] = [1, 2].map((epoch) =>
      partsOf(path(epoch))
        .slice(2)
        .map((part) => part.toString('hex')),
    );
    expect(one?.some((part) => two?.includes(part))).toBe(false);
  });
});

test('a session whose folder was made and nothing else is begun anew', async () => {
  const { folder, store } = await written(1, 1);
  const session = randomUUID();
  mkdirSync(join(folder, 'sessions', session));
  const log = await store.open(session, 'resume');
  expect([log.epoch, log.records]).toEqual([1, []]);
  await log.close();
  expect(dirname(folder)).not.toBe('');
});

function cut(path: string, bytes: number): void {
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - bytes));
}

function change(path: string, by: (parts: Buffer[]) => readonly (Buffer | undefined)[]): void {
  writeParts(
    path,
    by(partsOf(path)).map((part) => part ?? Buffer.alloc(0)),
  );
}
