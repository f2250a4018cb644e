import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/taxonomy-unknown.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test('a taxonomy under metadata', () => {
  expect(apply(rule, 'kind: Agent\nmetadata: {taxonomy: {domain: security}}')).toEqual([
    'metadata.taxonomy: metadata.taxonomy is not where OSSA has the taxonomy',
  ]);
});

test.each([
  ['type: telemetry.analytics', 'spec.type: spec.type names "telemetry", which is no type of agent'],
  [
    'type: orchestrator.marketplace',
    'spec.type: spec.type names "marketplace", which is no subtype of orchestrator',
  ],
  ['type: worker, subtype: apis', 'spec.subtype: spec.subtype names "apis", which is no subtype of worker'],
  [
    'type: worker, subtype: worker.apis',
    'spec.subtype: spec.subtype names "apis", which is no subtype of worker',
  ],
  ['type: workr, subtype: api', 'spec.type: spec.type names "workr", which is no type of agent'],
])('%s', (spec, told) => {
  expect(apply(rule, `kind: Agent\nspec: {${spec}}`)).toEqual([told]);
});

test('the nearest word is suggested', () => {
  const suggested = (type: string) =>
    rule.check({ index: 0, data: { spec: { type } }, kind: 'Agent' }).map(({ suggestion }) => suggestion);
  expect(suggested('critc.quality')).toEqual(['critic']);
  expect(suggested('critic.securty')).toEqual(['security']);
});

test.each(['worker.api', 'critic.security', 'governor.cost', 'worker', 'specialist', 'whatever'])(
  'the type %s',
  (type) => {
    expect(apply(rule, `kind: Agent\nspec: {type: ${type}}`)).toEqual([]);
  },
);

test('a subtype written with its type', () => {
  expect(apply(rule, 'kind: Agent\nspec: {type: worker, subtype: worker.api}')).toEqual([]);
});

test('domain and capability where no schema looks', () => {
  const spec = 'spec: {taxonomy: {domain: finops, capability: LLM-Cost management}}';
  for (const version of ['ossa/v0.5', 'ossa/v0.5.1']) {
    expect(apply(rule, `apiVersion: ${version}\nkind: Agent\n${spec}`)).toEqual([
      'spec.taxonomy.domain: spec.taxonomy.domain names "finops", which is no domain',
      'spec.taxonomy.capability: spec.taxonomy.capability is "LLM-Cost management", which is no name of a capability',
    ]);
  }
  for (const version of ['ossa/v0.2.9', 'ossa/v0.3.5', 'ossa/v0.4', 'ossa/v1']) {
    expect(apply(rule, `apiVersion: ${version}\nkind: Agent\n${spec}`)).toEqual([]);
  }
  const data = {
    apiVersion: 'ossa/v0.5',
    spec: { taxonomy: { domain: 'data', capability: 'LLM-Cost management' } },
  };
  expect(rule.check({ index: 0, data, kind: 'Agent' })[0]?.suggestion).toBe('llm_cost_management');
});

test.each(wrongTypes)('%s where a taxonomy stands', (value) => {
  const head = 'apiVersion: ossa/v0.5\nkind: Agent';
  expect(apply(rule, `${head}\nspec: {taxonomy: ${value}, type: ${value}}`)).toEqual([]);
  expect(apply(rule, `${head}\nspec: {type: worker.api, subtype: ${value}}`)).toEqual([]);
  if (value.startsWith('{')) return;
  expect(apply(rule, `${head}\nmetadata: {taxonomy: ${value}}`)).toEqual([]);
});

test('RULE_TAXONOMY_UNKNOWN is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  type: telemetry.analytics
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '6 warning RULE_TAXONOMY_UNKNOWN',
  ]);
});
