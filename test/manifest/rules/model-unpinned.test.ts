import { expect, test } from 'vitest';
import { checkText } from '../../../components/manifest/check.ts';
import { whyUnpinned } from '../../../components/manifest/models-pinned.ts';
import { rule } from '../../../components/manifest/rules/model-unpinned.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

test.each([
  ['anthropic', 'claude-sonnet-4-5'],
  ['anthropic', 'claude-3-5-sonnet-latest'],
  ['anthropic', 'claude-sonnet'],
  ['anthropic', 'opus'],
  ['openai', 'gpt-4o'],
  ['openai', 'gpt-4-turbo-preview'],
  ['openai', 'o3-mini'],
  ['google', 'gemini-2.0-flash'],
  ['google', 'gemini-flash-latest'],
  ['mistral', 'mistral-large-latest'],
  ['ollama', 'llama3:latest'],
  ['custom', 'openai/gpt-4o'],
])('%s %s may become another', (provider, model) => {
  expect(whyUnpinned(provider, model)).toBeDefined();
});

test.each([
  ['anthropic', 'claude-sonnet-4-20250514'],
  ['anthropic', 'claude-sonnet-4.5-20250929'],
  ['anthropic', 'claude-opus-4-6'],
  ['anthropic', 'claude-sonnet-5'],
  ['aws', 'anthropic.claude-3-sonnet-20240229-v1:0'],
  ['openai', 'gpt-4o-2024-08-06'],
  ['openai', 'gpt-4-0613'],
  ['openai', 'gpt-4-0125-preview'],
  ['google', 'gemini-2.0-flash-001'],
  ['google', 'gemini-2.5-flash'],
  ['azure', 'our-deployment'],
  ['azure', 'gpt-4o'],
  ['ollama', 'llama3.1:8b'],
  ['mistral', 'mistral-large-2411'],
  ['custom', 'house-model'],
  ['anthropic', '\u0024{LLM_MODEL:-claude-sonnet}'],
  [undefined, 'vendor-x-7'],
])('%s %s is pinned, or nothing is known', (provider, model) => {
  expect(whyUnpinned(provider, model)).toBeUndefined();
});

test('every place that names a model', () => {
  const yaml = `kind: Agent
spec:
  llm: {provider: openai, model: gpt-4o, fallback_models: [{provider: google, model: gemini-2.0-flash}]}
  team: {model: swarm, members: [{name: opus, model: haiku}, {name: b, model: {provider: openai, name: gpt-4o}}]}
  subagents: [{name: c, model: sonnet}]
  model: {provider: anthropic, name: claude-sonnet-4-5}
token_efficiency: {budget: {cascade: [{model: haiku}]}}
extensions: {experts: {registry: [{id: e, name: opus, model: {provider: openai, model: gpt-4o}}]}}`;
  expect(
    apply(rule, yaml)
      .map((line) => line.split(':')[0])
      .sort(),
  ).toEqual([
    'extensions.experts.registry[0].model.model',
    'spec.llm.fallback_models[0].model',
    'spec.llm.model',
    'spec.model.name',
    'spec.subagents[0].model',
    'spec.team.members[0].model',
    'spec.team.members[1].model.name',
    'token_efficiency.budget.cascade[0].model',
  ]);
});

test('the message names the model and what to do', () => {
  expect(apply(rule, 'kind: Agent\nspec: {llm: {provider: anthropic, model: claude-sonnet-4-5}}')).toEqual([
    'spec.llm.model: spec.llm.model "claude-sonnet-4-5" is an alias for the newest snapshot, which has a name with a date',
  ]);
});

test.each(wrongTypes)('%s where models stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {llm: ${value}, model: ${value}, team: ${value}}`)).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {llm: {provider: ${value}, model: ${value}}}`)).toEqual([]);
  const experts = `{experts: {registry: [{model: ${value}}]}}`;
  expect(apply(rule, `kind: Agent\nextensions: ${experts}\nspec: {team: {members: ${value}}}`)).toEqual([]);
});

test('RULE_MODEL_UNPINNED is reported at its line', async () => {
  const text = `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: a}
spec:
  role: x
  llm:
    provider: openai
    model: gpt-4o
`;
  const { findings } = await checkText('agent.ossa.yaml', text, [rule]);
  const own = findings.filter(({ code }) => code === rule.code);
  expect(own.map(({ code, severity, line }) => `${line} ${severity} ${code}`)).toEqual([
    '8 info RULE_MODEL_UNPINNED',
  ]);
});
