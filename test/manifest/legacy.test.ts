import { describe, expect, it } from 'vitest';
import { checkText } from '../../components/manifest/check.ts';
import { isLegacyVersion, legacyShape } from '../../components/manifest/legacy.ts';
import { rules } from '../../components/manifest/rules.gen.ts';
import type { Data } from '../../components/manifest/types.ts';

const typed = `apiVersion: ossa/v0.1.9
kind: Agent
metadata: {name: worker-api-v1}
spec:
  type: worker
  subtype: api
  conformance: {level: silver, auditLogging: true}
  tools: [{name: a}, {name: a}]
`;
const flat = `ossaVersion: "1.0"
agent:
  id: scanner
  role: compliance
`;

describe('a manifest of OSSA 0.1.9', () => {
  it.each([
    [
      'with apiVersion',
      typed,
      'apiVersion',
      1,
      'apiVersion is "ossa/v0.1.9": this is the format of OSSA 0.1.9',
    ],
    [
      'without apiVersion',
      typed.replace(/^.*\n/, ''),
      'spec.type',
      4,
      'apiVersion is missing, and this is the',
    ],
    [
      'as ossaVersion and agent',
      flat,
      'ossaVersion',
      1,
      'ossaVersion is "1.0": this is the format of OSSA 0.1.9',
    ],
  ])('%s is named, and nothing else is said', async (_, text, path, line, message) => {
    const { structure, findings } = await checkText('a.yaml', text, rules);
    expect(structure).toBe('invalid');
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ code: 'OSSA_VERSION_LEGACY', severity: 'error', path, line });
    expect(findings[0]?.message).toContain(message);
    expect(findings[0]?.fix).toContain('pipewright migrate --to ossa/v0.3.5');
  });

  it.each([
    ['ossa/v0.1.9', true],
    ['ossa/v0.1', true],
    ['ossa/0.1.9', true],
    ['@ossa/v0.1.9', true],
    ['@bluefly/ossa/v0.1.9', true],
    ['OSSA/v0.1.3', true],
    ['ossa/v0.1.9-alpha.1', true],
    ['ossa/v0.10.0', false],
    ['ossa/v0.1.9!', false],
    ['ossa/v0.2.1', false],
    ['v0.1.9', false],
    [`${'a'.repeat(50)}/ossa/v0.1.9`, false],
  ])('%s is of 0.1: %s', (apiVersion, is) => {
    expect(isLegacyVersion(apiVersion)).toBe(is);
  });

  it.each<[string, Data, ReturnType<typeof legacyShape>]>([
    ['a type with its subtype after a dot', { kind: 'Agent', spec: { type: 'critic.security' } }, 'typed'],
    ['a type with budgets', { kind: 'Agent', spec: { type: 'voice', budgets: {} } }, 'typed'],
    [
      'a type that later versions have too',
      { kind: 'Agent', spec: { type: 'worker', role: 'x' } },
      undefined,
    ],
    ['no type of 0.1.9', { kind: 'Agent', spec: { type: 'telemetry', subtype: 'a' } }, undefined],
    ['a known version beside its words', { apiVersion: 'ossa/v0.4', ossaVersion: '1.0' }, undefined],
    ['an apiVersion that is no text', { apiVersion: 0.1, ossaVersion: '0.1.9' }, undefined],
    ['a spec that is a list', { spec: ['worker'] }, undefined],
    ['nothing', {}, undefined],
  ])('%s: %o is %s', (_, document, shape) => {
    expect(legacyShape(document)).toBe(shape);
  });
});
