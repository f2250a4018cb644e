import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { text as editorSchema } from '#tables/editor-schema';
import { table } from '#tables/fields';
import { explain } from '../../../components/manifest/explain/explain.ts';
import { listCodes } from '../../../scripts/dev/build/tables.ts';
import { collectCodes } from '../../../scripts/dev/gen/codes.ts';
import { pipewright } from '../../support/cli.ts';
import { processorTime } from '../../support/processor-time.ts';
import { workspace } from '../../support/workspace.ts';

const ask = (...args: string[]) => pipewright(['explain', ...args], { cwd: workspace() });

describe('a code', () => {
  test('of an error: how it ends a command, and what to do', async () => {
    const run = await ask('file_not_found');
    expect(run.stderr).toBe('');
    expect(run.stdout).toBe(
      [
        'FILE_NOT_FOUND: ends a command with exit code 2 (misuse)',
        '  message    <file> does not exist',
        "  fix        Check the path; it is relative to the folder the command runs in, in a job the repository's, or to `root` where that is given.",
        '  page       docs/errors.md',
        '',
      ].join('\n'),
    );
  });

  test('of a finding, and of a rule by its id', async () => {
    const run = await ask('OSSA_ENUM', 'signal-shadowed');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^OSSA_ENUM: an error found in a file\n {2}about {6}A value is none of those/);
    expect(run.stdout).toMatch(
      /^RULE_SIGNAL_SHADOWED: a warning found in a file by the rule signal-shadowed$/m,
    );
    expect(run.stdout).toMatch(/^ {2}page {7}docs\/rules\.md#signal-shadowed$/m);
  });

  test('there is none that is not explained as the pages have it', async () => {
    const [codes, { failures, findings }] = await Promise.all([listCodes(), collectCodes()]);
    expect(codes.map(({ code }) => code).sort()).toEqual(
      [...failures, ...findings].map(({ code }) => code).sort(),
    );
    for (const entry of codes) {
      expect(explain({ table, codes }, [entry.code.toLowerCase()], undefined)).toEqual([
        { is: 'code', asked: entry.code.toLowerCase(), entry },
      ]);
    }
    // The pages are written by `npm run gen` from the same rows.
    const lost = codes.filter(({ code, page }) => {
      const [path = '', place] = page.split('#');
      const text = readFileSync(path, 'utf8');
      return (
        !text.includes(`\`${code}\``) ||
        (place !== undefined && !text.includes(`\n## ${place}\n`) && !text.includes(`\n### ${place}\n`))
      );
    });
    expect(lost.map(({ code }) => code)).toEqual([]);
  });
});

describe('a field', () => {
  test('is told with all there is to know', async () => {
    const run = await ask('completion.signals.signal');
    expect(run.stdout).toMatch(/^spec\.completion\.signals\[\]\.signal\n/);
    expect(run.stdout).toMatch(
      /^ {2}value {6}text, one of continue, complete, blocked, escalate, checkpoint$/m,
    );
    expect(run.stdout).toMatch(/^ {2}required {3}wherever the mapping around it stands$/m);
    expect(run.stdout).toMatch(/^ {2}in {9}Agent since v0\.3\.5/m);
    expect(run.stdout).toContain(
      '    spec:\n      completion:\n        signals:\n          - signal: escalate\n',
    );
  });

  test('names what is in it, and what is in each item of it', async () => {
    const run = await ask('spec.tools');
    expect(run.stdout).toMatch(/^ {2}value {6}a list$/m);
    expect(run.stdout).toMatch(/^ {2}each item {2}a mapping/m);
    expect(run.stdout).toMatch(/^ {2}fields {5}type, name, /m);
  });

  test('differs between versions, and --version chooses one', async () => {
    const all = await ask('spec.tools[].type');
    expect(all.stdout).toMatch(/^ {2}value .*\bbrowser\b/m);
    expect(all.stdout).toMatch(/^ {2}or .*v0\.3\.\d.*kubernetes/m);
    const one = await ask('spec.tools[].type', '--version=ossa/v0.3.5');
    expect(one.stdout).toMatch(/^ {2}value .*\bkubernetes\b/m);
    expect(one.stdout).not.toMatch(/browser|^ {2}or /m);
    expect((await ask('spec.tools[].type', '--version=0.3.5')).stdout).toBe(one.stdout);
    const none = await ask('spec.completion', '--version=ossa/v0.3.0');
    expect(none.stdout).toMatch(
      /It is not in the version that was asked for\.\n {2}in {9}Agent since v0\.3\.5/,
    );
  });

  test('of which there are several is asked for again', async () => {
    const run = await ask('signal');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^"signal" may be one of \d+ fields:\n/);
    expect(run.stdout).toMatch(/^ {2}spec\.completion\.signals\[\]\.signal: /m);
    const usual = await ask('llm.provider');
    expect(usual.stdout).toMatch(/^spec\.llm\.provider\n/);
    expect(usual.stdout).toMatch(/^ {2}also {7}extensions\./m);
  });

  test('of our own extension', async () => {
    expect((await ask('pipewright.proposals.issue.max')).stdout).toMatch(
      /^extensions\.pipewright\.proposals\.issue\.max\n[\s\S]*a whole number, at least 1, at most 20/,
    );
  });

  test('as JSON', async () => {
    const run = await ask('spec.checkpointing.retention.days', 'OSSA_TYPE', 'signal', '--json');
    const { answers } = JSON.parse(run.stdout);
    expect(answers).toMatchObject([
      {
        ...{ is: 'field', path: 'spec.checkpointing.retention.days', example: 7 },
        shapes: [{ forms: [{ types: ['integer'], limits: { minimum: 1, maximum: 365 } }] }],
        presence: [{ kind: 'Agent', since: 'v0.3.5' }],
      },
      { is: 'code', entry: { code: 'OSSA_TYPE', severity: 'error' } },
      { is: 'candidates', asked: 'signal' },
    ]);
  });
});

describe('mistakes', () => {
  test('are told all at once, with what is nearest', async () => {
    const run = await ask(
      'OSSA_ENUMS',
      'signal-shadow',
      'spec.completion.signls',
      'qqqqqqqq',
      '--version=ossa/v0.9',
    );
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe('');
    for (const words of [
      /"ossa\/v0\.9" is no version of OSSA .*did you mean ossa\/v0\.\d.*\n[\s\S]*EXPLAIN_VERSION/,
      /"OSSA_ENUMS" is no code, no rule and no field of OSSA; the nearest (is|are) OSSA_ENUM/,
      /"signal-shadow" .* signal-shadowed/,
      /"spec\.completion\.signls" .*; the nearest is spec\.completion\.signals$/m,
      /"qqqqqqqq" is no code, no rule and no field of OSSA\n[\s\S]*EXPLAIN_UNKNOWN/,
    ])
      expect(run.stderr).toMatch(words);
  });

  test('nothing is asked', async () => {
    const run = await ask();
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/nothing to explain is named[\s\S]*EXPLAIN_NOTHING/);
  });

  test.each([
    '',
    ' ',
    '[',
    '[]',
    '..',
    '\u001b[2J',
    '__proto__',
    'constructor',
    `${'['.repeat(50_000)}`,
    'a.'.repeat(50_000),
  ])('odd words end soon', async (word) => {
    const spent = processorTime();
    const run = await ask('--', word);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).not.toContain('\u001b');
    expect(spent()).toBeLessThan(5000);
  });
});

test('the schema for editors is printed as it is, and nothing else', async () => {
  const run = await ask('--schema');
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toBe(editorSchema);
  expect(JSON.parse(run.stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
});
