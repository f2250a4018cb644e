import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/delegation-higher-tier.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function agent(tier: string, rest: string): string {
  return `kind: Agent\nspec: {access: {tier: ${tier}}, ${rest}}`;
}

test('a tier above the agent’s own, in both lists', () => {
  const rest =
    'delegation: {allowed_tiers: [tier_1_read, tier_3_write_elevated]}, separation: {can_delegate_to: [deployer, tier_4_policy]}';
  expect(apply(rule, agent('tier_2_write_limited', rest))).toEqual([
    'spec.delegation.allowed_tiers[1]: the agent may delegate to tier_3_write_elevated, above its own tier tier_2_write_limited',
    'spec.separation.can_delegate_to[1]: the agent may delegate to tier_4_policy, above its own tier tier_2_write_limited',
  ]);
});

test('an operation that the agent’s own tier does not have', () => {
  const rest = 'delegation: {allowed_operations: [write_docs, merge_mrs, summarise]}';
  expect(apply(rule, agent('tier_2_write_limited', rest))).toEqual([
    'spec.delegation.allowed_operations[1]: the agent may delegate "merge_mrs", which its own tier tier_2_write_limited does not have',
  ]);
});

test('without a tier an agent has the least', () => {
  expect(apply(rule, 'kind: Agent\nspec: {delegation: {allowed_tiers: [tier_2_write_limited]}}')).toEqual([
    'spec.delegation.allowed_tiers[0]: the agent may delegate to tier_2_write_limited, above its own tier ' +
      'tier_1_read (the least, since spec.access.tier is missing)',
  ]);
});

test.each([
  agent('tier_3_write_elevated', 'delegation: {allowed_tiers: [tier_1_read, tier_3_write_elevated]}'),
  agent(
    'tier_4_policy',
    'delegation: {allowed_tiers: [tier_3_write_elevated], allowed_operations: [read_code]}',
  ),
  agent('tier_1_read', 'delegation: {enabled: false, allowed_tiers: [tier_3_write_elevated]}'),
  agent('tier_9', 'delegation: {allowed_tiers: [tier_3_write_elevated]}'),
  agent('tier_1_read', 'separation: {can_delegate_to: [deployer]}'),
])('nothing to say: %s', (yaml) => {
  expect(apply(rule, yaml)).toEqual([]);
});

test.each(wrongTypes)('%s where delegation stands', (value) => {
  expect(
    apply(rule, `kind: Agent\nspec: {access: ${value}, delegation: ${value}, separation: ${value}}`),
  ).toEqual([]);
  const lists = `{allowed_tiers: ${value}, allowed_operations: ${value}}`;
  expect(apply(rule, agent('tier_1_read', `delegation: ${lists}`))).toEqual([]);
});

test('RULE_DELEGATION_HIGHER_TIER is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  access:
    tier: tier_1_read
  delegation:
    allowed_tiers:
      - tier_2_write_limited
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '10 error RULE_DELEGATION_HIGHER_TIER',
  ]);
});
