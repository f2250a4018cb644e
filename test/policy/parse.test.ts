import { describe, expect, test } from 'vitest';
import { parsePolicies } from '../../components/policy/parse.ts';
import { processorTime } from '../support/processor-time.ts';
import { textOf } from './levels.ts';

const good = `apiVersion: pipewright/v1
kind: Policy
metadata:
  name: no-forks
spec:
  effect: forbid
  match:
    actions: [run]
  conditions:
    - context.fork
  message: Nothing runs for forks.
`;

const certification = `apiVersion: pipewright/v1
kind: Certification
metadata: { name: reviewer }
spec:
  manifest: sha256:${'0f'.repeat(32)}
  level: silver
  until: 2027-01-31
  reason: Read and tried by the platform team.
`;

/** What is said of the text of one file, as `line:column code path: message`. */
async function said(text: string): Promise<string[]> {
  const { findings } = await parsePolicies('organisation', [{ path: 'p.yaml', text }]);
  return findings.map(
    ({ line, column, code, path, message }) => `${line}:${column} ${code} ${path}: ${message}`,
  );
}

test('documents that are right', async () => {
  const text = `${good}---\n${certification}`;
  const level = await parsePolicies('organisation', [{ path: 'p.yaml', text }]);
  expect(level).toMatchObject({ name: 'organisation', findings: [], broken: [] });
  expect(level.policies.map(({ place: _, ...policy }) => policy)).toEqual([
    {
      ...{ name: 'no-forks', effect: 'forbid', match: { actions: ['run'] }, severity: 'error' },
      ...{
        message: 'Nothing runs for forks.',
        conditions: [expect.objectContaining({ facts: ['context.fork'] })],
      },
    },
  ]);
  expect(level.certifications).toEqual([
    {
      ...{ name: 'reviewer', manifest: `sha256:${'0f'.repeat(32)}`, level: 'silver', until: '2027-01-31' },
      reason: 'Read and tried by the platform team.',
    },
  ]);
});

describe('a change of one line', () => {
  const rows: readonly (readonly [from: string, to: string, ...said: string[]])[] = [
    ['pipewright/v1', 'pipewright/v2', '1:13 POLICY_VERSION apiVersion: apiVersion is "pipewright/v2"'],
    ['apiVersion: pipewright/v1\n', '', '1:1 POLICY_VERSION : apiVersion is missing'],
    ['kind: Policy', 'kind: Polcy', '2:7 POLICY_KIND kind: kind is "Polcy"'],
    ['kind: Policy\n', '', '1:1 POLICY_KIND : kind is missing'],
    ['forbid', 'deny', '6:11 POLICY_STRUCTURE spec.effect: spec.effect is "deny"'],
    ['  message:', '  mesage:', '6:3 POLICY_STRUCTURE spec: spec lacks "message", but has "mesage"'],
    ['no-forks', 'No_Forks', '4:9 POLICY_STRUCTURE metadata.name: metadata.name is "No_Forks"'],
    ['[run]', '[]', '8:14 POLICY_STRUCTURE spec.match.actions: spec.match.actions is []'],
    [
      'context.fork',
      'context.frok',
      '10:7 POLICY_EXPRESSION spec.conditions[0]: there is no "context.frok" here',
    ],
    ['context.fork', 'context.fork == 1', '10:7 POLICY_EXPRESSION spec.conditions[0]: '],
    [
      'context.fork',
      'context.fork && agent.tire == "x"',
      '10:23 POLICY_EXPRESSION spec.conditions[0]: there is no "agent.tire" here',
    ],
    [
      'context.fork',
      'agent.name',
      '10:7 POLICY_EXPRESSION spec.conditions[0]: the result is neither true nor false',
    ],
    [
      '[run]',
      '[run]\n    resources: [note]',
      '8:15 POLICY_NEVER_MATCHES spec.match.actions[0]: a run is about a manifest, and none of the resources is',
    ],
    [
      '[run]',
      '[run, propose]\n    resources: [manifest]',
      '8:20 POLICY_NEVER_MATCHES spec.match.actions[1]: nothing is proposed for a manifest',
    ],
    ['no-forks', 'no-permit', '4:9 POLICY_DUPLICATE metadata.name: no-permit is the name of the answer'],
    [
      'effect: forbid',
      'effect: permit\n  severity: warning',
      '7:3 POLICY_STRUCTURE spec.severity: a permit has no severity',
    ],
    ['name: no-forks', 'name: no-forks\n  name: again', '5:3 YAML_DUPLICATE_KEY'],
    ['[run]', '[run', '9:'],
  ];
  test.each(rows)('%s → %s', async (from, to, ...expected) => {
    expect(good).toContain(from);
    const found = await said(good.replace(from, to));
    expect(found).toEqual(expected.map((start) => expect.stringContaining(start)));
  });
});

