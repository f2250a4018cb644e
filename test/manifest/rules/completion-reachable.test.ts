import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/completion-reachable.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { applyAll } from '../apply-further.ts';

function agent(fallback: string | undefined, ...signals: object[]): string {
  const completion = { ...(fallback === undefined ? {} : { default_signal: fallback }), signals };
  return JSON.stringify({ kind: 'Agent', spec: { completion } });
}

const byDefault = (name: string) => [
  `spec.completion.default_signal: no session of this agent ends with "complete": no signal raises it, and the default is "${name}"`,
];
const hidden = (index: number, name: string, priority: number) => [
  `spec.completion.signals[${index}].signal: no session of this agent ends with "complete": "${name}" (priority ${priority}) always fires`,
];

const go = { signal: 'continue', condition: 'true' };
const cases: readonly (readonly [string, string, readonly string[]])[] = [
  ['nothing said', agent(undefined), []],
  ['the default itself', agent('complete', { signal: 'blocked', condition: 'error_count > 2' }), []],
  ['a default that goes on', agent('continue'), byDefault('continue')],
  ['a default that hands on', agent('escalate', { signal: 'continue' }), byDefault('escalate')],
  ['one that the agent raises', agent('continue', { signal: 'complete' }), []],
  ['one with a condition', agent('checkpoint', { signal: 'complete', condition: 'confidence > 0.9' }), []],
  [
    'one that is never true',
    agent('continue', { signal: 'complete', condition: 'false' }),
    byDefault('continue'),
  ],
  [
    'one that is never true, told by reading',
    agent('continue', { signal: 'complete', condition: 'confidence > 1' }),
    byDefault('continue'),
  ],
  [
    'one below what always fires',
    agent('complete', { ...go, priority: 5 }, { signal: 'complete', priority: 1 }),
    hidden(0, 'continue', 5),
  ],
  [
    'one above what always fires',
    agent('complete', { ...go, priority: 1 }, { signal: 'complete', priority: 5 }),
    [],
  ],
  ['one below a checkpoint', agent('complete', { signal: 'checkpoint', condition: 'true', priority: 9 }), []],
  [
    'a default below an off-by-one',
    agent('complete', { signal: 'continue', condition: 'iteration_count <= max_iterations' }),
    hidden(0, 'continue', 0),
  ],
  [
    'a default below what ends',
    agent('complete', { signal: 'continue', condition: 'iteration_count < max_iterations' }),
    [],
  ],
  ['what always completes', agent('continue', { signal: 'complete', condition: 'true' }), []],
];

test.each(cases)('%s', async (_, yaml, said) => expect(await applyAll(rule, yaml)).toEqual(said));

test('RULE_COMPLETION_REACHABLE: told at once where nothing has to be read', () => {
  expect(rule.code).toBe('RULE_COMPLETION_REACHABLE');
  expect(apply(rule, agent('continue'))).toEqual(byDefault('continue'));
  expect(apply(rule, agent('continue').replace('Agent', 'Task'))).toEqual([]);
});

test.each(wrongTypes)('%s where completion stands', async (value) => {
  expect(await applyAll(rule, `kind: Agent\nspec: {completion: ${value}}`)).toEqual([]);
  const completion = `{default_signal: ${value}, signals: ${value}}`;
  expect(await applyAll(rule, `kind: Agent\nspec: {completion: ${completion}}`)).toEqual([]);
});
