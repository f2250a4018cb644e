import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../../components/expressions/compile.ts';
import { environments } from '../../../components/expressions/registry.ts';
import { answerPlain, readPlain } from '../../../components/manifest/conditions/plain.ts';

const uses = ['signal', 'alert'] as const;
const operand = (names: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(
      ...names,
      'nothing',
      'true',
      '"text"',
      '-0',
      '007',
      '1e5',
      '.5',
      '5.',
      '99999999999999999',
    ),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  );

describe.each(uses)('plain conditions of a %s', (use) => {
  const environment = environments[use];
  const evaluator = createEvaluator(environment);
  const condition = fc
    .tuple(
      operand(environment.facts.map(({ name }) => name)),
      fc.constantFrom('<', '<=', '>', '>=', '==', '!=', '=', '=<', '&&', '+'),
      operand(environment.facts.map(({ name }) => name)),
      fc.constantFrom('', ' ', '\n', '  '),
    )
    .map(([left, sign, right, blank]) => `${blank}${left}${blank}${sign}${blank}${right}${blank}`);

  test('what is read without the compiler, the compiler takes', () => {
    let read = 0;
    fc.assert(
      fc.property(condition, (source) => {
        if (readPlain(use, source) === undefined) return;
        read += 1;
        expect(evaluator.compile(source), source).toMatchObject({ ok: true });
      }),
      { numRuns: 3_000 },
    );
    expect(read).toBeGreaterThan(30);
  });
});

test('and answers alike', () => {
  const evaluator = createEvaluator(environments.signal);
  const names = ['iteration_count', 'max_iterations'];
  const source = fc
    .tuple(
      fc.constantFrom(...names),
      fc.constantFrom('<', '<=', '>', '>=', '==', '!='),
      fc.oneof(
        fc.constantFrom(...names),
        fc.integer({ min: -3, max: 12 }).map(String),
        fc.constantFrom('2.5', '3.0'),
      ),
    )
    .map((parts) => parts.join(' '));
  fc.assert(
    fc.property(source, fc.nat(12), fc.nat(12), (text, iteration_count, max_iterations) => {
      const plain = readPlain('signal', text);
      const compiled = evaluator.compile(text);
      if (plain === undefined || !compiled.ok) throw new Error(`not read: ${text}`);
      const values = { iteration_count, max_iterations };
      expect(answerPlain(plain, values)).toBe(compiled.expression.evaluate(evaluator.check(values)));
    }),
    { numRuns: 1_000 },
  );
});
