import { expect, test } from 'vitest';
import { renderPath } from '../../../components/kernel/place.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { checkText } from '../../../components/manifest/check.ts';
import { isData } from '../../../components/manifest/read-data.ts';
import { rule } from '../../../components/manifest/rules/field-deprecated.ts';
import { wrongTypes } from '../../support/rule.ts';

function successors(yaml: string, kind: 'Agent' | 'Task' = 'Agent'): string[] {
  const parsed = parseYaml(yaml, 'manifest');
  const data = parsed.ok ? parsed.documents[0] : undefined;
  if (!isData(data)) throw new Error('the test document is no mapping');
  return rule
    .check({ index: 0, data, kind })
    .map(({ path, expected }) => `${renderPath(path)} → ${expected}`);
}

test.each([
  ['apiVersion: ossa/v0.3.5\nhitl: {enabled: true}', 'hitl → spec.safety.human_in_loop'],
  ['apiVersion: ossa/v0.4.2\norchestration: {}', 'orchestration → spec.team'],
  ['apiVersion: ossa/v0.3\na2a: {}', 'a2a → extensions.a2a'],
  ['apiVersion: ossa/v0.3.3\nstate_management: {}', 'state_management → spec.state'],
  [
    'apiVersion: ossa/v0.3.1\nspec: {identity: {service_name: x}}',
    'spec.identity.service_name → spec.identity.observability.service_name',
  ],
  ['apiVersion: ossa/v0.4\nspec: {capabilities: [a]}', 'spec.capabilities → spec.tools[].capabilities'],
  ['apiVersion: ossa/v0.4\nspec: {model: {name: x}}', 'spec.model → spec.llm'],
  ['apiVersion: ossa/v0.3.5\nspec: {access_tier: {tier: tier_1_read}}', 'spec.access_tier → spec.access'],
  [
    'apiVersion: ossa/v0.4.6\nspec: {token_efficiency: {token_budget: {}, budget: {}}}',
    'spec.token_efficiency.token_budget → spec.token_efficiency.budget',
  ],
  [
    'apiVersion: ossa/v0.4.6\nspec: {token_efficiency: {context_management: {}}}',
    'spec.token_efficiency.context_management → spec.token_efficiency.consolidation',
  ],
  [
    'apiVersion: ossa/v0.3.5\nextensions: {openai_assistants: {file_ids: [file-a]}}',
    'extensions.openai_assistants.file_ids → extensions.openai_assistants.tool_resources',
  ],
  [
    'apiVersion: ossa/v0.3.4\nspec: {tools: [{capabilities: [{name: a}, b, c]}]}',
    'spec.tools[0].capabilities → objects with name and type (tool, expert, infrastructure or agent)',
  ],
])('%s', (yaml, told) => {
  expect(successors(yaml)).toEqual([told]);
});

test('the message of a condition', () => {
  const yaml =
    'spec: {preconditions: [{expression: a}, {message: b}], postconditions: [{message: c}], capabilities: [x]}';
  expect(successors(yaml, 'Task')).toEqual([
    'spec.preconditions[1].message → error_message',
    'spec.postconditions[0].message → error_message',
  ]);
  expect(successors(yaml)).toEqual([]);
});

test.each([
  'apiVersion: ossa/v0.3.4\nhitl: {}\na2a: {}\norchestration: {}\nstate_management: {}',
  'apiVersion: ossa/v0.3.4-rc.1\nhitl: {}',
  'apiVersion: ossa/v0.3.0\nspec: {identity: {service_name: x}}',
  'apiVersion: ossa/v0.3.6\nspec: {token_efficiency: {token_budget: {}}}',
  'apiVersion: ossa/v0.5\nspec: {model: {name: x}, capabilities: [a]}',
  'apiVersion: ossa/v0.3.5\nspec: {tools: [{capabilities: [a]}]}',
  'apiVersion: ossa/v0.3.3\nspec: {tools: [{capabilities: [{name: a}]}]}',
  'apiVersion: banana\nhitl: {}',
])('in its version, or in none that is known: %s', (yaml) => {
  expect(successors(yaml)).toEqual([]);
});

test('what is said about a field', () => {
  const data = { apiVersion: 'ossa/v0.3.5', hitl: {} };
  expect(rule.check({ index: 0, data, kind: 'Agent' })[0]).toMatchObject({
    message: 'hitl is a field that only 0.3.4 has',
    target: 'key',
    fix: 'Move it to spec.safety.human_in_loop.',
  });
});

test.each(wrongTypes)('%s where fields stand', (value) => {
  const yaml = `apiVersion: ossa/v0.3.3\nspec: {tools: ${value}, preconditions: ${value}, identity: ${value}}\nextensions: ${value}`;
  expect(successors(yaml, 'Task')).toEqual([]);
  expect(successors(`apiVersion: ${value}\nhitl: 1`)).toEqual([]);
});

test('RULE_FIELD_DEPRECATED is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
hitl:
  enabled: true
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '6 warning RULE_FIELD_DEPRECATED',
  ]);
});
