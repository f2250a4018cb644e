import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/actions-contradict.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function lists(allowed: string, blocked: string): string {
  return `kind: Agent\nspec: {autonomy: {allowed_actions: ${allowed}, blocked_actions: ${blocked}}}`;
}

test('the same action in both lists, whatever its style', () => {
  expect(apply(rule, lists('[read, delete-files]', '[merge, Delete_Files]'))).toEqual([
    'spec.autonomy.allowed_actions[1]: "delete-files" is allowed here, and blocked at spec.autonomy.blocked_actions[1]',
  ]);
});

test('an action that a pattern blocks', () => {
  expect(apply(rule, lists('["deploy:staging", deployment]', '["deploy:*"]'))).toEqual([
    'spec.autonomy.allowed_actions[0]: "deploy:staging" is allowed here, and blocked at ' +
      'spec.autonomy.blocked_actions[0] as "deploy:*"',
  ]);
  expect(apply(rule, lists('["deploy:prod:*"]', '["deploy:*"]'))).toHaveLength(1);
});

test.each([
  ['access: {permissions: [merge_mrs], prohibited: [merge_mrs]}', 'spec.access.permissions[0]'],
  [
    'autonomy: {allowed_actions: [merge]}, separation: {prohibited_actions: [merge]}',
    'spec.autonomy.allowed_actions[0]',
  ],
  [
    'safety: {guardrails: {allowed_actions: [push], prohibited_actions: [push]}}',
    'spec.safety.guardrails.allowed_actions[0]',
  ],
  [
    'autonomy: {allowed_actions: [push]}, safety: {guardrails: {blocked_actions: ["pu*"]}}',
    'spec.autonomy.allowed_actions[0]',
  ],
])('%s', (spec, place) => {
  const told = apply(rule, `kind: Agent\nspec: {${spec}}`);
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(place);
});

test.each([
  ['[read, write]', '[delete]'],
  ['["*"]', '["delete:*"]'],
  ['["deploy:*"]', '["deploy:production"]'],
  ['[read]', '["*"]'],
  ['[]', '[""]'],
  ['[""]', '[x]'],
])('allowed %s, blocked %s', (allowed, blocked) => {
  expect(apply(rule, lists(allowed, blocked))).toEqual([]);
});

test.each(wrongTypes)('%s where actions stand', (value) => {
  expect(apply(rule, lists(value, '[a]'))).toEqual([]);
  expect(apply(rule, lists('[b]', value))).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {autonomy: ${value}, safety: ${value}, access: ${value}}`)).toEqual(
    [],
  );
});

test('20,000 long actions against 20,000 patterns end at once', () => {
  const allowed_actions = Array.from({ length: 20_000 }, (_, index) => `${'a'.repeat(200)}${index}`);
  const blocked_actions = Array.from({ length: 20_000 }, (_, index) => `b${index}*`);
  const data = { kind: 'Agent', spec: { autonomy: { allowed_actions, blocked_actions } } };
  const spent = processorTime();
  expect(rule.check({ index: 0, data, kind: 'Agent' })).toEqual([]);
  expect(spent()).toBeLessThan(8_000);
});

test('RULE_ACTIONS_CONTRADICT is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  autonomy:
    allowed_actions: [merge]
    blocked_actions: [merge]
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '7 error RULE_ACTIONS_CONTRADICT',
  ]);
});
