import { type DataPath, renderPath, valueAt } from '../../kernel/place.ts';
import { isData, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';
import type { Data } from '../types.ts';

/** Where data at rest is encrypted; OSSA has the second, the others are what manifests write. */
const encryptions: readonly DataPath[] = [
  ['spec', 'state', 'encryption'],
  ['spec', 'state', 'storage', 'encryption'],
  ['spec', 'checkpointing', 'encryption'],
  ['spec', 'checkpointing', 'storage', 'encryption'],
];
const stored: readonly DataPath[] = [
  ['spec', 'state', 'storage'],
  ['spec', 'checkpointing', 'storage'],
];
const keyFields = ['keyRef', 'key_ref', 'key', 'key_id', 'keyId', 'kms_key_id', 'kmsKeyId', 'key_management'];
const compliance = ['spec', 'compliance', 'pii_handling'];

export const rule = defineRule({
  id: 'encryption-key-missing',
  severity: 'warning',
  about:
    'Encryption of state or checkpoints is asked for without a reference to a key (`keyRef`), or compliance asks for ' +
    'encryption at rest and nothing that is stored is encrypted. Nobody can keep such a promise.',
  check: ({ data }) => {
    const asked = encryptions.flatMap((path) => {
      const value = valueAt(data, path);
      return isData(value) && isAsked(value) ? [{ path, value }] : [];
    });
    const missing = asked
      .filter(({ value }) => !hasKey(value))
      .map(({ path }) => ({
        path,
        message: `${renderPath(path)} asks for encryption, but names no key`,
        expected: 'keyRef with the name of a masked CI/CD variable, or the address of a key in a vault',
        fix: 'Add keyRef.',
      }));
    return [...missing, ...unencrypted(data, asked.length)];
  },
});

function isAsked({ enabled, algorithm }: Data): boolean {
  return enabled === true || (enabled === undefined && typeof algorithm === 'string');
}

function hasKey(encryption: Data): boolean {
  return keyFields.some((field) => {
    const key = encryption[field];
    return (typeof key === 'string' && key.trim() !== '') || (isData(key) && Object.keys(key).length > 0);
  });
}

function unencrypted(data: unknown, asked: number) {
  const isPromised = textAt(data, compliance) === 'encrypt_at_rest';
  const kept = stored.find((path) => isData(valueAt(data, path)));
  if (!isPromised || asked > 0 || kept === undefined) return [];
  return [
    {
      path: compliance,
      message: `${renderPath(compliance)} is "encrypt_at_rest", but ${renderPath(kept)} is not encrypted`,
      expected: 'spec.state.storage.encryption with enabled and keyRef',
      fix: 'Add the encryption with a keyRef.',
    },
  ];
}
