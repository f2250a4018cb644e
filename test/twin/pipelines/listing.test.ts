import fc from 'fast-check';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { matchesAny } from '../../../components/twin/pipelines/fnmatch.ts';
import { parseExpression } from '../../../components/twin/render/expression.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, workspace, writeFiles } from '../../support/workspace.ts';
import { makePlace } from './harness.ts';
import { opaque, translateCondition } from './listing/dialect.ts';
import { firstFittingRules } from './listing/list.ts';
import { variablesFile } from './listing/variables-file.ts';

/** What breaks files of variables: expansion, quoting, comments, lines, paths, other scripts. */
const nasty = [
  ...[
    '$HOME',
    '$$',
    '${',
    '%A%',
    '"',
    "'",
    '`id`',
    '\\',
    '\\"',
    '\\\\"',
    'a\nb\n',
    '\r\n',
    '\t',
    '#',
    'a # b',
  ],
  ...[
    '/etc/passwd',
    '~/x',
    ': ',
    '- a',
    '{}',
    '[1]',
    'null',
    'true',
    '0x1',
    '=',
    ' =~ /x/ ',
    '" || true || "',
  ],
  ...[
    'ümläut',
    '漢字',
    '🦊',
    '\u2028',
    '\u007f',
    '\ufeff',
    '',
    ' ',
    '\u0085',
    '__proto__',
    '*',
    '&a',
    '!ref',
  ],
];

test('a file of variables is read by gitlab-ci-local as it was written, whatever the values', () => {
  const values = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(values, (value) => {
      // As its src/variables-from-files.ts reads it.
      const read = load(variablesFile({ A: value }), { schema: FAILSAFE_SCHEMA });
      expect(read).toEqual({ A: { type: 'variable', values: { '*': value } } });
    }),
  );
});

interface Asked {
  readonly text: string;
  readonly variables: Readonly<Record<string, string>>;
}

function ours({ text, variables }: Asked): boolean {
  return parseExpression(text)?.holds({ variables }) ?? false;
}

/** Asks gitlab-ci-local which of the conditions hold. */
async function heldByListing(conditions: readonly Asked[]): Promise<readonly boolean[]> {
  const folder = workspace({ 'a.txt': 'a\n' });
  const sha = commitAll(folder);
  const names = new Map<string, string>();
  const nameOf = (value: string) => {
    if (!names.has(value)) names.set(value, `VALUE_${names.size}`);
    return names.get(value) ?? '';
  };
  const probes = conditions.map(({ text, variables }) => ({
    rules: [{ if: translateCondition(text, new Map(Object.entries(variables)), nameOf) }],
  }));
  const variables = Object.fromEntries([...names].map(([value, name]) => [name, opaque(value)]));
  const request = { repository: `${folder}/.git`, sha, files: false, compared: undefined, probes, variables };
  return (await firstFittingRules(testContext(folder), request)).map((index) => index === 0);
}

