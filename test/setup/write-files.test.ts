import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import { writeFiles } from '../../components/setup/write-files.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { readAt } from './trusted-setup.ts';

const files = [
  { path: 'a.yml', text: 'a: 1\n' },
  { path: 'below/b.yml', text: 'b: 2\n' },
];

async function refusal(written: Promise<unknown>): Promise<Failure> {
  const error = await written.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`no failure: ${error}`);
  return error;
}

test('all are written, and the second time none', async () => {
  const cwd = workspace();
  const context = testContext(cwd);
  const states = (written: boolean) => files.map(({ path }) => ({ path, written }));
  expect(await writeFiles(context, 'new/folder', files)).toEqual(states(true));
  expect(readAt(cwd, 'new/folder/below/b.yml')).toBe('b: 2\n');
  expect(await writeFiles(context, 'new/folder', files)).toEqual(states(false));
  expect(await writeFiles(context, join(cwd, 'new/folder'), files)).toEqual(states(false));
});

describe('nothing is written, and every conflict told, where', () => {
  test.each<[string, (cwd: string) => void, readonly RegExp[]]>([
    [
      'a file has other content',
      (cwd) => writeFileSync(join(cwd, 'a.yml'), 'mine\n'),
      [/a\.yml has other content/],
    ],
    [
      'two have',
      (cwd) => {
        writeFileSync(join(cwd, 'a.yml'), 'mine\n');
        mkdirSync(join(cwd, 'below'));
        writeFileSync(join(cwd, 'below/b.yml'), '');
      },
      [/a\.yml has other content/, /below\/b\.yml has other content/],
    ],
    ['a folder is a file', (cwd) => writeFileSync(join(cwd, 'below'), ''), [/below is no folder/]],
    ['a file is a folder', (cwd) => mkdirSync(join(cwd, 'a.yml')), [/a\.yml is a directory/]],
    [
      'a file is a link',
      (cwd) => symlinkSync('/dev/null', join(cwd, 'a.yml')),
      [/a\.yml is a symbolic link/],
    ],
    [
      'a file is a link to nowhere',
      (cwd) => symlinkSync('x', join(cwd, 'a.yml')),
      [/a\.yml is a symbolic link/],
    ],
    [
      'a folder is a link',
      (cwd) => symlinkSync('../elsewhere', join(cwd, 'below')),
      [/below is a symbolic link/],
    ],
    [
      'a file is no text',
      (cwd) => writeFileSync(join(cwd, 'a.yml'), Buffer.from([0xff])),
      [/a\.yml is not UTF-8/],
    ],
  ])('%s', async (_, prepare, words) => {
    for (const absolute of [false, true]) {
      const cwd = workspace({ 'in/.keep': '', 'elsewhere/.keep': '' });
      const folder = join(cwd, 'in');
      prepare(folder);
      const before = readdirSync(cwd, { recursive: true });
      const failure = await refusal(writeFiles(testContext(cwd), absolute ? folder : 'in', files));
      expect(failure.code).toBe('SETUP_CONFLICT');
      for (const word of words) expect(failure.message).toMatch(word);
      expect(readdirSync(cwd, { recursive: true })).toEqual(before);
    }
  });

  test('the folder itself is a link', async () => {
    const cwd = workspace({ 'real/.keep': '' });
    symlinkSync('real', join(cwd, 'in'));
    expect((await refusal(writeFiles(testContext(cwd), 'in', files))).code).toBe('FILE_UNWRITABLE');
  });
});

test('a disk that is full in the middle leaves nothing', async () => {
  const cwd = workspace();
  const context = testContext(cwd);
  const rename: Context['fs']['rename'] = async (from, to) => {
    if (String(to).endsWith('b.yml')) throw Object.assign(new Error('ENOSPC: planted'), { code: 'ENOSPC' });
    return context.fs.rename(from, to);
  };
  const failure = await refusal(writeFiles({ cwd, fs: { ...context.fs, rename } }, '.', files));
  expect(failure.code).toBe('FILE_UNWRITABLE');
  expect(existsSync(join(cwd, 'a.yml'))).toBe(false);
  expect(readdirSync(join(cwd, 'below'))).toEqual([]);
});
