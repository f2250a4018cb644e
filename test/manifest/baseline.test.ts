import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Failure, Failures } from '../../components/kernel/failure.ts';
import type { CheckedFile, Finding } from '../../components/kernel/finding.ts';
import { parseBaseline } from '../../components/manifest/baseline/parse.ts';
import {
  compareWithBaseline,
  makeBaseline,
  mostBaselineBytes,
  renderBaseline,
} from '../../components/manifest/baseline.ts';

function finding(change: Partial<Finding> = {}): Finding {
  const place = { file: 'a.yaml', line: 1, column: 1, path: 'spec.x' };
  return { code: 'RULE_X', severity: 'error', ...place, message: 'm', ...change };
}

function filesOf(findings: readonly Finding[]): CheckedFile[] {
  const paths = [...new Set(findings.map(({ file }) => file))];
  return paths.map((path) => ({ path, findings: findings.filter(({ file }) => file === path) }));
}

/** What reading a text fails with, as `CODE message`. */
async function mistakesOf(text: string): Promise<string[]> {
  try {
    await parseBaseline('b.json', text);
    return [];
  } catch (error) {
    const failures = error instanceof Failures ? error.failures : [error];
    return failures.map((failure) => {
      if (!(failure instanceof Failure)) throw failure;
      return `${failure.code} ${failure.message}`;
    });
  }
}

describe('any findings', () => {
  // Few values, so that equal ones are common; line and severity vary freely.
  const arbitrary = fc.array(
    fc.record({
      code: fc.constantFrom('RULE_X', 'OSSA_ENUM'),
      file: fc.constantFrom('a.yaml', 'b/ü.yaml'),
      path: fc.constantFrom('', 'spec'),
      message: fc.oneof(fc.constantFrom('m', 'n'), fc.string()),
      line: fc.integer({ min: 1, max: 9 }),
      severity: fc.constantFrom('error', 'warning', 'info'),
    }),
    { maxLength: 12 },
  );
  const findingsOf = (rows: readonly Partial<Finding>[]) => rows.map((row) => finding(row));

  test('written and read again, all of them are old and none is gone', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async (rows) => {
        const findings = findingsOf(rows);
        const files = filesOf(findings);
        const known = await parseBaseline('b.json', renderBaseline('b.json', '1', makeBaseline(files)));
        const moved = files.map((file) => ({
          ...file,
          findings: file.findings.map((each) => ({ ...each, line: each.line + 7 })),
        }));
        expect(compareWithBaseline(moved, known)).toMatchObject({ gone: 0 });
        expect(compareWithBaseline(moved, known).old.size).toBe(findings.length);
      }),
    );
  });

  test('as many are old as it lists, never more, and what is left is gone', () => {
    fc.assert(
      fc.property(arbitrary, arbitrary, (before, after) => {
        const both = [
          { path: 'a.yaml', findings: [] },
          { path: 'b/ü.yaml', findings: [] },
        ];
        const known = makeBaseline(filesOf(findingsOf(before)));
        const listed = known.reduce((sum, { count = 1 }) => sum + count, 0);
        const { old, gone } = compareWithBaseline([...filesOf(findingsOf(after)), ...both], known);
        expect(old.size + gone).toBe(listed);
      }),
    );
  });

  test('the text does not depend on their order', () => {
    fc.assert(
      fc.property(arbitrary, (rows) => {
        const text = (given: readonly Finding[]) =>
          renderBaseline('b.json', '1', makeBaseline(filesOf(given)));
        expect(text(findingsOf(rows).reverse())).toBe(text(findingsOf(rows)));
      }),
    );
  });
});

describe('comparing', () => {
  test('of equal findings the first are old, the rest is new', () => {
    const findings = [finding({ line: 1 }), finding({ line: 2 }), finding({ line: 3 })];
    const known = [{ file: 'a.yaml', code: 'RULE_X', path: 'spec.x', message: 'm', count: 2 }];
    const { old } = compareWithBaseline(filesOf(findings), known);
    expect(findings.map((each) => old.has(each))).toEqual([true, true, false]);
  });

  test('an entry that stands twice, as after a merge, counts once', () => {
    const entry = { file: 'a.yaml', code: 'RULE_X', path: 'spec.x', message: 'm' };
    const { old, gone } = compareWithBaseline(filesOf([finding(), finding({ line: 2 })]), [entry, entry]);
    expect([old.size, gone]).toEqual([1, 0]);
  });

  test('of files that were not looked at nothing is gone, of those that are no more everything is', () => {
    const known = [{ file: 'z.yaml', code: 'RULE_X', path: '', message: 'm', count: 3 }];
    expect(compareWithBaseline([], known).gone).toBe(0);
    expect(compareWithBaseline([], known, new Set(['z.yaml'])).gone).toBe(3);
  });

  test('what cannot be read is never old, whatever a baseline lists', () => {
    const unread = finding({ code: 'FILE_UNREADABLE' });
    expect(makeBaseline(filesOf([unread]))).toEqual([]);
    const { file, code, path, message } = unread;
    expect(compareWithBaseline(filesOf([unread]), [{ file, code, path, message }]).old.size).toBe(0);
  });
});

