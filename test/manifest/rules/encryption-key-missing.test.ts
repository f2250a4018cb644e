import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/encryption-key-missing.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each([
  ['state: {encryption: {enabled: true}}', 'spec.state.encryption'],
  [
    'state: {storage: {encryption: {enabled: true, algorithm: aes-256-gcm}}}',
    'spec.state.storage.encryption',
  ],
  ['state: {storage: {encryption: {algorithm: aes-256-gcm}}}', 'spec.state.storage.encryption'],
  ['state: {storage: {encryption: {enabled: true, keyRef: " "}}}', 'spec.state.storage.encryption'],
  [
    'checkpointing: {storage: {encryption: {enabled: true, key: {}}}}',
    'spec.checkpointing.storage.encryption',
  ],
  ['checkpointing: {encryption: {enabled: true}}', 'spec.checkpointing.encryption'],
])('%s', (spec, place) => {
  expect(apply(rule, `kind: Agent\nspec: {${spec}}`)).toEqual([
    `${place}: ${place} asks for encryption, but names no key`,
  ]);
});

test.each([
  'state: {encryption: {enabled: true, keyRef: "env:KEY"}}',
  'state: {storage: {encryption: {enabled: true, key: {provider: vault}}}}',
  'state: {storage: {encryption: {enabled: false}}}',
  'state: {storage: {encryption: {enabled: false, algorithm: aes-256-gcm}}}',
  'checkpointing: {enabled: true}',
])('nothing to say: %s', (spec) => {
  expect(apply(rule, `kind: Agent\nspec: {${spec}}`)).toEqual([]);
});

test('compliance that asks for encryption at rest', () => {
  const spec = (rest: string) => `kind: Agent\nspec: {compliance: {pii_handling: encrypt_at_rest}, ${rest}}`;
  expect(apply(rule, spec('checkpointing: {storage: {backend: local}}'))).toEqual([
    'spec.compliance.pii_handling: spec.compliance.pii_handling is "encrypt_at_rest", but spec.checkpointing.storage is not encrypted',
  ]);
  expect(apply(rule, spec('state: {mode: stateless}'))).toEqual([]);
  expect(apply(rule, spec('state: {storage: {encryption: {enabled: true, keyRef: K}}}'))).toEqual([]);
});

test.each(wrongTypes)('%s where encryption stands', (value) => {
  expect(
    apply(rule, `kind: Agent\nspec: {state: ${value}, checkpointing: ${value}, compliance: ${value}}`),
  ).toEqual([]);
  expect(
    apply(rule, `kind: Agent\nspec: {state: {encryption: ${value}, storage: {encryption: ${value}}}}`),
  ).toEqual([]);
});

test('RULE_ENCRYPTION_KEY_MISSING is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  state:
    encryption: {enabled: true}
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '7 warning RULE_ENCRYPTION_KEY_MISSING',
  ]);
});
