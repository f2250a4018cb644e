import { describe, expect, test } from 'vitest';
import { readFilters } from '../../../components/session/filters/read-filters.ts';
import { createFieldReader } from '../../../components/session/manifest-data.ts';

function read(safety: unknown) {
  const data = { spec: { safety } };
  const reader = createFieldReader(data);
  const rules = Object.fromEntries(
    readFilters(data, reader).map(({ detector, action }) => [detector, action]),
  );
  return { rules, told: reader.issues.map(({ code, message }) => `${code.code} ${message}`) };
}

const personal = [
  'birth-date',
  'credit-card',
  'email',
  'iban',
  'ip-address',
  'national-id',
  'phone',
  'us-ssn',
];
const all = (ids: readonly string[], action: string) => Object.fromEntries(ids.map((id) => [id, action]));

describe('what a manifest wants filtered', () => {
  test('nothing, where it says nothing or switches it off', () => {
    for (const safety of [
      undefined,
      {},
      { pii_detection: { enabled: false, types: ['email'] } },
      { pii_detection: false },
    ])
      expect(read(safety)).toEqual({ rules: {}, told: [] });
  });

  test('by OSSA’s names, and those that manifests use', () => {
    expect(
      read({
        pii_detection: { types: ['email', 'phone', 'ssn', 'credit_card', 'ip_address'], action: 'block' },
      }),
    ).toEqual({
      rules: all(['credit-card', 'email', 'ip-address', 'phone', 'us-ssn'], 'block'),
      told: [],
    });
    expect(read({ content_filtering: { categories: ['PII', 'prompt-injection'], action: 'log' } })).toEqual({
      rules: all([...personal, 'prompt-injection'], 'warn'),
      told: [],
    });
    expect(
      read({ content_filtering: { blocklist: ['credentials', 'api-keys', 'passwords'], action: 'redact' } }),
    ).toEqual({
      rules: all(['assigned-secret', 'private-key', 'secret-token', 'url-credentials'], 'redact'),
      told: [],
    });
  });

  test('by the defaults of OSSA 0.2.9 where it says no action, and by class where it lists nothing', () => {
    expect(read({ pii_detection: true })).toEqual({ rules: all(personal, 'redact'), told: [] });
    expect(read({ content_filtering: { categories: ['iban'] } }).rules).toEqual({ iban: 'block' });
    expect(read({ guardrails: { secrets_detection: { enabled: true } } }).rules).toMatchObject({
      'secret-token': 'redact',
    });
    expect(read({ guardrails: { pii_detection: { categories: ['email'], action: 'warn' } } }).rules).toEqual({
      email: 'warn',
    });
  });

  test('of two actions the stronger', () => {
    const safety = {
      content_filtering: { categories: ['pii'], action: 'warn' },
      pii_detection: { types: ['email'], action: 'block' },
    };
    expect(read(safety).rules).toMatchObject({ email: 'block', phone: 'warn' });
  });

  test('what nothing here can tell is said', () => {
    const { rules, told } = read({
      content_filtering: { categories: ['hate', 'violence', 'pii'], threshold: 'high', action: 'warn' },
      pii_detection: { types: ['name', 'address'], action: 'redact' },
      guardrails: {
        prompt_injection: { action: 'block', detection: ['jailbreak'] },
        secrets_detection: { action: 'block', patterns: ['glpat-*'] },
      },
    });
    expect(rules).toMatchObject({ email: 'warn', 'prompt-injection': 'warn', 'secret-token': 'block' });
    const ignored = (path: string, what: string) => `SESSION_IGNORED spec.safety.${path} ${what}`;
    expect(told).toEqual([
      ignored('content_filtering.threshold', 'is left out: a detector is sure or it is not'),
      ignored(
        'content_filtering.categories[0]',
        'is "hate", which nothing here can tell: it is not filtered',
      ),
      ignored(
        'content_filtering.categories[1]',
        'is "violence", which nothing here can tell: it is not filtered',
      ),
      ignored('pii_detection.types[0]', 'is "name", which nothing here can tell: it is not filtered'),
      ignored('pii_detection.types[1]', 'is "address", which nothing here can tell: it is not filtered'),
      ignored('guardrails.secrets_detection.patterns', 'is left out: our detectors have forms of their own'),
      ignored('guardrails.prompt_injection.detection', 'is left out: our detectors have forms of their own'),
      ignored(
        'guardrails.prompt_injection',
        'asks to block prompt-injection, which is told too weakly for more than a warning',
      ),
    ]);
  });

  test('other values are mistakes', () => {
    expect(
      read({ pii_detection: 'yes', content_filtering: { action: 'delete', categories: 'pii' } }).told,
    ).toEqual([
      'SESSION_FIELD spec.safety.content_filtering.action is "delete"',
      'SESSION_FIELD spec.safety.content_filtering.categories is "pii"',
      'SESSION_FIELD spec.safety.pii_detection is "yes"',
    ]);
  });
});
