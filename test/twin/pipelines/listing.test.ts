import { createRequire } from 'node:module';
import fc from 'fast-check';
import { FAILSAFE_SCHEMA, load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { opaque, translateCondition } from '../../../components/twin/pipelines/listing/dialect.ts';
import { firstFittingRules } from '../../../components/twin/pipelines/listing/list.ts';
import { variablesFile } from '../../../components/twin/pipelines/listing/variables-file.ts';
import { parseExpression } from '../../../components/twin/render/expression.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, workspace } from '../../support/workspace.ts';
import { makePlace } from './harness.ts';

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

/** Asks gitlab-ci-local which of the conditions hold. */
async function heldByListing(
  conditions: readonly { readonly text: string; readonly variables: Readonly<Record<string, string>> }[],
): Promise<readonly boolean[]> {
  const folder = workspace({ 'a.txt': 'a\n' });
  const sha = commitAll(folder);
  const context = testContext(folder);
  const machine = {
    node: process.execPath,
    gitlabCiLocal: createRequire(import.meta.url).resolve('gitlab-ci-local'),
    temporary: workspace(),
  };
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
  return (await firstFittingRules(context, machine, request)).map((index) => index === 0);
}

describe('conditions mean the same to gitlab-ci-local as to GitLab', () => {
  test('values are compared as they are', { timeout: 60_000 }, async () => {
    const pairs = nasty.flatMap((value) => [
      { text: '$A == $B', variables: { A: value, B: value }, holds: true },
      { text: '$A == $B', variables: { A: value, B: `${value}x` }, holds: false },
      { text: '$A =~ /^x$/ || $A != $B', variables: { A: value, B: value }, holds: false },
    ]);
    expect(await heldByListing(pairs)).toEqual(pairs.map(({ holds }) => holds));
  });

  test('our own reader of expressions agrees with it', { timeout: 60_000 }, async () => {
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
    const samples = fc.sample(fc.record({ text, variables }), { numRuns: 120, seed: 7 });
    const ours = samples.map(({ text: condition, variables: values }) =>
      parseExpression(condition)?.holds({ variables: values }),
    );
    expect(await heldByListing(samples)).toEqual(ours);
  });

  test('a title cannot break out of its quotes', { timeout: 60_000 }, async () => {
    const place = makePlace();
    const text = `job:\n  script: run\n  rules:\n    - if: '$TITLE =~ /^wanted$/'\n`;
    const project = await place.project({ '.gitlab-ci.yml': text });
    const value = '\\" =~ /x/ || (globalThis.process.exit(3)) || "';
    const variables = [{ key: 'TITLE', value, variableType: 'env_var' as const }];
    const created = await place.factory.create(await place.request(project, { source: 'api', variables }));
    expect(created).toMatchObject({ ok: false, filtered: true });
  });
});

test('where it stumbles, its words do not show the values', async () => {
  const folder = workspace({ 'a.txt': 'a\n' });
  const request = {
    ...{ repository: `${folder}/.git`, sha: commitAll(folder), files: false, compared: undefined },
    probes: [{ rules: [{ if: '$VALUE_0 =~ 1 )' }] }],
    variables: { VALUE_0: opaque('my-secret') },
  };
  const machine = {
    node: process.execPath,
    gitlabCiLocal: createRequire(import.meta.url).resolve('gitlab-ci-local'),
    temporary: workspace(),
  };
  const failure = await firstFittingRules(testContext(folder), machine, request).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: 'TWIN_GITLAB_CI_LOCAL' });
  expect(String(failure)).not.toContain('secret');
});

test('without rules nobody is asked, and the answer is the one the listing gives', {
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
