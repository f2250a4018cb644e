import { randomUUID } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { createArtifactStore } from '../../components/stores/gitlab-artifact.ts';
import type { KeyRing } from '../../components/stores/log/keys.ts';
import { createSessionStore } from '../../components/stores/log/open.ts';
import type { SessionStore } from '../../components/stores/types.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { directoryStore, keyRing } from './support.ts';

const codeOf = (code: string) => expect.objectContaining({ code });
const folder = '.pipewright/sessions';

/** A session of three epochs as a job leaves it, by names of the archive. */
async function left(keys: KeyRing) {
  const cwd = workspace();
  const session = randomUUID();
  for (const epoch of [1, 2, 3]) {
    const log = await directoryStore(testContext(cwd), folder, { keys }).open(
      session,
      epoch === 1 ? 'begin' : 'resume',
    );
    await log.append('step', epoch);
    await log.close();
  }
  const names = globSync(`${folder}/*/*.log`, { cwd });
  const files = Object.fromEntries(names.map((name) => [name, readFileSync(join(cwd, name))]));
  return { session, files, nameOf: (epoch: number) => `${folder}/${session}/00000${epoch}.log` };
}

function openArchive(
  archive: Uint8Array | undefined,
  keys: KeyRing,
  { hint = '', mostBytes }: { readonly hint?: string; readonly mostBytes?: number } = {},
): SessionStore {
  const api = { archive: async () => archive, shown: 'artifacts of job 7', hint };
  const limits = mostBytes === undefined ? {} : { mostBytes };
  return createSessionStore(
    testContext('/'),
    createArtifactStore(api, './.pipewright//sessions/', limits),
    keys,
  );
}

describe.each([0, 6] as const)('an archive of level %d', (level) => {
  test('is listed and read, among whatever else lies in it', async () => {
    const keys = keyRing();
    const { session, files } = await left(keys);
    const others = {
      ...{ 'src/a.ts': strToU8('x'), [`${folder}/${session}/notes.txt`]: strToU8('x') },
      ...{
        [`${folder}/not-a-session/000001.log`]: strToU8('x'),
        [`../${folder}/x/000001.log`]: strToU8('x'),
      },
    };
    const store = openArchive(zipSync({ ...others, ...files }, { level }), keys);
    expect(await store.list()).toEqual([session]);
    expect((await store.read(session)).records.map(({ body }) => body)).toEqual([1, 2, 3]);
    expect(store.guarantee).toContain('artifacts of job 7 survive the loss of the runner until they expire');
  });
});

test('nothing is written to it', async () => {
  const keys = keyRing();
  const { session, files } = await left(keys);
  const store = openArchive(zipSync(files), keys);
  for (const how of ['begin', 'resume'] as const)
    await expect(store.open(session, how)).rejects.toEqual(codeOf('STORE_READ_ONLY'));
  await expect(store.prune(session)).rejects.toEqual(codeOf('STORE_READ_ONLY'));
});

test('what is not there is told', async () => {
  const keys = keyRing();
  const { session, files } = await left(keys);
  const store = openArchive(zipSync(files), keys);
  await expect(store.read(randomUUID())).rejects.toEqual(codeOf('STORE_SESSION_MISSING'));
  await expect(openArchive(undefined, keys).list()).rejects.toEqual(codeOf('STORE_ARTIFACTS_MISSING'));
  await expect(openArchive(undefined, keys, { hint: 'ask' }).read(session)).rejects.toThrow('see them; ask');
  await expect(openArchive(zipSync(files), keys, { mostBytes: 100 }).read(session)).rejects.toEqual(
    codeOf('STORE_FULL'),
  );
});

describe('what somebody has made of it', () => {
  test('a segment that was taken out, or is another, is found', async () => {
    const keys = keyRing();
    const { session, files, nameOf } = await left(keys);
    const { [nameOf(2)]: second, ...without } = files;
    for (const changed of [without, { ...files, [nameOf(3)]: second ?? new Uint8Array() }])
      await expect(openArchive(zipSync(changed), keys).read(session)).rejects.toEqual(
        codeOf('SESSION_ROLLED_BACK'),
      );
  });

  test.each<[string, (zip: Buffer) => Uint8Array, string]>([
    ['no archive', () => strToU8('<html>Sign in</html>'.repeat(9)), 'damaged'],
    ['half of one', (zip) => zip.subarray(0, zip.length >> 1), 'damaged'],
    ['one that says it has 4294967295 files', endless, 'more than 250000 files'],
  ])('%s', async (_, change, words) => {
    const keys = keyRing();
    const { session, files } = await left(keys);
    const read = openArchive(change(Buffer.from(zipSync(files, { level: 0 }))), keys).read(session);
    await expect(read).rejects.toEqual(codeOf('STORE_UNREADABLE'));
    await expect(read).rejects.toThrow(words);
  });

  test('a segment far beyond the others', async () => {
    const keys = keyRing();
    const { session, files, nameOf } = await left(keys);
    const far = { ...files, [nameOf(1).replace('000001', '099999')]: strToU8('x') };
    await expect(openArchive(zipSync(far), keys).read(session)).rejects.toEqual(
      codeOf('SESSION_ROLLED_BACK'),
    );
  });

  test('a file that is there twice', async () => {
    const keys = keyRing();
    const { session, files } = await left(keys);
    const zip = Buffer.from(zipSync(files, { level: 0 }));
    const [from, to] = ['000003.log', '000002.log'].map((name) => Buffer.from(name));
    for (let at = zip.indexOf(from ?? ''); at >= 0; at = zip.indexOf(from ?? '', at + 1)) to?.copy(zip, at);
    await expect(openArchive(zip, keys).read(session)).rejects.toThrow('twice');
  });

  test('one that unpacks to more than it says is cut there, and one that says too much is not unpacked', async () => {
    const keys = keyRing();
    const { session, files, nameOf } = await left(keys);
    const bomb = { ...files, [nameOf(3)]: new Uint8Array(5_000_000) };
    const zip = Buffer.from(zipSync(bomb, { level: 9 }));
    expect(zip.length).toBeLessThan(20_000);
    await expect(openArchive(zip, keys, { mostBytes: 100_000 }).read(session)).rejects.toEqual(
      codeOf('STORE_FULL'),
    );
    const entry = zip.lastIndexOf(nameOf(3));
    // In the directory the size unpacked stands 22 bytes before the name.
    const lying = patched(zip, entry - 22, 100);
    await expect(openArchive(lying, keys, { mostBytes: 100_000 }).read(session)).rejects.toEqual(
      codeOf('SESSION_ROLLED_BACK'),
    );
  });
});

function patched(zip: Buffer, at: number, value: number): Buffer {
  const changed = Buffer.from(zip);
  changed.writeUInt32LE(value, at);
  return changed;
}

/** The end of a directory in its long form (zip64), which begins at byte 0 and goes on for ever. */
function endless(): Buffer {
  const [end, locator, last] = [Buffer.alloc(56), Buffer.alloc(20), Buffer.alloc(22)];
  end.writeUInt32LE(0x06064b50);
  end.writeUInt32LE(0xffffffff, 32);
  locator.writeUInt32LE(0x07064b50);
  last.writeUInt32LE(0x06054b50);
  last.writeUInt16LE(1, 8);
  return Buffer.concat([end, locator, last]);
}
