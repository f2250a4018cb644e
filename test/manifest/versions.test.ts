import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validators } from '#validators/ossa';
import { checkStructure } from '../../components/manifest/structure.ts';
import { kinds } from '../../components/manifest/types.ts';
import {
  isKnownVersion,
  kindsOf,
  knownVersions,
  loadSchemas,
  nearestVersion,
  schemaName,
  versionsInWords,
  versionsWith,
} from '../../components/manifest/versions.ts';
import { minimal, readJson } from './ossa-documents.ts';

describe('the schema for a version and kind', () => {
  it.each([
    ['ossa/v0.2.9', 'Agent', 'v0.2.agent'],
    ['ossa/v0.2.0', 'Agent', 'v0.2.agent'],
    ['ossa/v0.2.5-dev', 'Agent', 'v0.2.agent'],
    ['ossa/v0.2.9', 'Task', undefined],
    ['ossa/v0.3.0', 'Workflow', 'v0.3.0.workflow'],
    ['ossa/v0.3.4-rc.1', 'Task', 'v0.3.4.task'],
    ['ossa/v0.3.4', 'Flow', undefined],
    ['ossa/v0.3.5', 'Flow', 'v0.3.5.flow'],
    ['ossa/v0.3', 'Agent', 'v0.3.6.agent'],
    ['ossa/v0.4.6', 'Agent', 'v0.4.agent'],
    ['ossa/v1', 'Workflow', 'v0.4.workflow'],
    ['ossa.io/v1', 'Flow', 'v0.4.flow'],
    ['ossa/v0.5.0', 'Task', 'v0.5.task'],
    ['ossa/v0.2.9', 'Skill', 'v0.4.skill'],
    ['ossa/v0.5', 'Skill', 'v0.4.skill'],
    ['ossa/v0.4.4', 'Validator', 'v0.4.validator'],
    ['ossa/v0.4.6', 'Validator', 'v0.4.validator'],
    ['ossa/v0.3.7', 'Skill', undefined],
    ['ossa/v0.3.7', 'Agent', undefined],
    ['ossa/v0.2', 'Agent', undefined],
    ['ossa/v0.1.9', 'Agent', undefined],
    ['ossa/v0.4\n', 'Agent', undefined],
  ] as const)('%s %s: %s', (version, kind, name) => {
    expect(schemaName(version, kind)).toBe(name);
  });

  it('is compiled, for every kind of every version', async () => {
    const names = knownVersions.flatMap((version) =>
      kindsOf(version).map((kind) => schemaName(version, kind)),
    );
    expect([...new Set(names)].sort()).toEqual(Object.keys(validators).sort());
    expect(await loadSchemas('v0.2.agent', [])).toHaveLength(1);
    expect(await loadSchemas('v0.2.agent', ['mcp', 'unknown'])).toHaveLength(2);
    await expect(loadSchemas('v0.9.agent', [])).rejects.toThrow('v0.9.agent');
  });

  it('takes every spelling that chooses it, and is chosen by every spelling it takes', () => {
    const patterns = new Map(Object.keys(validators).map((name) => [name, patternOf(name)]));
    const text = fc.oneof(
      ...[...patterns.values()].map((pattern) => fc.stringMatching(pattern)),
      fc.stringMatching(/^ossa\/v0\.[2-5](\.\d\d?)?(-(dev|rc)(\.\d)?)?$/),
    );
    fc.assert(
      fc.property(text, fc.constantFrom('Agent', 'Task', 'Workflow', 'Flow'), (version, kind) => {
        const takes = [...patterns].filter(([name, pattern]) => {
          return name.endsWith(`.${kind.toLowerCase()}`) && pattern.test(version);
        });
        const chosen = schemaName(version, kind);
        expect(takes.map(([name]) => name)).toEqual(chosen === undefined ? [] : [chosen]);
      }),
      { numRuns: 500 },
    );
  });
});

function patternOf(name: string): RegExp {
  const file = join(import.meta.dirname, `../../schemas/ossa/${name}.schema.json`);
  const { pattern, const: only } = readJson(file).properties?.apiVersion ?? {};
  return new RegExp(only === undefined ? String(pattern) : `^${only}$`);
}

