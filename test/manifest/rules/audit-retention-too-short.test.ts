import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/audit-retention-too-short.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each([
  ['standard', 29, 30],
  ['detailed', 30, 90],
  ['comprehensive', 364, 365],
])('%s and %i days', (level, days, least) => {
  const yaml = `kind: Agent\nsecurity: {audit: {retention_days: ${days}}}\nspec: {access: {audit_level: ${level}}}`;
  expect(apply(rule, yaml)).toEqual([
    `security.audit.retention_days: security.audit.retention_days is ${days} days, but audit level "${level}" means ${least}`,
  ]);
  expect(apply(rule, yaml.replace(`: ${days}}`, `: ${least}}`))).toEqual([]);
});

test('the evidence of a capability', () => {
  const tools =
    'tools: [{capabilities: [a, {evidence: {retention_days: 7}}, {evidence: {retention_days: 90}}]}]';
  expect(apply(rule, `kind: Agent\nspec: {access: {audit_level: detailed}, ${tools}}`)).toEqual([
    'spec.tools[0].capabilities[1].evidence.retention_days: ' +
      'spec.tools[0].capabilities[1].evidence.retention_days is 7 days, but audit level "detailed" means 90',
  ]);
});

test('without a level, or with one of nobody’s, nothing is asked for', () => {
  const audit = 'security: {audit: {retention_days: 1}}';
  expect(apply(rule, `kind: Agent\n${audit}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\n${audit}\nspec: {access: {audit_level: constructor}}`)).toEqual([]);
});

test.each(wrongTypes.filter((value) => value !== '7'))('%s where audits stand', (value) => {
  const access = 'access: {audit_level: detailed}';
  expect(apply(rule, `kind: Agent\nsecurity: ${value}\nspec: {${access}, tools: ${value}}`)).toEqual([]);
  expect(
    apply(rule, `kind: Agent\nsecurity: {audit: {retention_days: ${value}}}\nspec: {${access}}`),
  ).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {access: ${value}}`)).toEqual([]);
});

test('RULE_AUDIT_RETENTION_TOO_SHORT is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  access: {tier: tier_1_read, audit_level: detailed}
security:
  audit:
    retention_days: 7
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '9 warning RULE_AUDIT_RETENTION_TOO_SHORT',
  ]);
});
