import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { testContext } from '../support/cli.ts';
import { failing } from '../support/failing.ts';
import { processorTime } from '../support/processor-time.ts';
import { workspace } from '../support/workspace.ts';
import { storeContract } from './contract.ts';
import { directoryStore, keyRing, noKeys } from './support.ts';

const codeOf = (code: string) => expect.objectContaining({ code });

describe.each([
  { how: 'without a key', keys: noKeys },
  { how: 'with a key', keys: keyRing() },
])('a directory keeps the contract, $how', ({ keys }) => {
  storeContract(() => {
    const folder = workspace();
    return { open: () => directoryStore(testContext(folder), 'sessions', { keys }) };
  }, true);
});

describe('what the machine does', () => {
  /** Files whose writes end after that many bytes, as on a full disk. */
  function fullAfter(folder: string, bytes: number): Context {
    const context = testContext(folder);
    let left = bytes;
    const open: Context['fs']['open'] = async (...call) => {
      const handle = await context.fs.open(...call);
      const writeFile = handle.writeFile.bind(handle);
      handle.writeFile = async (data) => {
        const whole = Buffer.from(data as Uint8Array);
        await writeFile(whole.subarray(0, left));
        left -= whole.length;
        if (left < 0)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      };
      return handle;
    };
    return { ...context, fs: { ...context.fs, open } };
  }

  test('where nobody can say whether another has begun, nothing is acknowledged', async () => {
    const [folder, session] = [workspace(), randomUUID()];
    const context = testContext(folder);
    const fs = failing('lstat', '000002.log', 'EIO')(context.fs);
    const log = await directoryStore({ ...context, fs }, 'sessions')
      .open(session, 'begin')
      .catch((error) => error);
    expect(log).toEqual(codeOf('STORE_UNWRITABLE'));
  });

  test('on a full disk nothing is half acknowledged, and the session goes on when there is space', async () => {
    const folder = workspace();
    const session = randomUUID();
    const log = await directoryStore(fullAfter(folder, 900), 'sessions').open(session, 'begin');
    await log.append('fits', 'x');
    const failed = log.append('too much', noise(2_000));
    await expect(failed).rejects.toEqual(codeOf('STORE_UNWRITABLE'));
    await expect(failed).rejects.toThrow('ENOSPC: no space left on device');
    // Nothing may follow a torn frame.
    await expect(log.append('after', 'z')).rejects.toEqual(codeOf('STORE_UNWRITABLE'));
    expect(log.records.map(({ kind }) => kind)).toEqual(['fits']);
    await log.close();
    const again = await directoryStore(testContext(folder), 'sessions').open(session, 'resume');
    expect(again.records.map(({ kind }) => kind)).toEqual(['fits']);
    expect(again.dropped).toBeGreaterThan(0);
    await again.append('on', 1);
    await again.close();
  });

  test('a log grows to its limit and no further', async () => {
    const store = directoryStore(testContext(workspace()), 'sessions', { mostBytes: 2_000 });
    const session = randomUUID();
    const log = await store.open(session, 'begin');
    await log.append('fits', noise(500));
    await expect(log.append('too much', noise(4_000))).rejects.toEqual(codeOf('STORE_FULL'));
    await log.close();
  });

  test('links are not followed', async () => {
    const folder = workspace({ 'elsewhere/x': '' });
    symlinkSync('elsewhere', join(folder, 'link'));
    await expect(directoryStore(testContext(folder), 'link').open(randomUUID(), 'begin')).rejects.toEqual(
      codeOf('FILE_UNWRITABLE'),
    );
    const session = randomUUID();
    mkdirSync(join(folder, 'sessions'));
    symlinkSync('../elsewhere', join(folder, 'sessions', session));
    const store = directoryStore(testContext(folder), 'sessions');
    await expect(store.open(session, 'resume')).rejects.toEqual(codeOf('STORE_UNREADABLE'));
  });

  test('a segment far beyond the others is refused at once', async () => {
    const folder = workspace();
    const session = randomUUID();
    const store = directoryStore(testContext(folder), 'sessions');
    await (await store.open(session, 'begin')).close();
    writeFileSync(join(folder, 'sessions', session, '999998.log'), 'planted'.repeat(40));
    const spent = processorTime();
    await expect(store.read(session)).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
    await expect(store.open(session, 'resume')).rejects.toEqual(codeOf('SESSION_ROLLED_BACK'));
    expect(spent()).toBeLessThan(10_000);
  });

  test('a segment that is a link is not read', async () => {
    const folder = workspace();
    const session = randomUUID();
    const store = directoryStore(testContext(folder), 'sessions');
    await (await store.open(session, 'begin')).close();
    const path = join(folder, 'sessions', session, '000001.log');
    writeFileSync(`${path}.real`, readFileSync(path));
    rmSync(path);
    symlinkSync(`${path}.real`, path);
    await expect(store.open(session, 'resume')).rejects.toEqual(codeOf('STORE_UNREADABLE'));
  });
});

/** Text that does not become smaller. */
function noise(length: number): string {
  let text = '';
  while (text.length < length) text += randomUUID().replaceAll('-', '');
  return text.slice(0, length);
}
