import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { createDirectoryStore } from '../../components/stores/directory.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { storeContract } from './contract.ts';

const codeOf = (code: string) => expect.objectContaining({ code });

describe('a directory keeps the contract', () => {
  storeContract(() => {
    const folder = workspace();
    return { open: () => createDirectoryStore(testContext(folder), 'sessions') };
  });
});

async function written(epochs: number, records = 3) {
  const folder = workspace();
  const session = randomUUID();
  const store = createDirectoryStore(testContext(folder), 'sessions');
  const path = (epoch: number) => join(folder, 'sessions', session, `00000${epoch}.log`);
  for (let epoch = 1; epoch <= epochs; epoch += 1) {
    const log = await store.open(session, epoch === 1 ? 'begin' : 'resume');
    for (let index = 0; index < records; index += 1)
      await log.append('step', { epoch, index, text: 'ä\u{1f600}' });
    await log.close();
  }
  return { folder, session, store, path };
}

describe('what a crash leaves', () => {
  test('cut anywhere, the last segment gives every whole record, and the next epoch goes on from there', async () => {
    const { session, store, path, folder } = await written(2);
    const whole = readFileSync(path(2));
    for (let length = 0; length <= whole.length; length += 1) {
      writeFileSync(path(2), whole.subarray(0, length));
      const lines = whole.subarray(0, length).toString('latin1').split('\n').length - 1;
      const log = await store.open(session, 'resume');
      expect(log.records.length).toBe(3 + Math.max(0, lines - 1));
      expect(log.dropped).toBe(length - (whole.subarray(0, length).lastIndexOf(0x0a) + 1));
      await log.append('on', length);
      await log.close();
      const again = await store.open(session, 'resume');
      expect(again.records.at(-1)?.body).toBe(length);
      expect(again.dropped).toBe(0);
      await again.close();
      for (const epoch of [3, 4]) rmSync(path(epoch));
    }
    expect(folder).not.toBe('');
  });

  test('what a writer that was given up writes later counts for nothing', async () => {
    const { session, store, path } = await written(1);
    const log = await store.open(session, 'resume');
    await log.append('on', 1);
    await log.close();
    appendFileSync(path(1), '{"torn":');
    appendFileSync(path(1), 'garbage}\n{}\n');
    const again = await store.open(session, 'resume');
    expect(again.records.map(({ kind }) => kind)).toEqual(['step', 'step', 'step', 'on']);
    await again.close();
  });
});

describe('what is not as it was written stops', () => {
  test.each<[string, (path: (epoch: number) => string) => void, string, number]>([
    ['a segment is gone', (path) => rmSync(path(1)), '000001.log', 1],
    ['an acknowledged tail is gone', (path) => cut(path(1), 10), '000001.log', 1],
    ['an acknowledged record is gone', (path) => dropLine(path(1), 3), '000001.log', 3],
    ['a record in the middle is gone', (path) => dropLine(path(2), 2), '000002.log', 2],
    ['two records are swapped', (path) => swapLines(path(2)), '000002.log', 2],
    ['a line is not UTF-8', (path) => replaceIn(path(2), 'step', 'st\xffp'), '000002.log', 2],
    ['the last line is no JSON', (path) => appendFileSync(path(2), 'nonsense\n'), '000002.log', 5],
    ['a line is empty', (path) => appendFileSync(path(2), '\n'), '000002.log', 5],
    ['a line is a list', (path) => appendFileSync(path(2), '[]\n'), '000002.log', 5],
    ['a line nests too deep', (path) => appendFileSync(path(2), deepLine()), '000002.log', 5],
    [
      'the log of another format',
      (path) => replaceIn(path(2), 'session-log/v1', 'session-log/v9'),
      '000002.log',
      1,
    ],
  ])('%s', async (_, damage, file, line) => {
    const { session, store, path } = await written(2);
    damage(path);
    const opened = store.open(session, 'resume');
    await expect(opened).rejects.toEqual(codeOf('STORE_DAMAGED'));
    await expect(opened).rejects.toThrow(`${file}:${line}: `);
  });

  test('a log of another session in its place', async () => {
    const { session, store, folder } = await written(1);
    const other = randomUUID();
    mkdirSync(join(folder, 'sessions', other));
    writeFileSync(
      join(folder, 'sessions', other, '000001.log'),
      readFileSync(join(folder, 'sessions', session, '000001.log')),
    );
    await expect(store.open(other, 'resume')).rejects.toEqual(codeOf('STORE_DAMAGED'));
  });

  test('any changed byte of a whole line is found', async () => {
    const { session, store, path } = await written(2, 2);
    for (const epoch of [1, 2]) {
      const whole = readFileSync(path(epoch));
      await fc.assert(
        fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const changed = Buffer.from(whole);
          changed[at] = (changed[at] ?? 0) ^ change;
          writeFileSync(path(epoch), changed);
          const log = await store.open(session, 'resume').catch((error: unknown) => error);
          rmSync(path(3));
          // The last line feed gone makes the last line a torn one, which nobody acknowledged.
          if (epoch === 2 && at === whole.length - 1)
            expect(log).toMatchObject({ dropped: expect.any(Number) });
          else expect(log).toEqual(codeOf('STORE_DAMAGED'));
          if (log !== null && typeof log === 'object' && 'close' in log)
            await (log.close as () => Promise<void>)();
        }),
        { numRuns: 120 },
      );
      writeFileSync(path(epoch), whole);
    }
  });
});