describe('a version or kind that is refused', () => {
  const said = async (document: object) =>
    (await checkStructure(document, 0)).issues.map(({ code, path, message, expected, suggestion }) => {
      return { code: code.code, path, message, expected, suggestion };
    });

  it('lists the versions in one line', async () => {
    expect(versionsInWords).toBe(
      'ossa/v0.2.9, ossa/v0.3.0 to ossa/v0.3.6, ossa/v0.4, ossa/v0.5, ossa/v1, ossa.io/v1',
    );
    expect(await said({ kind: 'Agent' })).toEqual([
      {
        code: 'OSSA_VERSION',
        path: [],
        message: 'apiVersion is missing',
        expected: `one of: ${versionsInWords}`,
        suggestion: undefined,
      },
    ]);
  });

  it.each([
    ['ossa/v0.3.7', 'ossa/v0.3.6'],
    ['ossa/v0.3.12-rc.1', 'ossa/v0.3.6'],
    ['v0.4.5', 'ossa/v0.4.5'],
    ['0.4.5', 'ossa/v0.4.5'],
    ['ossa/0.4', 'ossa/v0.4'],
    ['OSSA/V0.3.5', 'ossa/v0.3.5'],
    ['ossa/v0.3.4-RC.1', 'ossa/v0.3.4-rc.1'],
    [' ossa/v0.4 ', 'ossa/v0.4'],
    ['ossa.io/v0.4', 'ossa/v0.4'],
    ['ossa/v0.4.6!!garbage', 'ossa/v0.4.6'],
    ['ossa/v0.2', 'ossa/v0.2.9'],
    ['ossa/v0.9', 'ossa/v0.5'],
    ['ossa/v0.0.1', 'ossa/v0.2.9'],
    ['ossa/v1.0', 'ossa/v1'],
    ['ossa/v2', 'ossa/v1'],
    ['osssa/v0.3.5', 'ossa/v0.3.5'],
    ['ossa-v0.4', 'ossa/v0.4'],
    ['v1', undefined],
    ['apps/v1', undefined],
    ['banana', undefined],
    ['', undefined],
  ])('%s: did you mean %s', (text, near) => {
    expect(nearestVersion(text)).toBe(near);
  });

  it('is looked for in the first letters of a long text only', () => {
    expect(nearestVersion(`ossa/v${'0.'.repeat(50_000)}`)).toBe('ossa/v0.2.9');
  });

  it('is never suggested', () => {
    const text = fc.oneof(fc.string(), fc.stringMatching(/^(ossa\/)?v?\d(\.\d\d?){0,3}(-\w+)?$/));
    fc.assert(
      fc.property(text, (asked) => {
        const near = nearestVersion(asked);
        expect(near === undefined || isKnownVersion(near)).toBe(true);
        if (isKnownVersion(asked)) expect(near).toBe(asked.toLowerCase());
      }),
    );
  });

  it.each([
    [0.4, 'ossa/v0.4'],
    [true, undefined],
    [['ossa/v0.4'], undefined],
    [null, undefined],
  ])('is said of %j too', async (apiVersion, suggestion) => {
    const [issue] = await said({ apiVersion, kind: 'Agent' });
    expect(issue).toMatchObject({ code: 'OSSA_VERSION', path: ['apiVersion'] });
    expect(issue?.suggestion).toBe(suggestion);
  });

  it.each([
    ['ossa/\u0024{OSSA_VERSION}', undefined],
    ['\u0024{X:-ossa/v0.4}', 'ossa/v0.4'],
    ['ossa/\u0024{X:-v0.3.5}', 'ossa/v0.3.5'],
    ['ossa/v\u0024{MINOR:-0.5}', 'ossa/v0.5'],
    ['ossa/v0.4\u0024{PATCH}', 'ossa/v0.4'],
    ['ossa/v{{VERSION}}', undefined],
  ])('with a variable says so: %s', async (apiVersion, suggestion) => {
    const [issue, ...more] = await said({ apiVersion, kind: 'Agent' });
    expect(more).toEqual([]);
    expect(issue).toMatchObject({ code: 'OSSA_VERSION_VARIABLE', path: ['apiVersion'] });
    expect(issue?.message).toContain('OSSA allows none there');
    expect(issue?.suggestion).toBe(suggestion);
  });

  it.each([
    ['ossa/v0.2.9', 'Task', 'ossa/v0.3.0 to ossa/v0.3.6, ossa/v0.4, ossa/v0.5, ossa/v1, ossa.io/v1'],
    ['ossa/v0.3.4', 'Flow', 'ossa/v0.3.5, ossa/v0.3.6, ossa/v0.4, ossa/v0.5, ossa/v1, ossa.io/v1'],
  ] as const)('of a kind: %s has no %s', async (apiVersion, kind, versions) => {
    expect(versionsWith(kind)).toBe(versions);
    expect(await said({ apiVersion, kind })).toEqual([
      {
        code: 'OSSA_KIND',
        path: ['kind'],
        message: `kind is "${kind}", which "${apiVersion}" does not have`,
        expected: `one of: ${kindsOf(apiVersion).join(', ')}; or ${kind} in one of: ${versions}`,
        suggestion: undefined,
      },
    ]);
  });

  it('has both said of it', async () => {
    const issues = await said({ apiVersion: 'v0.4', kind: 'agent' });
    expect(issues.map(({ code, suggestion }) => [code, suggestion])).toEqual([
      ['OSSA_VERSION', 'ossa/v0.4'],
      ['OSSA_KIND', 'Agent'],
    ]);
    expect(await said({ apiVersion: 'ossa/v0.4' })).toMatchObject([
      { code: 'OSSA_KIND', message: 'kind is missing', expected: `one of: ${kinds.join(', ')}` },
    ]);
  });

  it.each([
    ['ossa/v0.4.6', 'Validator', '"ossa/v0.4.4"'],
    [
      'ossa.io/v1',
      'Skill',
      'ossa/v and a version; Skills of all versions have one schema. ossa.io/v1 is for other kinds',
    ],
  ] as const)('by a schema of its own: %s %s', async (apiVersion, kind, expected) => {
    expect(await said(minimal(apiVersion, kind))).toMatchObject([{ path: ['apiVersion'], expected }]);
  });
});
