import { describe, expect, test } from 'vitest';
import { format as codequality } from '../../components/formats/codequality.ts';
import { format } from '../../components/formats/sarif.ts';
import type { FormatInput } from '../../components/formats/types.ts';
import type { Finding, FindingCode } from '../../components/kernel/finding.ts';

const error: Finding = {
  code: 'OSSA_ENUM',
  severity: 'error',
  file: 'agents/a.ossa.yaml',
  line: 3,
  column: 5,
  path: 'spec.x',
  message: 'spec.x is "bad"',
  expected: 'one of: good',
};
const warning: Finding = { ...error, code: 'RULE_X', severity: 'warning', line: 9, message: 'careful' };
const info: Finding = { ...error, code: 'RULE_A', severity: 'info', path: '' };
const codes: readonly FindingCode[] = [
  { code: 'OSSA_ENUM', severity: 'error', about: 'A value is none of those; {0} is a brace. It goes on.' },
];

function input(...findings: Finding[]): FormatInput {
  const files = [{ path: 'agents/a.ossa.yaml', findings }];
  return {
    title: 'Pipewright validate',
    files,
    judged: files,
    verdict: '',
    links: [],
    times: { started: 0, ended: 0 },
    codes,
    version: '1.2.3',
  };
}

function run(given: FormatInput) {
  const log = JSON.parse(format.render(given));
  expect(log.version).toBe('2.1.0');
  expect(log.$schema).toMatch(/sarif-schema-2\.1\.0\.json$/);
  expect(log.runs).toHaveLength(1);
  return log.runs[0];
}

describe('what SARIF 2.1.0 asks for', () => {
  test('a result has rule, level, region and a path relative to the repository', () => {
    const { tool, results, columnKind, originalUriBaseIds } = run(input(error));
    expect(tool.driver).toMatchObject({ name: 'Pipewright validate', version: '1.2.3' });
    expect(columnKind).toBe('utf16CodeUnits');
    expect(Object.keys(originalUriBaseIds)).toEqual(['%SRCROOT%']);
    expect(results).toEqual([
      {
        ruleId: 'OSSA_ENUM',
        ruleIndex: 0,
        level: 'error',
        message: { text: 'spec.x is "bad"\nexpected one of: good' },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'agents/a.ossa.yaml', uriBaseId: '%SRCROOT%' },
              region: { startLine: 3, startColumn: 5 },
            },
            logicalLocations: [{ fullyQualifiedName: 'spec.x' }],
          },
        ],
        partialFingerprints: { 'pipewright/v1': expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    ]);
  });

  test('every result points at its own rule, and each rule stands once', () => {
    const { tool, results } = run(input(warning, error, { ...error, line: 4 }, info));
    const ids = tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(['OSSA_ENUM', 'RULE_A', 'RULE_X']);
    for (const { ruleId, ruleIndex } of results) expect(ids[ruleIndex]).toBe(ruleId);
    expect(results.map(({ level }: { level: string }) => level)).toEqual([
      'warning',
      'error',
      'error',
      'note',
    ]);
  });

  test('a rule that is known brings its help and its level', () => {
    const [known, unknown] = run(input(error, warning)).tool.driver.rules;
    const about = 'A value is none of those; {{0}} is a brace. It goes on.';
    expect(known).toEqual({
      id: 'OSSA_ENUM',
      shortDescription: { text: 'A value is none of those.' },
      fullDescription: { text: about },
      help: { text: about },
      defaultConfiguration: { level: 'error' },
    });
    expect(unknown).toEqual({ id: 'RULE_X' });
  });

  test('fingerprints are those of Code Quality: a finding that moves keeps its own', () => {
    const given = input(error, { ...error, line: 50 });
    const own = run(given).results.map(
      ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) =>
        partialFingerprints['pipewright/v1'],
    );
    const others = JSON.parse(codequality.render(given)).map(
      ({ fingerprint }: { fingerprint: string }) => fingerprint,
    );
    expect(own).toEqual(others);
    expect(new Set(own).size).toBe(2);
  });

  test('with a baseline all results have a state and a list of suppressions, without one none has', () => {
    const { results } = run({ ...input(error, warning), old: new Set([error]) });
    expect(results[0]).toMatchObject({ baselineState: 'unchanged', suppressions: [{ kind: 'external' }] });
    expect(results[1]).toMatchObject({ baselineState: 'new', suppressions: [] });
    for (const result of run(input(error, warning)).results) {
      expect(result).not.toHaveProperty('baselineState');
      expect(result).not.toHaveProperty('suppressions');
    }
  });

  test('nothing found is a run without results', () => {
    expect(run(input())).toMatchObject({ results: [], tool: { driver: { rules: [] } } });
  });
});

describe('text of strangers', () => {
  const text = (message: string): string =>
    run(input({ ...error, message })).results[0].message.text.split('\n')[0];

  test.each([
    ['{0} and {VAR}', '{{0}} and {{VAR}}'],
    ['[click](http://e.vil/)', '[click] (http://e.vil/)'],
    ['a]](1)', 'a]] (1)'],
    ['tools[0].type', 'tools[0].type'],
    ['a\u001b[31m\u202eb', 'a\\u001b[31m\\u202eb'],
    ['\ud800', '\ufffd'],
  ])('%j is plain text', (message, expected) => {
    expect(text(message)).toBe(expected);
  });

  test.each([
    ['a b/[c] #?.yaml', 'a%20b/%5Bc%5D%20%23%3F.yaml'],
    ['javascript:alert(1)', 'javascript%3Aalert%281%29'],
    ['\ud800.yaml', '%EF%BF%BD.yaml'],
    ['%41.yaml', '%2541.yaml'],
  ])('the name %j is a path and nothing else', (file, uri) => {
    const { artifactLocation } = run(input({ ...error, file })).results[0].locations[0].physicalLocation;
    expect(artifactLocation).toEqual({ uri, uriBaseId: '%SRCROOT%' });
  });

  test.each(['../a.yaml', '/tmp/a.yaml'])('%s lies below no top of ours', (file) => {
    const { artifactLocation } = run(input({ ...error, file })).results[0].locations[0].physicalLocation;
    expect(artifactLocation).toEqual({ uri: file });
  });
});
