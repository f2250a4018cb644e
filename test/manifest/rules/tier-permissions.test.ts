import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { permissions, permissionsOf, tiers } from '../../../components/manifest/duties/access.ts';
import { rule } from '../../../components/manifest/rules/tier-permissions.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function access(tier: string, ...asked: string[]): string {
  return `kind: Agent\nspec: {access: {tier: ${tier}, permissions: [${asked.join(', ')}]}}`;
}

test('a permission beyond the tier, each with its place', () => {
  expect(apply(rule, access('tier_1_read', 'read_code', 'merge_mrs', 'write_docs'))).toEqual([
    'spec.access.permissions[1]: the permission "merge_mrs" goes beyond tier_1_read, which reads only',
    'spec.access.permissions[2]: the permission "write_docs" goes beyond tier_1_read, which reads only',
  ]);
});

test.each(tiers)('%s has what it may ask for', (tier) => {
  expect(apply(rule, access(tier, ...permissionsOf[tier]))).toEqual([]);
  const others = [...permissions].filter((permission) => !permissionsOf[tier].includes(permission));
  expect(apply(rule, access(tier, ...others))).toHaveLength(others.length);
});

test('tier 4 defines policies and writes nothing else', () => {
  expect(apply(rule, access('tier_4_policy', 'define_policies', 'write_docs'))).toHaveLength(1);
  expect(apply(rule, access('tier_3_write_elevated', 'define_policies', 'merge_mrs'))).toHaveLength(1);
});

test('an unknown tier or permission is the structure’s business', () => {
  expect(apply(rule, access('tier_9', 'merge_mrs'))).toEqual([]);
  expect(apply(rule, access('tier_1_read', 'make_tea'))).toEqual([]);
});

test.each(tiers.map((tier, index) => ({ tier, file: `tier-${index + 1}-permissions` })))(
  '$tier: the same permissions as the default policy $file',
  ({ tier, file }) => {
    const url = new URL(`../../../components/policy/default/${file}.policy.yaml`, import.meta.url);
    const [, conditions = ''] = readFileSync(url, 'utf8').split('conditions:');
    const named = [...conditions.matchAll(/'([a-z_]+)'/g)].map(([, name]) => name);
    expect([...named].sort()).toEqual([...permissionsOf[tier]].sort());
  },
);

test('the permissions are those that the schema names', () => {
  const url = new URL('../../../schemas/ossa/parts/access.schema.json', import.meta.url);
  const { access: schema } = JSON.parse(readFileSync(url, 'utf8')).definitions;
  expect([...permissions].sort()).toEqual([...schema.properties.permissions.items.enum].sort());
});

test.each(wrongTypes)('%s where access stands', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {access: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {access: {tier: tier_1_read, permissions: ${value}}}`)).toEqual([]);
});

test('RULE_TIER_PERMISSIONS is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  access:
    tier: tier_1_read
    permissions:
      - read_code
      - merge_mrs
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '10 error RULE_TIER_PERMISSIONS',
  ]);
});