describe('a certification', () => {
  test.each([
    ['silver', 'platinum', 'spec.level'],
    ['2027-01-31', '2027-02-30', 'spec.until'],
    ['sha256:', 'sha512:', 'spec.manifest'],
    ['  reason', '  reson', 'spec'],
  ])('%s → %s', async (from, to, path) => {
    expect(await said(certification.replace(from, to))).toEqual([
      expect.stringContaining(` POLICY_STRUCTURE ${path}: `),
    ]);
  });
});

test.each([
  ['', 'nothing'],
  ['# all gone\n', 'nothing'],
  ['- kind: Policy', 'a list'],
  ['forbid', 'text'],
])('a text without a policy: %j', async (text, got) => {
  expect(await said(text)).toEqual([
    `1:1 POLICY_STRUCTURE : the document is ${got}, no policy and no certification`,
  ]);
});

test('every mistake of every file is reported at once, and what is right is kept', async () => {
  const level = await parsePolicies('project', [
    { path: 'b.yaml', text: good.replace('context.fork', 'context.frok || agent.tire == ""') },
    { path: 'a.yaml', text: `${good}---\n${good.replace('forbid', 'deny')}---\nkind: Policy\n` },
    { path: 'c.yaml', text: 'a: [1\nb: }\n' },
    { path: 'd.yaml', text: certification },
  ]);
  const codes = level.findings.map(({ file, line, code }) => `${file}:${line} ${code}`);
  expect(codes).toEqual([
    ...['a.yaml:16 POLICY_DUPLICATE', 'a.yaml:18 POLICY_STRUCTURE', 'a.yaml:25 POLICY_VERSION'],
    ...['b.yaml:4 POLICY_DUPLICATE', 'b.yaml:10 POLICY_EXPRESSION', 'b.yaml:10 POLICY_EXPRESSION'],
    ...level.findings
      .filter(({ file }) => file === 'c.yaml')
      .map(({ line, code }) => `c.yaml:${line} ${code}`),
  ]);
  expect(codes.at(-1)).toMatch(/^c\.yaml:\d YAML_SYNTAX$/);
  expect(level.policies.map(({ name }) => name)).toEqual(['no-forks']);
  expect(level.certifications).toHaveLength(1);
  expect(level.broken.map(({ name }) => name).sort()).toEqual(['a.yaml', 'c.yaml', 'no-forks', 'no-forks']);
  expect(level.broken.find(({ name }) => name === 'a.yaml')?.message).toBe(
    'a.yaml:25:1: apiVersion is missing',
  );
});

test('a name may stand once for each kind and level', async () => {
  const twin = certification.replace('name: reviewer', 'name: no-forks');
  const texts = [good, twin, twin].map((text, index) => ({ path: `${index}.yaml`, text }));
  const { findings } = await parsePolicies('group', texts);
  expect(findings).toEqual([
    expect.objectContaining({
      ...{ code: 'POLICY_DUPLICATE', file: '2.yaml', line: 3, path: 'metadata.name' },
      message: 'there is another Certification no-forks in this level: document 1 of 1.yaml',
    }),
  ]);
});

test('the digest is of the texts, not of where they lie, and every change of a text changes it', async () => {
  const one = { path: 'a.yaml', text: good };
  const other = { path: 'b.yaml', text: textOf([{ name: 'all', effect: 'permit' }]) };
  const digestOf = async (...files: { path: string; text: string }[]) =>
    (await parsePolicies('group', files)).digest;
  const digest = await digestOf(one, other);
  expect(await digestOf(other, { ...one, path: 'moved.yaml' })).toBe(digest);
  expect(await digestOf({ ...one, text: `${good}# said\n` }, other)).not.toBe(digest);
  expect(await digestOf(one)).not.toBe(digest);
});

test('a hostile text is read in no time', async () => {
  const many = Array.from({ length: 2_000 }, (_, index) => good.replace('no-forks', `p-${index}`));
  const deep = good.replace('context.fork', `${'('.repeat(900)}true`);
  const spent = processorTime();
  const level = await parsePolicies('group', [
    { path: 'many.yaml', text: many.join('---\n') },
    { path: 'deep.yaml', text: deep },
    { path: 'large.yaml', text: `a: ${'x'.repeat(2_000_000)}` },
  ]);
  expect(spent()).toBeLessThan(5_000);
  expect(level.policies).toHaveLength(2_000);
  expect(level.broken).toHaveLength(2);
});
