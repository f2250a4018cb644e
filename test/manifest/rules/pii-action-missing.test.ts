import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/pii-action-missing.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each([
  ['pii_detection: {enabled: true}', 'spec.safety.pii_detection'],
  ['pii_detection: {types: [email]}', 'spec.safety.pii_detection'],
  ['guardrails: {pii_detection: {enabled: true, categories: [ssn]}}', 'spec.safety.guardrails.pii_detection'],
])('%s has no action', (safety, place) => {
  expect(apply(rule, `kind: Agent\nspec: {safety: {${safety}}}`)).toEqual([
    `${place}: ${place} finds personal data, but has no action`,
  ]);
});

test('classes of data that nobody handles', () => {
  const yaml = `kind: Agent
spec:
  knowledge_sources: [{name: a, config: {classification: PII}}, {name: b, config: {classification: public}}]
  tools: [{name: c, compliance_tags: [fedramp, hipaa]}, {name: d, capabilities: [{compliance_tags: [phi]}]}]`;
  const rest = 'but nothing says what is done with personal data';
  expect(apply(rule, yaml)).toEqual([
    `spec.knowledge_sources[0].config.classification: spec.knowledge_sources[0].config.classification is "PII", ${rest}`,
    `spec.tools[0].compliance_tags[1]: spec.tools[0].compliance_tags[1] is "hipaa", ${rest}`,
    `spec.tools[1].capabilities[0].compliance_tags[0]: spec.tools[1].capabilities[0].compliance_tags[0] is "phi", ${rest}`,
  ]);
  expect(apply(rule, `${yaml}\n  compliance: {pii_handling: redact}`)).toEqual([]);
  expect(apply(rule, `${yaml}\n  safety: {pii_detection: {action: block}}`)).toEqual([]);
});

test('handling "none" beside what protects personal data', () => {
  const spec = (rest: string) => `kind: Agent\nspec: {compliance: {pii_handling: none, ${rest}}}`;
  expect(apply(rule, spec('frameworks: [SOC2, GDPR]'))).toEqual([
    'spec.compliance.pii_handling: spec.compliance.pii_handling is "none", but spec.compliance.frameworks[1] is "GDPR"',
  ]);
  expect(apply(rule, spec('frameworks: [SOC2]'))).toEqual([]);
});

test.each([
  'safety: {pii_detection: {enabled: true, action: redact}}',
  'safety: {pii_detection: {enabled: false, types: [email]}}',
  'safety: {pii_detection: {types: []}}',
  'compliance: {frameworks: [GDPR]}',
  'tools: [{compliance_tags: [fedramp]}]',
])('nothing to say: %s', (spec) => {
  expect(apply(rule, `kind: Agent\nspec: {${spec}}`)).toEqual([]);
});

test.each(wrongTypes)('%s where personal data is declared', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {safety: ${value}, compliance: ${value}, tools: ${value}}`)).toEqual(
    [],
  );
  const inner = `tools: [{compliance_tags: ${value}, capabilities: ${value}}], knowledge_sources: [{config: ${value}}]`;
  expect(
    apply(rule, `kind: Agent\nspec: {${inner}, compliance: {pii_handling: ${value}, frameworks: ${value}}}`),
  ).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {safety: {pii_detection: ${value}, guardrails: ${value}}}`)).toEqual(
    [],
  );
});

test('RULE_PII_ACTION_MISSING is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  safety:
    pii_detection:
      enabled: true
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '8 warning RULE_PII_ACTION_MISSING',
  ]);
});
