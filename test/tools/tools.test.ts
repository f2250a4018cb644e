import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../components/kernel/canonical.ts';
import { leftOut, ossaTypes } from '../../components/tools/declared/ossa-types.ts';
import { createPathFilter } from '../../components/tools/matching/glob.ts';
import { tools } from '../../components/tools/registry.gen.ts';
import type { RepositoryReader } from '../../components/tools/types.ts';
import { processorTime } from '../support/processor-time.ts';
import { repositoryOf } from './repository.ts';

async function run(id: string, input: JsonValue, repository: RepositoryReader) {
  const tool = tools.find((each) => each.id === id);
  if (tool === undefined) throw new Error(`no tool ${id}`);
  expect(new Ajv().validate(tool.parameters as object, input), JSON.stringify(input)).toBe(true);
  return tool.run(input, { repository });
}

test('the index is the folder', () => {
  const names = readdirSync('components/tools').filter(
    (name) => name.endsWith('.ts') && !/^(types|text)\.ts$|\.gen\.ts$/.test(name),
  );
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
    expect(await run('read-diff', {}, repositoryOf({ a: '' }, { diff }))).toEqual({
      text: diff,
      failed: false,
    });
    expect(await run('read-diff', { path: 'a' }, repositoryOf({ a: '' }, { diff }))).toEqual({
      text: diff,
      failed: false,
    });
  });
  test('says where nothing is changed', async () => {
    expect((await run('read-diff', {}, repositoryOf({}))).text).toBe('Nothing is changed.');
    expect((await run('read-diff', { path: 'b' }, repositoryOf({}, { diff }))).text).toBe(
      'Nothing is changed in this file.',
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
    [{ path: 'b' }, ['There is no file at this path.'], true],
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

describe('search', () => {
  const shop = repositoryOf({
    'src/a.ts': 'const vat = 19;\nconst net = 1;\n',
    'src/deep/b.ts': '// VAT\nlet vat;\n',
    'docs/vat.md': 'The vat.\n',
    'logo.png': undefined,
  });
  test.each<[JsonValue, string[]]>([
    [
      { pattern: 'vat' },
      [
        '3 lines in 3 files',
        'docs/vat.md:1: The vat.',
        'src/a.ts:1: const vat = 19;',
        'src/deep/b.ts:2: let vat;',
        '(1 file passed over: no text, or larger than 1 MiB)',
      ],
    ],
    [
      { pattern: '^\\W*vat', regex: true, ignore_case: true },
      ['1 line in 1 file', 'src/deep/b.ts:1: // VAT', '(1 file passed over: no text, or larger than 1 MiB)'],
    ],
    [{ pattern: 'vat', paths: ['src/*.ts'] }, ['1 line in 1 file', 'src/a.ts:1: const vat = 19;']],
    [
      { pattern: 'vat', paths: ['src/**/*.ts'] },
      ['2 lines in 2 files', 'src/a.ts:1: const vat = 19;', 'src/deep/b.ts:2: let vat;'],
    ],
    [{ pattern: 'VAT', paths: ['docs/', 'src/a.ts'] }, ['0 lines in 0 files']],
    [{ pattern: '.*', paths: ['docs/'] }, ['0 lines in 0 files']],
  ])('%j', async (input, lines) => {
    expect(await run('search', input, shop)).toEqual({ text: lines.join('\n'), failed: false });
  });

  test.each([
    ['(', /^The pattern is no expression that is searched for: /],
    ['(a?){500}a{500}', /it has \d+ steps, at most 500 are taken/],
    ['(?=a)', /no expression/],
  ])('refuses %s', async (pattern, words) => {
    const answer = await run('search', { pattern, regex: true }, shop);
    expect(answer.failed).toBe(true);
    expect(answer.text).toMatch(words);
  });

  test('ends where an expression has cost enough, and says so', { timeout: 60_000 }, async () => {
    const line = `${'a'.repeat(9_999)}\n`;
    const files = Object.fromEntries(
      Array.from({ length: 60 }, (_, index) => [`f${index}`, line.repeat(10)]),
    );
    const { text } = await run('search', { pattern: '(a?){90}b', regex: true }, repositoryOf(files));
    expect(text).toMatch(/^0 lines in 0 files\n\(\d+ files of 60 not looked at: a search ends here;/);
  });

  test('shows the beginning of long lines, and looks no further in the longest', async () => {
    const files = { a: `x${'y'.repeat(500)}`, b: `${'z'.repeat(10_000)}x` };
    const { text } = await run('search', { pattern: 'x' }, repositoryOf(files));
    expect(text).toBe(
      `1 line in 1 file\na:1: x${'y'.repeat(299)}…\n(of lines with more than 10000 characters the first of them were looked at)`,
    );
  });

  test('has a limit of lines', async () => {
    const { text } = await run('search', { pattern: 'a' }, repositoryOf({ a: 'a\n'.repeat(1_000) }));
    expect(text.split('\n')).toHaveLength(202);
    expect(text).toMatch(/^more than 200 lines in 1 file\n[\s\S]*\(there are more: ask for something rarer/);
  });
});

test('a glob is matched in linear time, and stops at slashes', async () => {
  const cases: [string, string, boolean][] = [
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/b/a.ts', false],
    ['**/a.ts', 'a.ts', true],
    ['**/a.ts', 'src/b/a.ts', true],
    ['src/**', 'src/b/a.ts', true],
    ['src/', 'src/b/a.ts', true],
    ['a?c', 'abc', true],
    ['a?c', 'a/c', false],
    ['[a].ts', '[a].ts', true],
    ['[a].ts', 'a.ts', false],
    ['(a|b)+', 'a', false],
  ];
  for (const [glob, path, matches] of cases)
    expect((await createPathFilter([glob]))(path), glob).toBe(matches);
  const bomb = await createPathFilter([`${'*a'.repeat(60)}b`]);
  const spent = processorTime();
  expect(bomb('a'.repeat(4_000))).toBe(false);
  expect(spent()).toBeLessThan(2_000);
});

describe('log and blame', () => {
  const commit = { commit: 'c'.repeat(40), author: 'Ann\nBob', day: '2026-01-02', subject: 'Raise\u2028VAT' };
  const entries = [commit, { ...commit, commit: 'd'.repeat(40), subject: 'x'.repeat(500) }];
  test('a line a commit, and where the history is cut', async () => {
    const whole = repositoryOf({}, { readLog: async () => ({ entries, isWhole: true }) });
    expect((await run('log', {}, whole)).text).toBe(
      `cccccccccccc 2026-01-02 Ann\\nBob: Raise\u2028VAT\ndddddddddddd 2026-01-02 Ann\\nBob: ${'x'.repeat(200)}`,
    );
    const shallow = repositoryOf({}, { readLog: async () => ({ entries, isWhole: false }) });
    expect((await run('log', {}, shallow)).text).toMatch(/\(this clone holds no older commits\)$/);
    expect((await run('log', { most: 2 }, shallow)).text).toMatch(/\(there may be more; ask by `most`\)$/);
  });
  test('no commit of a path says what the path is', async () => {
    expect(await run('log', { path: 'none/' }, repositoryOf({}))).toEqual({
      text: 'No commit has changed this path. There is no file at this path.',
      failed: true,
    });
  });
  test('blame names the commits below the lines', async () => {
    const readBlame = async (_path: string, from: number, to: number) => ({
      entries: [from, to].map((line) => ({ line, text: `line ${line}`, commit })),
      isWhole: false,
    });
    const repository = repositoryOf({ a: 'x\n'.repeat(5) }, { readBlame });
    expect((await run('blame', { path: 'a', from: 4, to: 9 }, repository)).text.split('\n')).toEqual([
      '4 cccccccccccc 2026-01-02 Ann\\nBob: line 4',
      '5 cccccccccccc 2026-01-02 Ann\\nBob: line 5',
      '',
      'cccccccccccc: Raise\u2028VAT',
      '(this clone is shallow: its oldest commit stands for all before it)',
    ]);
    for (const [input, words] of [
      [{ path: 'a', from: 6 }, 'The file has 5 lines: there is no line from 6 to 6.'],
      [{ path: 'a', from: 1, to: 201 }, 'At most 200 lines are asked for at once.'],
      [{ path: 'b', from: 1 }, 'There is no file at this path.'],
    ] as const)
      expect(await run('blame', input, repository)).toEqual({ text: words, failed: true });
  });
});

test('each type of a tool that OSSA has is said to be something here', () => {
  const types = new Set<string>();
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { description, enum: values } = value as { description?: unknown; enum?: readonly string[] };
    if (String(description).startsWith('How the tool is reached'))
      for (const each of values ?? []) types.add(each);
    for (const item of Object.values(value)) collect(item);
  };
  for (const file of ['tool', 'v0.2/tool'])
    collect(JSON.parse(readFileSync(`schemas/ossa/parts/${file}.schema.json`, 'utf8')));
  expect([...types].sort()).toEqual([...Object.keys(ossaTypes), ...Object.keys(leftOut)].sort());
});
