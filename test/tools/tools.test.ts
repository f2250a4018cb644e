import { readdirSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import { tools } from '../../components/tools/registry.gen.ts';
import type { RepositoryReader } from '../../components/tools/types.ts';

function repositoryOf(files: Record<string, string>, diff = ''): RepositoryReader {
  return {
    base: 'a'.repeat(40),
    head: 'b'.repeat(40),
    readFile: async (path) => files[path],
    readDiff: async (path) => (path === undefined || path in files ? diff : ''),
    listFiles: async () => Object.keys(files).sort(),
  };
}

async function run(id: string, input: JsonValue, repository: RepositoryReader) {
  const tool = tools.find((each) => each.id === id);
  if (tool === undefined) throw new Error(`no tool ${id}`);
  expect(new Ajv().validate(tool.parameters as object, input), JSON.stringify(input)).toBe(true);
  return tool.run(input, repository);
}

test('the index is the folder', () => {
  const names = readdirSync('components/tools').filter((name) => !/^(types|text)\.ts$|\.gen\.ts$/.test(name));
  expect(tools.map(({ id }) => `${id}.ts`)).toEqual(names.sort());
});

test.each(tools)(
  '$id takes nothing it does not name, has a strict schema and is harmless to repeat',
  (tool) => {
    const validate = new Ajv({ strict: true }).compile(tool.parameters as object);
    expect(validate({ ref: 'main' })).toBe(false);
    for (const value of [null, [], 'text', 7]) expect(validate(value)).toBe(false);
    expect(tool.replay).toBe('pure');
  },
);

describe('read-diff', () => {
  const diff = `${'+x'.repeat(20)}\n`;
  test('gives the diff', async () => {
    expect(await run('read-diff', {}, repositoryOf({ a: '' }, diff))).toEqual({ text: diff, failed: false });
    expect(await run('read-diff', { path: 'a' }, repositoryOf({ a: '' }, diff))).toEqual({
      text: diff,
      failed: false,
    });
  });
  test('says where nothing is changed', async () => {
    expect((await run('read-diff', {}, repositoryOf({}))).text).toBe('Nothing is changed.');
    expect((await run('read-diff', { path: 'b' }, repositoryOf({}, diff))).text).toBe(
      'Nothing is changed in this file.',
    );
  });
  test('is cut behind a line, and says what to do', async () => {
    const { text } = await run('read-diff', {}, repositoryOf({}, diff.repeat(5_000)));
    expect(text.length).toBeLessThan(48_200);
    const kept = text.slice(0, text.lastIndexOf('\n') + 1);
    expect(kept.endsWith(diff)).toBe(true);
    expect(text.slice(kept.length)).toBe(
      `(cut: ${diff.length * 5_000 - kept.length} more characters; ask for one file by \`path\`)`,
    );
  });
});

describe('read-file', () => {
  const thousand = repositoryOf({
    a: Array.from({ length: 1_000 }, (_, index) => `line ${index + 1}\n`).join(''),
  });
  test.each<[JsonValue, string[], boolean]>([
    [{ path: 'a', from: 2, to: 3 }, ['2: line 2', '3: line 3', '(the file goes on to line 1000)'], false],
    [{ path: 'a', from: 999 }, ['999: line 999', '1000: line 1000'], false],
    [{ path: 'a', from: 1000, to: 9_000 }, ['1000: line 1000'], false],
    [{ path: 'a', from: 1001 }, ['The file has 1000 lines: there is no line from 1001 to 1400.'], true],
    [{ path: 'a', from: 5, to: 4 }, ['The file has 1000 lines: there is no line from 5 to 4.'], true],
    [{ path: 'b' }, ['There is no text file of at most 1 MiB at this path.'], true],
  ])('%j', async (input, lines, failed) => {
    expect(await run('read-file', input, thousand)).toEqual({ text: lines.join('\n'), failed });
  });
  test('gives 400 lines without a range', async () => {
    const lines = (await run('read-file', { path: 'a' }, thousand)).text.split('\n');
    expect([lines.length, lines.at(-2), lines.at(-1)]).toEqual([
      401,
      '400: line 400',
      '(the file goes on to line 1000)',
    ]);
  });
  test('of an empty file gives nothing', async () => {
    expect(await run('read-file', { path: 'a' }, repositoryOf({ a: '' }))).toEqual({
      text: '',
      failed: false,
    });
  });
  test('cuts a line that has no end, never within a character', async () => {
    const { text } = await run(
      'read-file',
      { path: 'a' },
      repositoryOf({ a: `x${'\u{1f600}'.repeat(50_000)}` }),
    );
    expect(text.length).toBeLessThan(48_200);
    expect(text.isWellFormed()).toBe(true);
  });
});

describe('list-files', () => {
  test('gives paths, one a line', async () => {
    const repository = repositoryOf({ 'src/a.ts': '', 'src/b\nc.ts': '', 'd.ts': '' });
    expect((await run('list-files', {}, repository)).text).toBe('3 files\nd.ts\nsrc/a.ts\nsrc/b\\nc.ts');
    expect((await run('list-files', { prefix: 'd' }, repository)).text).toBe('1 file\nd.ts');
    expect((await run('list-files', { prefix: 'none' }, repository)).text).toBe('0 files');
  });
  test('has a limit, and says so', async () => {
    const many = Object.fromEntries(Array.from({ length: 3_000 }, (_, index) => [`f${index}`, '']));
    const { text } = await run('list-files', {}, repositoryOf(many));
    expect(text.split('\n')).toHaveLength(1_002);
    expect(text).toMatch(/^3000 files\n[\s\S]*\n\(and 2000 more; give a longer `prefix`\)$/);
  });
});
