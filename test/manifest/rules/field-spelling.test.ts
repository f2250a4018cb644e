import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { rule } from '../../../components/manifest/rules/field-spelling.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each([
  ['llm: {max_tokens: 5}', 'spec.llm.max_tokens', 'maxTokens'],
  ['llm: {fallbackModels: []}', 'spec.llm.fallbackModels', 'fallback_models'],
  ['constraints: {cost: {max_cost_per_day: 5}}', 'spec.constraints.cost.max_cost_per_day', 'maxCostPerDay'],
  ['autonomy: {blockedActions: [a]}', 'spec.autonomy.blockedActions', 'blocked_actions'],
  ['completion: {max-iterations: 5}', 'spec.completion.max-iterations', 'max_iterations'],
  ['state: {storage: {encryption: {key_ref: K}}}', 'spec.state.storage.encryption.key_ref', 'keyRef'],
  ['knowledgeSources: []', 'spec.knowledgeSources', 'knowledge_sources'],
])('%s', (spec, place, field) => {
  expect(apply(rule, `kind: Agent\nspec: {${spec}}`)).toEqual([
    `${place}: ${place} is written "${field}" in OSSA; nothing reads this spelling`,
  ]);
});

test('what --fix may rename: not where the right spelling stands already', () => {
  const wants = (llm: Record<string, number>) =>
    rule.check({ index: 0, data: { spec: { llm } }, kind: 'Agent' }).map((issue) => issue.wants);
  expect(wants({ max_tokens: 5 })).toEqual([{ names: ['maxTokens'] }]);
  expect(wants({ max_tokens: 5, maxTokens: 6 })).toEqual([undefined]);
});

test('OSSA’s own spelling, and other names', () => {
  const spec =
    'llm: {maxTokens: 5, max_thinking: 1}, completion: {timeout_seconds: 5}, autonomy: {allowed_actions: []}';
  expect(apply(rule, `kind: Agent\nspec: {${spec}}`)).toEqual([]);
});

test.each(wrongTypes)('%s where mappings stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: ${value}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {llm: ${value}, state: ${value}, constraints: ${value}}`)).toEqual(
    [],
  );
});

test('RULE_FIELD_SPELLING is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  llm:
    provider: openai
    model: x
    max_tokens: 5
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '9 warning RULE_FIELD_SPELLING',
  ]);
});
