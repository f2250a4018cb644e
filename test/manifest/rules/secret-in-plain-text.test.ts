import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/secret-in-plain-text.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

// Put together here, so that no scanner takes this file for one that holds secrets.
const body = 'Q7mZk2xV9rTb4LwN8sHd';
const secrets = {
  gitlab: `glpat-${body}`,
  anthropic: `sk-ant-${body}`,
  openai: `sk-${body}${body}`,
  google: `AIza${body}${body}`,
  amazon: `AKIA${body.toUpperCase().slice(0, 16)}`,
  github: `ghp_${body}`,
  slack: `xoxb-${body}`,
  npm: `npm_${body}${body}`,
  signed: `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${body}${body}`,
};

function issues(data: Record<string, unknown>) {
  return rule.check({ index: 0, data, kind: 'Agent' });
}

test.each(Object.entries(secrets))('%s: found, and not repeated', (_, secret) => {
  const found = issues({ spec: { env: [{ X: `before ${secret} after` }] } });
  expect(found).toHaveLength(1);
  expect(found[0]?.path).toEqual(['spec', 'env', 0, 'X']);
  expect(JSON.stringify(found)).not.toContain(secret.slice(-10));
});

test('a private key, the password of a URL', () => {
  const key = ['-----BEGIN RSA', 'PRIVATE', 'KEY-----'].join(' ');
  expect(issues({ spec: { a: `${key}\nMIIE` } })[0]?.message).toBe('spec.a holds a private key');
  expect(issues({ spec: { b: 'postgres://app:Tr0ub4dor@db:5432/x' } })[0]?.message).toBe(
    'spec.b holds the password of a URL',
  );
});

test('a key that is a secret is in no path', () => {
  const found = issues({ spec: { [secrets.gitlab]: { inner: secrets.github } } });
  expect(found.map(({ path, message }) => `${path.join('.')}: ${message}`)).toEqual([
    'spec: a key of spec is a token that begins with "glpat-"',
    'spec: spec holds a token that begins with "ghp_"',
  ]);
  expect(JSON.stringify(found)).not.toContain(body);
});

test.each([
  ...[
    '\u0024{GITLAB_TOKEN}',
    'Bearer \u0024{env.TOKEN}',
    'OPENAI_API_KEY',
    'vault:secret/data/agents#key',
    'glpat-*',
  ],
  ...[
    'sk-ant-xxxxxxxxxxxxxxxxxxxxxxxx',
    'glpat-your-token-goes-here',
    'AKIAIOSFODNN7EXAMPLE',
    'https://example.org/a:b@c',
  ],
  ...[
    'postgres://app:\u0024{DB_PASSWORD}@db/x',
    'postgres://user:password@localhost/x',
    'task-that-asks-sk-what-it-is-for',
  ],
  ...[
    '-----BEGIN PUBLIC KEY-----',
    'eyJhbGciOiJIUzI1NiJ9',
    'sha256:6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b',
  ],
])('no secret: %s', (value) => {
  expect(issues({ spec: { value } })).toEqual([]);
});

test.each(wrongTypes)('%s anywhere', (value) => {
  expect(apply(rule, `kind: Agent\nspec: ${value}\nmetadata: {a: [${value}]}`)).toEqual([]);
});

test('wherever a token stands, it is found once and never shown', () => {
  const text = fc.string({ maxLength: 20 });
  fc.assert(
    fc.property(fc.array(text, { maxLength: 5 }), text, text, (path, before, after) => {
      const clean = (part: string) => part.replace(/[A-Za-z0-9_-]/g, ' ');
      const value = `${clean(before)}${secrets.gitlab}${clean(after)}`;
      const spec = path.reduceRight<unknown>((inner, key) => ({ [`k${key}`]: inner }), value);
      const found = issues({ spec });
      expect(found).toHaveLength(1);
      expect(JSON.stringify(found)).not.toContain(body);
    }),
  );
});

test.each([
  'glpat-',
  'sk-',
  'eyJ',
  'eyJaaaaaaaaaaa.',
  '://a:',
  '-----BEGIN ',
  'AKIA',
  'hf_a',
  'xoxb-',
  'sk-ant-a.',
])('a megabyte of "%s" ends at once', (part) => {
  const spent = processorTime();
  issues({ spec: { value: part.repeat((1024 * 1024) / part.length) } });
  expect(spent()).toBeLessThan(5_000);
});

test('100,000 levels end at once', () => {
  let value: unknown = secrets.gitlab;
  for (let level = 0; level < 100_000; level += 1) value = [value];
  const spent = processorTime();
  expect(issues({ spec: value })).toHaveLength(1);
  expect(spent()).toBeLessThan(5_000);
});

test('RULE_SECRET_IN_PLAIN_TEXT is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  note: |
    curl -H 'PRIVATE-TOKEN: ${secrets.gitlab}'
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '6 error RULE_SECRET_IN_PLAIN_TEXT',
  ]);
});