function cut(path: string, bytes: number): void {
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - bytes));
}

function dropLine(path: string, line: number): void {
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.toSpliced(line - 1, 1).join('\n'));
}

function swapLines(path: string): void {
  const [header = '', first = '', second = '', ...rest] = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, [header, second, first, ...rest].join('\n'));
}

function replaceIn(path: string, from: string, to: string): void {
  writeFileSync(path, readFileSync(path, 'latin1').replace(from, to), 'latin1');
}

function deepLine(): string {
  return `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}\n`;
}

describe('what the machine does', () => {
  /** Files whose writes end after that many bytes, as on a full disk. */
  function fullAfter(folder: string, bytes: number): Context {
    const context = testContext(folder);
    let left = bytes;
    const open: Context['fs']['open'] = async (...call) => {
      const handle = await context.fs.open(...call);
      const writeFile = handle.writeFile.bind(handle);
      handle.writeFile = async (data) => {
        const text = Buffer.from(data as string);
        await writeFile(text.subarray(0, left));
        left -= text.length;
        if (left < 0)
          throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      };
      return handle;
    };
    return { ...context, fs: { ...context.fs, open } };
  }

  test('on a full disk nothing is half acknowledged, and the session goes on when there is space', async () => {
    const folder = workspace();
    const session = randomUUID();
    const log = await createDirectoryStore(fullAfter(folder, 900), 'sessions').open(session, 'begin');
    await log.append('fits', 'x');
    const failed = log.append('too much', 'y'.repeat(2_000));
    await expect(failed).rejects.toEqual(codeOf('STORE_UNWRITABLE'));
    await expect(failed).rejects.toThrow('ENOSPC: no space left on device');
    // Nothing may follow a torn line.
    await expect(log.append('after', 'z')).rejects.toEqual(codeOf('STORE_UNWRITABLE'));
    expect(log.records.map(({ kind }) => kind)).toEqual(['fits']);
    await log.close();
    const again = await createDirectoryStore(testContext(folder), 'sessions').open(session, 'resume');
    expect(again.records.map(({ kind }) => kind)).toEqual(['fits']);
    expect(again.dropped).toBeGreaterThan(0);
    await again.append('on', 1);
    await again.close();
  });

  test('a log grows to its limit and no further', async () => {
    const store = createDirectoryStore(testContext(workspace()), 'sessions', { mostBytes: 2_000 });
    const session = randomUUID();
    const log = await store.open(session, 'begin');
    await log.append('fits', 'x'.repeat(500));
    await expect(log.append('too much', 'y'.repeat(2_000))).rejects.toEqual(codeOf('STORE_FULL'));
    await log.close();
  });

  test('links are not followed', async () => {
    const folder = workspace({ 'elsewhere/x': '' });
    symlinkSync('elsewhere', join(folder, 'link'));
    await expect(
      createDirectoryStore(testContext(folder), 'link').open(randomUUID(), 'begin'),
    ).rejects.toEqual(codeOf('FILE_UNWRITABLE'));
    const session = randomUUID();
    mkdirSync(join(folder, 'sessions'));
    symlinkSync('../elsewhere', join(folder, 'sessions', session));
    const store = createDirectoryStore(testContext(folder), 'sessions');
    await expect(store.open(session, 'resume')).rejects.toEqual(codeOf('STORE_UNREADABLE'));
  });

  test('a segment that is a link is not read', async () => {
    const { session, store, path } = await written(1);
    const text = readFileSync(path(1));
    rmSync(path(1));
    writeFileSync(`${path(1)}.real`, text);
    symlinkSync(`${path(1)}.real`, path(1));
    await expect(store.open(session, 'resume')).rejects.toEqual(codeOf('STORE_UNREADABLE'));
  });
});
