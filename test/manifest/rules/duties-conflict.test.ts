import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/duties-conflict.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each([
  ['spec: {separation: {role: reviewer, conflicts_with: [deployer, reviewer]}}', 'spec.separation.role'],
  ['spec: {type: reviewer, separation: {role: auditor, conflicts_with: [deployer, reviewer]}}', 'spec.type'],
  [
    'metadata: {agentKind: reviewer}\nspec: {separation: {conflicts_with: [deployer, reviewer]}}',
    'metadata.agentKind',
  ],
])('%s', (yaml, source) => {
  expect(apply(rule, `kind: Agent\n${yaml}`)).toEqual([
    `spec.separation.conflicts_with[1]: the agent conflicts with itself: "reviewer" is what it is by ${source}`,
  ]);
});

test.each([
  ['merge', 'merge_mrs'],
  ['deploy', 'execute_deployments'],
  ['delete', 'delete_branches'],
  ['execute', 'execute_commands'],
  ['modify_production', 'write_production_code'],
  ['define_policies', 'define_policies'],
])('prohibited: %s, permitted: %s', (action, permission) => {
  const yaml = `kind: Agent\nspec: {access: {permissions: [read_code, ${permission}]}, separation: {prohibited_actions: [${action}]}}`;
  expect(apply(rule, yaml)).toEqual([
    `spec.access.permissions[1]: the permission "${permission}" allows what ` +
      `spec.separation.prohibited_actions[0] prohibits: "${action}"`,
  ]);
});

test('duties that are apart', () => {
  const yaml =
    'kind: Agent\nspec: {type: critic, access: {permissions: [read_code, write_docs]}, ' +
    'separation: {role: reviewer, conflicts_with: [deployer], can_delegate_to: [deployer], prohibited_actions: [merge]}}';
  expect(apply(rule, yaml)).toEqual([]);
});

test.each(wrongTypes)('%s where duties stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {separation: ${value}, access: ${value}, type: ${value}}`)).toEqual(
    [],
  );
  const inner = `{role: ${value}, conflicts_with: ${value}, prohibited_actions: ${value}}`;
  expect(apply(rule, `kind: Agent\nspec: {separation: ${inner}, access: {permissions: ${value}}}`)).toEqual(
    [],
  );
});

test('20,000 of each end at once', () => {
  const many = Array.from({ length: 20_000 }, (_, index) => `role_${index}`);
  const separation = { role: 'reviewer', conflicts_with: many, prohibited_actions: many };
  const data = { kind: 'Agent', spec: { separation, access: { permissions: many } } };
  const spent = processorTime();
  expect(rule.check({ index: 0, data, kind: 'Agent' })).toEqual([]);
  expect(spent()).toBeLessThan(5_000);
});

test('RULE_DUTIES_CONFLICT is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  separation:
    role: reviewer
    conflicts_with:
      - reviewer
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '9 error RULE_DUTIES_CONFLICT',
  ]);
});
