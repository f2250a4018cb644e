import { celEnv, parse, plan } from '@bufbuild/cel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { evaluate, expression, sample } from './evaluators.ts';
import { generated } from './generated.ts';

interface Facts {
  readonly i: bigint;
  readonly j: bigint;
  readonly x: number;
  readonly y: number;
  readonly s: string;
  readonly t: string;
  readonly b: boolean;
  readonly l: readonly string[];
  readonly d: {
    readonly n: number;
    readonly t: string;
    readonly k: readonly (number | string | null | boolean)[];
  };
}

const least = -(2n ** 63n);
const ints = fc.oneof(
  fc.bigInt({ min: -3n, max: 12n }),
  fc.bigInt({ min: least, max: -least - 1n }),
  fc.constant(least),
);
const doubles = fc.oneof(
  fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 4),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
);
const texts = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'read', 'é🦊'),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);

const facts: fc.Arbitrary<Facts> = fc.record({
  i: ints,
  j: ints,
  x: doubles,
  y: doubles,
  s: texts,
  t: texts,
  b: fc.boolean(),
  l: fc.array(texts, { maxLength: 4 }),
  d: fc.record({
    n: doubles,
    t: texts,
    k: fc.array(fc.oneof(doubles, texts, fc.boolean(), fc.constant(null)), { maxLength: 4 }),
  }),
});

const environment = celEnv();

/** The second opinion: true, false or an error, which a result of another type is for us. */
function secondOpinion(source: string, values: Facts): boolean | 'error' {
  const result = plan(environment, parse(source))(asInput(values));
  return typeof result === 'boolean' ? result : 'error';
}

function asInput(values: Facts): Record<string, string> {
  const { d, ...rest } = values;
  // What it is given has the types of its README; its own type of bindings knows only declared variables.
  return { ...rest, d: new Map(Object.entries(d)) } as unknown as Record<string, string>;
}

test('@bufbuild/cel agrees on generated expressions: true, false and errors', () => {
  const seen = { true: 0, false: 0, error: 0 };
  fc.assert(
    fc.property(generated, facts, ({ ours, theirs }, values) => {
      const result = evaluate(sample, ours, { ...values });
      const answer = typeof result === 'boolean' ? result : 'error';
      expect(secondOpinion(theirs, values), `${ours}\n${theirs}`).toBe(answer);
      seen[`${answer}`] += 1;
    }),
    { numRuns: 4_000 },
  );
  // A generator that makes errors only would agree too.
  expect(Math.min(seen.true, seen.false, seen.error)).toBeGreaterThan(200);
});

test('an expression has no memory: evaluated again it gives the same', () => {
  fc.assert(
    fc.property(generated, facts, facts, ({ ours }, one, other) => {
      const compiled = expression(sample, ours);
      const [first, second] = [sample.check({ ...one }), sample.check({ ...other })];
      const before = compiled.evaluate(first);
      compiled.evaluate(second);
      expect(compiled.evaluate(first)).toEqual(before);
    }),
    { numRuns: 300 },
  );
});
