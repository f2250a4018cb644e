import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/secret-field-literal.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

const literal = 'q7Zk2xV9-rTb4LwN8';

test.each([
  ...['api_key', 'apiKey', 'API-KEY', 'token', 'access_token', 'clientSecret', 'client_secret', 'secret'],
  ...['password', 'db_password', 'Authorization', 'PRIVATE-TOKEN', 'signing_key', 'encryptionKey'],
])('%s with a literal value', (key) => {
  const told = apply(rule, `kind: Agent\nspec: {tools: [{auth: {${key}: "${literal}"}}]}`);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(/^spec\.tools\[0\]\.auth\./);
  expect(told[0]).not.toContain(literal);
});

test('what is said does not repeat the value', () => {
  const data = { kind: 'Agent', spec: { api_key: literal } };
  const found = rule.check({ index: 0, data, kind: 'Agent' });
  expect(found[0]).toMatchObject({ path: ['spec', 'api_key'], got: 'a text of 17 characters' });
  expect(JSON.stringify(found)).not.toContain(literal);
});

test('a scheme before the token, a password of few characters, a bare key as keyRef', () => {
  expect(apply(rule, `kind: Agent\nspec: {headers: {Authorization: "Bearer ${literal}"}}`)).toHaveLength(1);
  expect(apply(rule, 'kind: Agent\nspec: {password: "hun!er2"}')).toHaveLength(1);
  const key = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0';
  expect(apply(rule, `kind: Agent\nspec: {state: {encryption: {keyRef: "${key}"}}}`)).toHaveLength(1);
});

test.each([
  ...[
    '\u0024{API_KEY}',
    '\u0024{API_KEY:-none}',
    '\u0024API_KEY',
    'OPENAI_API_KEY',
    'env:API_KEY',
    'vault:secret/data/x7',
  ],
  ...[
    '{{ secrets.key1 }}',
    '%API_KEY_1%',
    '<your-key-1>',
    '/run/secrets/key1',
    './secrets/key1.txt',
    'npm-token',
  ],
  ...[
    'gitlab-token-v2',
    'string',
    'required',
    'xxxxxxxxxxxxxxxx',
    'changeme-1234',
    'bearer',
    'see the docs, page 12',
    '',
  ],
  ...['Bearer \u0024{env.TOKEN1}', 'https://vault.example.org/v1/key', 'aws-secret-manager/prod/db2'],
])('no literal: %s', (value) => {
  for (const key of ['api_key', 'password', 'token', 'keyRef']) {
    const data = { kind: 'Agent', spec: { [key]: value } };
    expect(rule.check({ index: 0, data, kind: 'Agent' })).toEqual([]);
  }
});

test.each([
  'api_key_env',
  'max_tokens',
  'token_path',
  'tokenizer',
  'secret_ref',
  'key',
  'public_key',
  'token_type',
  'auth',
])('%s holds no secret by its name', (key) => {
  expect(apply(rule, `kind: Agent\nspec: {${key}: "${literal}"}`)).toEqual([]);
});

test('a token of a known shape is left to secret-in-plain-text; a key that is one is in no path', () => {
  const token = `glpat-${'Q7mZk2xV9rTb4LwN8sHd'}`;
  expect(apply(rule, `kind: Agent\nspec: {token: "${token}"}`)).toEqual([]);
  const data = { kind: 'Agent', spec: { [token]: { api_key: literal } } };
  expect(JSON.stringify(rule.check({ index: 0, data, kind: 'Agent' }))).not.toContain(token);
});

test.each(wrongTypes)('%s where a secret would stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {api_key: ${value}, password: ${value}}`)).toEqual([]);
});

test('a megabyte under a telling name ends at once', () => {
  const spent = processorTime();
  for (const value of ['a1-'.repeat(350_000), 'bearer '.repeat(150_000), 'a'.repeat(1_000_000)]) {
    rule.check({ index: 0, data: { spec: { password: value, [value]: literal } }, kind: 'Agent' });
  }
  expect(spent()).toBeLessThan(5_000);
});

test('RULE_SECRET_FIELD_LITERAL is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  password: Tr0ub4dor
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '6 warning RULE_SECRET_FIELD_LITERAL',
  ]);
});
