import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/reviewer-deploys.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function agent(role: string, rest: string): string {
  return `kind: Agent\nspec: {separation: {role: ${role}}, ${rest}}`;
}

test('permissions, actions and tools of a reviewer', () => {
  const rest =
    'access: {permissions: [read_code, merge_mrs, execute_deployments]}, ' +
    'autonomy: {allowed_actions: ["deploy:staging"]}, tools: [{name: mergeBranch}, {name: read_file}]';
  const role = 'spec.separation.role is "reviewer", but';
  expect(apply(rule, agent('reviewer', rest))).toEqual([
    `spec.access.permissions[1]: ${role} "merge_mrs" lets the agent merge`,
    `spec.access.permissions[2]: ${role} "execute_deployments" lets the agent deploy`,
    `spec.autonomy.allowed_actions[0]: ${role} "deploy:staging" lets the agent deploy`,
    `spec.tools[0].name: ${role} "mergeBranch" lets the agent merge`,
  ]);
});

test.each([
  ['spec: {type: critic, tools: [{name: deploy}]}', 'spec.type is "critic"'],
  ['metadata: {agentKind: reviewer}\nspec: {tools: [{name: merge_mr}]}', 'metadata.agentKind is "reviewer"'],
])('the role in %s', (yaml, role) => {
  expect(apply(rule, `kind: Agent\n${yaml}`)[0]).toMatch(role);
});

test.each([
  ...['merge_request_reader', 'merge-requests', 'mergeConflictCheck', 'deploy_status', 'deployment_info'],
  ...['list_deployments', 'merged_yaml', 'check_merge', 'emerge', 'getMergeRequest', '', '123', 'deployer'],
])('the tool "%s" only looks', (name) => {
  expect(apply(rule, agent('reviewer', `tools: [{name: "${name}"}]`))).toEqual([]);
});

test('an agent of another role may', () => {
  expect(apply(rule, agent('deployer', 'access: {permissions: [execute_deployments]}'))).toEqual([]);
  expect(apply(rule, 'kind: Agent\nspec: {tools: [{name: deploy}]}')).toEqual([]);
});

test.each(wrongTypes)('%s where roles and tools stand', (value) => {
  expect(
    apply(rule, `kind: Agent\nspec: {separation: ${value}, type: ${value}, tools: [{name: deploy}]}`),
  ).toEqual([]);
  expect(apply(rule, agent('reviewer', `access: ${value}, autonomy: ${value}, tools: ${value}`))).toEqual([]);
  expect(apply(rule, agent('reviewer', `tools: [{name: ${value}}]`))).toEqual([]);
});

test('RULE_REVIEWER_DEPLOYS is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  type: critic
  access:
    tier: tier_3_write_elevated
    permissions:
      - merge_mrs
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '10 warning RULE_REVIEWER_DEPLOYS',
  ]);
});
