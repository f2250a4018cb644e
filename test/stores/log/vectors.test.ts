import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { renderFrame } from '../../../components/stores/log/frame.ts';
import { type KeyRing, parseKey } from '../../../components/stores/log/keys.ts';
import { genesis, parsePreamble } from '../../../components/stores/log/preamble.ts';
import { readLog } from '../../../components/stores/log/read.ts';
import { createSealer } from '../../../components/stores/log/seal.ts';
import { beginWriting } from '../../../components/stores/log/writer.ts';
import { noKeys } from '../support.ts';

const session = '8f14e45f-ceea-467f-9575-6e0c4f1d2b3a';
const time = 1_790_000_000_000;
const secret = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');
const key: KeyRing = { current: parseKey('KEY', secret), earlier: [] };
const blocks = [...readFileSync('docs/session-log.md', 'utf8').matchAll(/```\n([0-9a-f\n]+)```/g)].map(
  ([, text = '']) => Buffer.from(text.replaceAll('\n', ''), 'hex'),
);

/** What our writer makes of it, at fixed times and with a fixed salt. */
async function write({ current }: KeyRing): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let now = time;
  const claim = {
    ...{ epoch: 1, segments: [], mostBytes: 10_000 },
    append: async (bytes: Uint8Array) => void parts.push(bytes),
    drop: undefined,
    close: async () => undefined,
  };
  const nothing = {
    ...{
      snapshot: undefined,
      snapshotEpoch: undefined,
      records: [],
      sequence: 0,
      lengths: [],
      pruned: 0,
      dropped: 0,
    },
    ...{ tag: genesis(session), sizes: { snapshot: 0, since: 0 } },
  };
  const salt = Buffer.alloc(32, 0x5a);
  const writer = await beginWriting({ session, claim, key: current, salt, now: () => now++ }, nothing);
  await writer.append('a', 1, false);
  await writer.append('snapshot', { n: 1 }, true);
  return Buffer.concat(parts);
}

test.each([
  { how: 'without a key', ring: noKeys, block: 0 },
  { how: 'with one', ring: key, block: 1 },
])('the page shows what is written and read, $how', async ({ ring, block }) => {
  const bytes = blocks[block];
  expect((await write(ring)).toString('hex')).toBe(bytes?.toString('hex'));
  const log = { session, segments: [{ epoch: 1, name: 'vector', bytes }], ring };
  expect(readLog(log, undefined, 'all')).toMatchObject({
    records: [
      { sequence: 0, epoch: 1, kind: 'a', at: time, body: 1 },
      { sequence: 1, epoch: 1, kind: 'snapshot', at: time + 1, body: { n: 1 } },
    ],
    sequence: 2,
    dropped: 0,
  });
});

test('a record that another program compressed is read', () => {
  const bytes = blocks[1] ?? Buffer.alloc(0);
  const preamble = parsePreamble(bytes);
  if (preamble === undefined || preamble === 'newer') throw new Error('the vector has no preamble');
  // `zstd -19` of {"kind":"b","at":1,"body":"aaa…"} with 100 letters, after the byte of flags.
  const packed = Buffer.from(
    '0128b52ffd2081250100e2c1060cd03d1c8391e72d26c92be134fdb97c2be910729dc3e9f242bb73010080143801',
    'hex',
  );
  const previous = bytes.subarray(-16);
  const sealed = createSealer(preamble, key.current).seal({ counter: 3, sequence: 2, previous }, packed);
  const longer = Buffer.concat([bytes, renderFrame(sealed, previous)]);
  const log = { session, segments: [{ epoch: 1, name: 'vector', bytes: longer }], ring: key };
  expect(readLog(log)).toMatchObject({
    snapshot: { n: 1 },
    records: [{ sequence: 2, epoch: 1, kind: 'b', at: 1, body: 'a'.repeat(100) }],
  });
});

test('what a version to come has written is left alone', () => {
  const bytes = Buffer.from(blocks[1] ?? []);
  bytes.writeUInt8(3, 4);
  const read = () => readLog({ session, segments: [{ epoch: 1, name: 'vector', bytes }], ring: key });
  expect(read).toThrow(expect.objectContaining({ code: 'STORE_NEWER' }));
});
