import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { parsePolicies } from '../../components/policy/parse.ts';
import { parseTests } from '../../components/policy/testing/parse.ts';
import { runTests } from '../../components/policy/testing/run.ts';

const page = readFileSync('docs/policies.md', 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)]
  .map(([, text = '']) => text)
  .filter((text) => text.startsWith('apiVersion: '));

const isTest = (text: string) => text.includes('kind: PolicyTest');

test('the examples of the page are policies, and pass the test that is beside them', async () => {
  const files = examples.map((text, index) => ({
    path: `${index}.yaml`,
    text: text.replace('sha256:…', `sha256:${'0'.repeat(64)}`),
  }));
  const own = await parsePolicies(
    'project',
    files.filter(({ text }) => !isTest(text)),
  );
  expect(own.findings).toEqual([]);
  expect([own.policies.length, own.certifications.length]).toEqual([1, 1]);
  const { cases, findings } = await parseTests(files.filter(({ text }) => isTest(text)));
  expect(findings).toEqual([]);
  expect(runTests([await readDefaultLevel(), own], 'project', cases)).toMatchObject({
    passed: 2,
    failed: [],
  });
});
