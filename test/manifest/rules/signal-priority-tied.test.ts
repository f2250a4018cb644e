import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/signal-priority-tied.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

function signals(...rows: string[]): string {
  return `kind: Agent\nspec: {completion: {signals: [${rows.join(', ')}]}}`;
}

test('RULE_SIGNAL_PRIORITY_TIED: which is tried first is only how they are written', () => {
  expect(rule.code).toBe('RULE_SIGNAL_PRIORITY_TIED');
  const yaml = signals(
    '{signal: blocked, condition: a}',
    '{signal: escalate, condition: b, priority: 0}',
    '{signal: complete, condition: c, priority: 1}',
  );
  expect(apply(rule, yaml)).toEqual([
    'spec.completion.signals[1].signal: signal "escalate" (priority 0) has the priority of "blocked" (priority 0), ' +
      'which is tried first only because it is written first',
  ]);
});

test.each([
  [
    'different priorities',
    '{signal: blocked, condition: a, priority: 2}',
    '{signal: escalate, condition: b, priority: 1}',
  ],
  ['one signal for two reasons', '{signal: blocked, condition: a}', '{signal: blocked, condition: b}'],
  ['a checkpoint', '{signal: blocked, condition: a}', '{signal: checkpoint, condition: b}'],
  ['what the agent raises', '{signal: blocked}', '{signal: escalate}'],
  ['what is left over', '{signal: blocked, condition: a}', '{signal: continue, condition: "true"}'],
])('%s is no tie', (_, ...rows) => expect(apply(rule, signals(...rows))).toEqual([]));

test.each(wrongTypes)('%s where signals stand', (value) => {
  expect(apply(rule, `kind: Agent\nspec: {completion: {signals: ${value}}}`)).toEqual([]);
  expect(apply(rule, signals(`{signal: ${value}, condition: ${value}, priority: ${value}}`))).toEqual([]);
});