describe('bringing it up to date', () => {
  const entry = (file: string) => ({ file, code: 'RULE_X', path: '', message: 'm' });

  test('keeps what it lists of files that were not looked at, and drops those that are no more', () => {
    const files = [{ path: 'a.yaml', findings: [] }];
    const known = [entry('a.yaml'), { ...entry('b.yaml'), count: 2 }, entry('c.yaml')];
    expect(makeBaseline(files, known, new Set(['c.yaml']))).toEqual([{ ...entry('b.yaml'), count: 2 }]);
  });

  test('gives a line to each finding', () => {
    const text = renderBaseline('b.json', '1.2.3', [entry('a.yaml'), entry('b.yaml')]);
    expect(text).toBe(`{
  "format": "pipewright/validate-baseline/v1",
  "version": "1.2.3",
  "findings": [
    {"file":"a.yaml","code":"RULE_X","path":"","message":"m"},
    {"file":"b.yaml","code":"RULE_X","path":"","message":"m"}
  ]
}
`);
  });

  test('refuses what could not be read again: BASELINE_TOO_LARGE', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => entry(`agents/${index}.yaml`));
    expect(() => renderBaseline('b.json', '1', many)).toThrow(`at most ${mostBaselineBytes} are read`);
  });
});

describe('reading', () => {
  const head = '"format": "pipewright/validate-baseline/v1", "version": "1"';

  test.each([
    ['', ['BASELINE_INVALID b.json:1:1: the document is nothing, expected a mapping']],
    ['{', [expect.stringMatching(/^BASELINE_INVALID b\.json:\d:\d+: /)]],
    ['[]', [expect.stringMatching(/^BASELINE_INVALID b\.json:1:1: /)]],
    [
      `{${head},\n<<<<<<< HEAD\n "findings": []}`,
      [
        expect.stringMatching(/^BASELINE_INVALID b\.json:1:1: .* lacks "findings"/),
        expect.stringMatching(/^BASELINE_INVALID b\.json:2:1: .*<<<<<<< HEAD/),
      ],
    ],
    [
      '{\n  "format": "pipewright/validate-baseline/v2",\n  "entries": 7}',
      [
        'BASELINE_FORMAT b.json:2:13: the format of the baseline is "pipewright/validate-baseline/v2", and this pipewright reads "pipewright/validate-baseline/v1"',
      ],
    ],
  ])('%j is refused with its place', async (text, expected) => {
    expect(await mistakesOf(text)).toEqual(expected);
  });

  test('every mistake is told, at its own place', async () => {
    const rows = '\n{"file": "a", "code": "x", "path": "", "message": "m"},\n{"file": 7, "count": 0}\n';
    const mistakes = await mistakesOf(`{${head}, "findings": [${rows}], "extra": 1}`);
    const places = mistakes.map((text) => /b\.json:\d+:\d+/.exec(text)?.[0]).sort();
    const second = ['3:1', '3:1', '3:1', '3:10', '3:22'];
    expect(places).toEqual(['2:23', ...second, '4:4'].map((place) => `b.json:${place}`));
  });

  test('of a file of another kind twenty mistakes are told, and how many more there are', async () => {
    const rows = Array.from({ length: 500 }, () => '7').join(',');
    const mistakes = await mistakesOf(`{${head}, "findings": [${rows}]}`);
    expect(mistakes).toHaveLength(20);
    expect(mistakes.at(-1)).toContain('(and 480 more mistakes)');
  });

  test('a comment in it, which JSON has not, is YAML and does no harm', async () => {
    const text = `{${head}, # ours\n "findings": []}`;
    expect(await parseBaseline('b.json', text)).toEqual([]);
  });
});