describe('what our own reader of rules says, gitlab-ci-local says', () => {
  test('values are compared as they are', { timeout: 60_000 }, async () => {
    const pairs = nasty.flatMap((value) => [
      { text: '$A == $B', variables: { A: value, B: value }, holds: true },
      { text: '$A == $B', variables: { A: value, B: `${value}x` }, holds: false },
      { text: '$A =~ /^x$/ || $A != $B', variables: { A: value, B: value }, holds: false },
    ]);
    const expected = pairs.map(({ holds }) => holds);
    expect(pairs.map(ours)).toEqual(expected);
    expect(await heldByListing(pairs)).toEqual(expected);
  });

  test('conditions', { timeout: 60_000 }, async () => {
    const value = fc.constantFrom('$A', '$B', '$UNSET', '"a"', "'main'", '"$A"', 'null');
    const pattern = fc.constantFrom(
      '/^a/',
      '/MAIN/i',
      '/a\\/b/',
      '/^v\\d+$/',
      '/(a|b)$/',
      '$PATTERN',
      '$UNSET',
    );
    const comparison = fc.oneof(
      fc.tuple(value, fc.constantFrom('==', '!='), value),
      fc.tuple(value, fc.constantFrom('=~', '!~'), pattern),
    );
    const text = fc
      .tuple(comparison, fc.constantFrom('&&', '||'), comparison)
      .map(([left, operator, right]) => `(${left.join(' ')}) ${operator} ${right.join(' ')}`);
    const variables = fc.record({
      A: fc.constantFrom('a', 'a/b', 'main', 'v1', '"quoted"', '$B'),
      B: fc.constantFrom('a', 'Main', 'b'),
      PATTERN: fc.constantFrom('/^v\\d+$/', '/a\\/b/', 'no pattern', '/b$/'),
    });
    const samples = fc.sample(fc.record({ text, variables }), { numRuns: 300, seed: 7 });
    expect(await heldByListing(samples)).toEqual(samples.map(ours));
  });

  test('files that are there, and files that have changed', { timeout: 60_000 }, async () => {
    const before = ['a.txt', 'src/deep/er/a.ts', '.hidden/x.yml', 'docs/guide.md', 'Dockerfile', 'a{1}.txt'];
    const folder = workspace(Object.fromEntries(before.map((path) => [path, 'before\n'])));
    const compared = commitAll(folder);
    const changed = ['src/deep/b.ts', 'docs/guide.md', 'new/.dot', 'sp ace/$HOME'];
    writeFiles(folder, Object.fromEntries(changed.map((path) => [path, 'after\n'])));
    const sha = commitAll(folder);
    const globs = [
      ...[
        'a.txt',
        '*.txt',
        '**/*.txt',
        'src/**/*.ts',
        'src/*.ts',
        'src/*/*.ts',
        '*',
        '**/*',
        'docs/*.{md,rst}',
      ],
      ...['.hidden/*', '**/*.yml', 'Docker*', 'dockerfile', 'new/*', '[ds]*/guide.md', 'missing'],
      ...['sp ace/*', 'sp ace/$HOME', 'src/**/er/*', '**/b.ts'],
    ];
    const probes = globs.flatMap((glob) => [
      { rules: [{ exists: [glob.replaceAll('$', '$$$$')] }] },
      { rules: [{ changes: [glob.replaceAll('$', '$$$$')] }] },
    ]);
    const request = { repository: `${folder}/.git`, sha, files: true, compared, probes, variables: {} };
    const found = await firstFittingRules(testContext(folder), request);
    const said = globs.map((glob, at) => [glob, found[2 * at] === 0, found[2 * at + 1] === 0]);
    const expected = globs.map((glob) => [
      glob,
      matchesAny([glob], [...before, ...changed]),
      matchesAny([glob], changed),
    ]);
    expect(expected).toEqual(said);
  });
});

test('two stars go deeper only as a folder of their own, as Ruby has it', () => {
  const holds = (glob: string, path: string) => matchesAny([glob], [path]);
  expect(holds('docs/**/*', 'docs/a/b.md')).toBe(true);
  expect(holds('docs/**/*', 'docs/b.md')).toBe(true);
  expect(holds('docs/**', 'docs/b.md')).toBe(true);
  expect(holds('docs/**', 'docs/a/b.md')).toBe(false);
  expect(holds('docs**/b.md', 'docs/a/b.md')).toBe(false);
  expect(holds('{docs,**/src}/*', 'a/b/src/x')).toBe(true);
  expect(holds('**/b.md', 'b.md')).toBe(true);
  expect(holds('n?w/.dot', 'new/.dot')).toBe(true);
  expect(holds('docs', 'docs/b.md')).toBe(false);
  expect(holds('!a.txt', 'b.txt')).toBe(false);
});

test('a title is a text, whatever is in it', async () => {
  const place = makePlace();
  const text = `job:\n  script: run\n  rules:\n    - if: '$TITLE =~ /^wanted$/'\n`;
  const project = await place.project({ '.gitlab-ci.yml': text });
  const value = '\\" =~ /x/ || (globalThis.process.exit(3)) || "';
  const variables = [{ key: 'TITLE', value, variableType: 'env_var' as const }];
  const created = await place.factory.create(await place.request(project, { source: 'api', variables }));
  expect(created).toMatchObject({ ok: false, filtered: true });
});

test('a job without rules is as one whose rule holds', {
  timeout: 60_000,
}, async () => {
  const jobs = {
    plain: { script: ['run'] },
    manual: { script: ['run'], when: 'manual' },
    always: { script: ['run'], when: 'always' },
    allowed: { script: ['run'], allow_failure: true },
  };
  const ruled = Object.entries(jobs).map(([name, job]) => [name, { ...job, rules: [{ if: '$CI' }] }]);
  const decide = async (config: object) => {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': JSON.stringify(config) });
    const created = await place.factory.create(await place.request(project));
    if (!created.ok) throw new Error(created.messages.join());
    return created.planned.pipeline.jobs.map(({ name, when, allowFailure }) => [name, when, allowFailure]);
  };
  expect(await decide(jobs)).toEqual(await decide(Object.fromEntries(ruled)));
});
