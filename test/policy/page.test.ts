import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePolicies } from '../../components/policy/parse.ts';

const page = readFileSync('docs/policies.md', 'utf8');
const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);

test('the examples of the page are policies', async () => {
  const files = examples.map((text, index) => ({
    path: `${index}.policy.yaml`,
    text: text.replace('sha256:…', `sha256:${'0'.repeat(64)}`),
  }));
  const { findings, policies, certifications } = await parsePolicies('project', files);
  expect(findings).toEqual([]);
  expect([policies.length, certifications.length]).toEqual([1, 1]);
});
