import { describe, expect, test } from 'vitest';
import type { Finding, Severity } from '../../components/kernel/finding.ts';
import { judge, type Scope } from '../../components/manifest/gate.ts';
import { makeReport } from '../../components/manifest/report.ts';
import type { CheckedManifest } from '../../components/manifest/types.ts';
import { renderVerdict } from '../../components/manifest/verdict.ts';

function finding(severity: Severity, file = 'a.yaml'): Finding {
  return { code: 'RULE_X', severity, file, line: 1, column: 1, path: '', message: 'm' };
}

function manifest(path: string, ...findings: Finding[]): CheckedManifest {
  return { path, digest: undefined, structure: 'valid', findings };
}

const modes = ['observe', 'warn', 'enforce'] as const;
const everything: Scope = { kind: 'all' };

// Whether new errors and new warnings (old ones never count) let a run pass, by strict.
const cases: readonly [string, readonly Severity[], boolean, boolean][] = [
  ['nothing', [], true, true],
  ['an info', ['info'], true, true],
  ['a warning', ['warning'], true, false],
  ['an error', ['error'], false, false],
  ['an error and a warning', ['error', 'warning'], false, false],
];

describe.each(cases)('with %s found', (_, severities, relaxed, strictly) => {
  const combinations = modes.flatMap((mode) =>
    [false, true].flatMap((strict) => [false, true].map((isOld) => ({ mode, strict, isOld }))),
  );

  test.each(combinations)('mode $mode, strict $strict, in the baseline $isOld', ({ mode, strict, isOld }) => {
    const findings = severities.map((severity) => finding(severity));
    const files = [manifest('a.yaml', ...findings)];
    const baseline = isOld ? { file: 'b.json', old: new Set(findings), gone: 0 } : undefined;
    const gate = judge(files, everything, { mode, strict }, baseline);
    expect(gate.passed).toBe(mode === 'observe' || isOld || (strict ? strictly : relaxed));
  });

  test('the mode decides that and nothing else: all else of the report is the same', () => {
    const files = [manifest('a.yaml', ...severities.map((severity) => finding(severity)))];
    for (const strict of [false, true]) {
      const reports = modes.map((mode) => {
        const report = makeReport(files, judge(files, everything, { mode, strict }), '1');
        return { ...report, gate: { ...report.gate, mode: '', passed: '' } };
      });
      expect(reports[1]).toEqual(reports[0]);
      expect(reports[2]).toEqual(reports[0]);
    }
  });
});

describe('a baseline', () => {
  const old = finding('error', 'a.yaml');
  const fresh = finding('error', 'b.yaml');
  const untouched = finding('error', 'c.yaml');
  const files = [manifest('a.yaml', old), manifest('b.yaml', fresh), manifest('c.yaml', untouched)];
  const scope: Scope = { kind: 'changed', files: new Set(['a.yaml', 'b.yaml']) };
  const commit = 'a'.repeat(40);
  const baseline = { file: 'b.json', commit, old: new Set([old]), gone: 2 };
  const gate = judge(files, scope, { mode: 'enforce', strict: false }, baseline);

  test('is told apart in the gate', () => {
    expect(gate).toMatchObject({ files: 2, errors: 1, warnings: 0, passed: false });
    expect(gate.baseline).toEqual({ file: 'b.json', commit, errors: 1, warnings: 0, gone: 2 });
  });

  test('marks what is old in the report, and the summary counts everything', () => {
    const report = makeReport(files, gate, '1', baseline.old);
    expect(report.summary).toMatchObject({ errors: 3 });
    expect(report.files.map(({ findings }) => findings[0]?.baseline)).toEqual([true, undefined, undefined]);
  });

  test('stands in the verdict, without its name, which is free text', () => {
    expect(renderVerdict(files, gate)).toBe(
      [
        '3 manifests: 3 valid, 0 invalid; 3 errors, 0 warnings',
        'This merge request changes 2 manifests: 1 error; 1 error in files it leaves alone',
        'Baseline: 1 old error, 0 old warnings do not count; new: 1 error, 0 warnings',
        '2 findings of the baseline are gone: update it',
      ].join('\n'),
    );
  });

  test('never makes an invalid structure valid', () => {
    const broken: CheckedManifest = { ...manifest('a.yaml', old), structure: 'invalid' };
    const judged = judge([broken], everything, { mode: 'enforce', strict: true }, baseline);
    expect(judged.passed).toBe(true);
    expect(makeReport([broken], judged, '1', baseline.old)).toMatchObject({
      summary: { valid: 0, invalid: 1 },
      files: [{ structure: 'invalid' }],
    });
  });
});

test('features stand in the report where they were asked for', () => {
  const gate = judge([], everything, { mode: 'enforce', strict: false });
  const report = makeReport([{ ...manifest('a.yaml'), features: ['flow'] }, manifest('b.yaml')], gate, '1');
  expect(report.files[0]?.features).toEqual(['flow']);
  expect(report.files[1]).not.toHaveProperty('features');
});
