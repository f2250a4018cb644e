import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/separation-role-unknown.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('a slip in a role, with the role that was meant', () => {
  const yaml =
    'kind: Agent\nspec: {separation: {conflicts_with: [deployr, executor], can_delegate_to: [tier_2_writes_limited]}}';
  expect(apply(rule, yaml)).toEqual([
    'spec.separation.conflicts_with[0]: "deployr" is no role that OSSA has',
    'spec.separation.can_delegate_to[0]: "tier_2_writes_limited" is no role that OSSA has',
  ]);
  const data = { kind: 'Agent', spec: { separation: { conflicts_with: ['deployr'] } } };
  expect(rule.check({ index: 0, data, kind: 'Agent' })[0]?.suggestion).toBe('deployer');
});

test('roles, types, tiers, and roles of one’s own', () => {
  const url = new URL('../../../schemas/ossa/parts/access.schema.json', import.meta.url);
  const { separation } = JSON.parse(readFileSync(url, 'utf8')).definitions;
  const roles: string[] = separation.properties.role.enum;
  const lists = `conflicts_with: [${roles.join(', ')}, worker, chief-of-staff], can_delegate_to: [tier_1_read, operator]`;
  expect(apply(rule, `kind: Agent\nspec: {separation: {${lists}}}`)).toEqual([]);
});

test.each(wrongTypes)('%s where roles stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {separation: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {separation: {can_delegate_to: ${value}}}`)).toEqual([]);
});

test('RULE_SEPARATION_ROLE_UNKNOWN is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  separation:
    conflicts_with:
      - deployr
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '8 warning RULE_SEPARATION_ROLE_UNKNOWN',
  ]);
});
