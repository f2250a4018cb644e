import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/extension-name-near.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function suggested(name: string): readonly (string | undefined)[] {
  return rule
    .check({ index: 0, data: { spec: { extensions: { [name]: {} } } }, kind: 'Agent' })
    .map(({ suggestion, expected }) => suggestion ?? expected);
}

test.each([
  ['expert', 'experts'],
  ['Experts', 'experts'],
  ['mixture_of_experts', 'experts'],
  ['moe-metrics', 'moe'],
  ['capability', 'capabilities'],
  ['capabilties', 'capabilities'],
  ['feedback_loops', 'feedback'],
  ['infrastucture', 'infrastructure'],
  ['completions', 'spec.completion'],
  ['checkpoints', 'spec.checkpointing'],
  ['lang_chain', 'langchain'],
  ['semantic_kernel', 'semanticKernel'],
  ['langgraf', undefined],
])('%s', (name, meant) => {
  expect(suggested(name)).toEqual(meant === undefined ? [] : [meant]);
});

test.each([
  ...[
    'experts',
    'moe',
    'bat',
    'gitlab',
    'gitlab_duo',
    'anthropic',
    'drupal',
    'mcp',
    'acp',
    'bot',
    'cat',
    'flow',
  ],
  ...['google_adk', 'x-ossa-acta', 'openai_agents', 'langfuse', 'completion', 'cursor', 'autogpt', 'autogen'],
])('%s is a name of its own', (name) => {
  expect(suggested(name)).toEqual([]);
});

test('every extension that has a schema', () => {
  const folder = new URL('../../../schemas/ossa/extensions/', import.meta.url);
  const names = readdirSync(folder).map((file) => file.replace('.schema.json', ''));
  expect(names.length).toBeGreaterThan(20);
  expect(names.flatMap(suggested)).toEqual([]);
});

test('both placements, and what is said', () => {
  expect(apply(rule, 'kind: Agent\nextensions: {expert: {}}\nspec: {extensions: {expert: {}}}')).toEqual([
    'extensions.expert: extensions.expert is no extension that OSSA has',
    'spec.extensions.expert: spec.extensions.expert is no extension that OSSA has',
  ]);
});

test('what --fix may rename: not where the right name stands already', () => {
  const wants = (extensions: Record<string, object>) =>
    rule.check({ index: 0, data: { extensions }, kind: 'Agent' }).map((issue) => issue.wants);
  expect(wants({ Experts: {} })).toEqual([{ names: ['experts'] }]);
  expect(wants({ Experts: {}, experts: {} })).toEqual([undefined]);
});

test.each(wrongTypes)('%s where extensions stand', (value) => {
  expect(apply(rule, `kind: Agent\nextensions: ${value}\nspec: {extensions: ${value}}`)).toEqual([]);
});

test('20,000 names end at once', () => {
  const extensions = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`name_${index}_${'x'.repeat(40)}`, 1]),
  );
  const spent = processorTime();
  expect(rule.check({ index: 0, data: { extensions }, kind: 'Agent' })).toEqual([]);
  expect(spent()).toBeLessThan(5_000);
});

test('RULE_EXTENSION_NAME_NEAR is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
extensions:
  moe: {primary: {metric: a, target: 1}}
  expert: {}
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '8 warning RULE_EXTENSION_NAME_NEAR',
  ]);
});
