import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/signal-constant.ts';
import { processorTime } from '../../support/processor-time.ts';
import { wrongTypes } from '../../support/rule.ts';
import { applyAll } from '../apply-further.ts';

function agent(condition: string, limits: object = {}): string {
  const signals = [{ signal: 'escalate', condition, priority: 3 }];
  return JSON.stringify({ kind: 'Agent', spec: { completion: { signals, ...limits } } });
}

const said = (words: string) => [
  `spec.completion.signals[0].condition: the condition of "escalate" (priority 3) is ${words}`,
];
const share = 'true of every confidence, which lies between 0 and 1';

test.each([
  ['false', {}, said('never true')],
  ['1 > 2', {}, said('never true')],
  ['!(2 < 1) && true', {}, said('always true')],
  ['true', { max_iterations: 'many' }, []],
  ['true', {}, []],
  ['iteration_count <= max_iterations', {}, said('always true')],
  ['iteration_count > max_iterations', {}, said('never true')],
  ['iteration_count < max_iterations', {}, []],
  ['iteration_count < max_iterations', { max_iterations: 1 }, said('never true')],
  ['iteration_count >= 30', { max_iterations: 20 }, said('never true')],
  ['iteration_count >= 30', { max_iterations: 30 }, []],
  ['iteration_count % 25 == 0', { max_iterations: 24 }, said('never true')],
  ['iteration_count % 25 == 0', { max_iterations: 25 }, []],
  ['iteration_count > 20', { max_iterations: 'many' }, []],
  ['iteration_count > 5000', { max_iterations: 10_000 }, []],
  ['confidence < 70', {}, said(share)],
  ['confidence > 1', {}, said('never true')],
  ['confidence >= 1', {}, []],
  ['error_count >= 0', {}, said('always true')],
  ['cost_usd < 0', {}, said('never true')],
  ['tokens_used == -1', {}, said('never true')],
  ['elapsed_seconds != -1.5', {}, said('always true')],
  ['primary_metric > 100', {}, []],
  ['no such thing', {}, []],
])('%s with %j', async (condition, limits, expected) => {
  expect(await applyAll(rule, agent(condition, limits))).toEqual(expected);
});

test('RULE_SIGNAL_CONSTANT says of a count what counting says', async () => {
  expect(rule.code).toBe('RULE_SIGNAL_CONSTANT');
  const compare: Record<string, (a: number, b: number) => boolean> = {
    '<': (a, b) => a < b,
    '<=': (a, b) => a <= b,
    '>': (a, b) => a > b,
    '>=': (a, b) => a >= b,
    '==': (a, b) => a === b,
    '!=': (a, b) => a !== b,
  };
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(compare)),
      fc.integer({ min: -3, max: 15 }),
      fc.integer({ min: 1, max: 12 }),
      async (op, number, most) => {
        const answers = Array.from({ length: most }, (_, index) => compare[op]?.(index + 1, number));
        const words = answers.every(Boolean)
          ? 'always true'
          : answers.some(Boolean)
            ? undefined
            : 'never true';
        const condition = `iteration_count ${op} ${number}`;
        const expected = words === undefined ? [] : said(words);
        expect(await applyAll(rule, agent(condition, { max_iterations: most }))).toEqual(expected);
      },
    ),
    { numRuns: 200 },
  );
});

test.each(wrongTypes.filter((value) => value !== 'true'))('%s where signals stand', async (value) => {
  expect(await applyAll(rule, `kind: Agent\nspec: {completion: {signals: ${value}}}`)).toEqual([]);
  const row = `{signal: ${value}, condition: ${value}, priority: ${value}}`;
  expect(await applyAll(rule, `kind: Agent\nspec: {completion: {signals: [${row}]}}`)).toEqual([]);
});

test('20,000 signals over 1,000 iterations end in time', async () => {
  const signals = Array.from({ length: 20_000 }, (_, index) => ({
    signal: 'continue',
    condition: `iteration_count != 1 || iteration_count % 2 == 1 && ${index} < ${index}`,
  }));
  const data = { kind: 'Agent', spec: { completion: { signals, max_iterations: 1_000 } } };
  const spent = processorTime();
  const further = rule.checkFurther?.({ index: 0, data, kind: 'Agent' }, { kindsIn: async () => undefined });
  expect(await further).toEqual([]);
  expect(spent()).toBeLessThan(20_000);
});
