import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { readTextFile, writeFileAtomic } from '../../components/kernel/files.ts';

let cwd = '';

beforeEach(async () => {
  cwd = await fs.mkdtemp(join(tmpdir(), 'pipewright-files-'));
});

afterEach(async () => {
  await fs.rm(cwd, { recursive: true, force: true });
});

function read(path: string, maxBytes = 1_000, changes: Partial<FileSystem> = {}): Promise<string> {
  return readTextFile({ cwd, fs: { ...fs, ...changes } }, path, { maxBytes, shown: `shown/${path}` });
}

function write(path: string, data: string | Uint8Array, changes: Partial<FileSystem> = {}): Promise<void> {
  return writeFileAtomic({ cwd, fs: { ...fs, ...changes } }, path, data);
}

/** Code and message of the failure a promise ends with. */
async function failure(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error('no failure'),
    (reason: unknown) => reason,
  );
  return error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
}

function systemError(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${message}, call '/some/where'`), { code });
}

/** An `open` whose file handles fail in one call. */
function openFailing(method: 'write' | 'sync' | 'read', error: Error): FileSystem['open'] {
  return async (...args) => {
    const handle = await fs.open(...args);
    const name = method === 'write' ? 'writeFile' : method;
    Object.defineProperty(handle, name, { value: () => Promise.reject(error) });
    return handle;
  };
}

describe('readTextFile', () => {
  test('gives the text, byte order mark included, up to the limit', async () => {
    await fs.writeFile(join(cwd, 'a.yaml'), '\ufeffä: 1\n');
    expect(await read('a.yaml', 9)).toBe('\ufeffä: 1\n');
    expect(await failure(read('a.yaml', 8))).toBe(
      'FILE_TOO_LARGE: shown/a.yaml has 9 bytes, and at most 8 are read',
    );
    await fs.writeFile(join(cwd, 'empty'), '');
    expect(await read('empty', 0)).toBe('');
  });

  test('takes absolute paths, and calls a file by its path when nothing else is said', async () => {
    const path = join(cwd, 'missing');
    expect(await failure(readTextFile({ cwd: '/', fs }, path, { maxBytes: 1 }))).toBe(
      `FILE_NOT_FOUND: ${path} does not exist`,
    );
  });

  test('what is no file', async () => {
    await fs.mkdir(join(cwd, 'dir'));
    await fs.writeFile(join(cwd, 'file'), 'x');
    expect(await failure(read('missing'))).toBe('FILE_NOT_FOUND: shown/missing does not exist');
    expect(await failure(read('file/below'))).toBe('FILE_NOT_FOUND: shown/file/below does not exist');
    expect(await failure(read('dir'))).toBe('FILE_IS_DIRECTORY: shown/dir is a directory, expected a file');
    expect(await failure(read('/dev/zero'))).toBe(
      'FILE_UNREADABLE: shown//dev/zero cannot be read: it is no regular file',
    );
  });

  test.skipIf(process.platform === 'win32')('a pipe does not make it wait', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe')]);
    expect(await failure(read('pipe'))).toBe(
      'FILE_UNREADABLE: shown/pipe cannot be read: it is no regular file',
    );
  });

  test('a file that grows, or says it has no bytes, is read to the limit only', async () => {
    await fs.writeFile(join(cwd, 'log'), 'x'.repeat(5_000));
    const stat = (async (path: string) =>
      Object.assign(await fs.stat(path), { size: 0 })) as unknown as FileSystem['stat'];
    expect(await failure(read('log', 100, { stat }))).toBe(
      'FILE_TOO_LARGE: shown/log has 101 bytes, and at most 100 are read',
    );
    expect(await read('log', 5_000, { stat })).toHaveLength(5_000);
  });

  test.each([
    ['bytes that are no UTF-8', Uint8Array.of(0x61, 0xff)],
    ['half of a character', Uint8Array.of(0xe2, 0x82)],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x61, 0x00)],
  ])('%s', async (_, bytes) => {
    await fs.writeFile(join(cwd, 'bin'), bytes);
    expect(await failure(read('bin'))).toBe('FILE_NOT_TEXT: shown/bin is not UTF-8 text');
  });

  test('the system says no', async () => {
    await fs.writeFile(join(cwd, 'a'), 'x');
    const open = (): Promise<never> => Promise.reject(systemError('EACCES', 'permission denied'));
    expect(await failure(read('a', 9, { open }))).toBe(
      'FILE_UNREADABLE: shown/a cannot be read: EACCES: permission denied',
    );
    const broken = openFailing('read', systemError('EIO', 'i/o error'));
    expect(await failure(read('a', 9, { open: broken }))).toBe(
      'FILE_UNREADABLE: shown/a cannot be read: EIO: i/o error',
    );
  });
});

describe('writeFileAtomic', () => {
  test('makes directories, replaces, keeps permissions, leaves nothing beside', async () => {
    await write('a/b/c.json', 'one');
    await fs.chmod(join(cwd, 'a/b/c.json'), 0o640);
    await write('a/b/c.json', Uint8Array.of(0x32));
    expect(await fs.readFile(join(cwd, 'a/b/c.json'), 'utf8')).toBe('2');
    expect((await fs.stat(join(cwd, 'a/b/c.json'))).mode & 0o777).toBe(0o640);
    expect(await fs.readdir(join(cwd, 'a/b'))).toEqual(['c.json']);
  });

  test('replaces a symbolic link instead of following it', async () => {
    await fs.writeFile(join(cwd, 'precious'), 'kept');
    await fs.symlink('precious', join(cwd, 'link'));
    await write('link', 'new');
    expect(await fs.readFile(join(cwd, 'precious'), 'utf8')).toBe('kept');
    expect((await fs.lstat(join(cwd, 'link'))).isFile()).toBe(true);
  });

  test.each<[string, Partial<FileSystem>, string]>([
    [
      'a full disk',
      { open: openFailing('write', systemError('ENOSPC', 'no space left on device')) },
      'ENOSPC: no space left on device',
    ],
    ['a disk that fails', { open: openFailing('sync', systemError('EIO', 'i/o error')) }, 'EIO: i/o error'],
    [
      'a rename that fails',
      { rename: () => Promise.reject(systemError('EIO', 'i/o error')) },
      'EIO: i/o error',
    ],
    [
      'no permission',
      { lstat: (() => Promise.reject(systemError('EACCES', 'permission denied'))) as FileSystem['lstat'] },
      'EACCES: permission denied',
    ],
  ])('%s leaves the old content and nothing beside', async (_, changes, reason) => {
    await write('report.json', 'old');
    expect(await failure(write('report.json', 'new', changes))).toBe(
      `FILE_UNWRITABLE: report.json cannot be written: ${reason}`,
    );
    expect(await fs.readFile(join(cwd, 'report.json'), 'utf8')).toBe('old');
    expect(await fs.readdir(cwd)).toEqual(['report.json']);
  });

  test('a directory at the path stays', async () => {
    await fs.mkdir(join(cwd, 'dir'));
    expect(await failure(write('dir', 'x'))).toMatch(/^FILE_UNWRITABLE: dir cannot be written: E/);
    expect(await fs.readdir(cwd)).toEqual(['dir']);
  });

  test('two writers at once: one of them wins as a whole', async () => {
    const texts = Array.from({ length: 20 }, (_, index) => `${index}`.repeat(50_000));
    await Promise.all(texts.map((text) => write('shared', text)));
    expect(texts).toContain(await fs.readFile(join(cwd, 'shared'), 'utf8'));
    expect(await fs.readdir(cwd)).toEqual(['shared']);
  });
});
