import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/depends-on-acyclic.ts';
import { apply, wrongTypes } from '../../support/rule.ts';

type Steps = Readonly<Record<string, readonly string[]>>;

function workflow(steps: Steps): string {
  const rows = Object.entries(steps).map(([id, on]) => ({ id, depends_on: on }));
  return JSON.stringify({ kind: 'Workflow', spec: { steps: rows } });
}

test('each circle is told once, as people follow it', () => {
  expect(apply(rule, workflow({ a: ['c'], b: ['a'], c: ['b'], d: ['d', 'a'], e: ['nowhere'] }))).toEqual([
    'spec.steps[0].depends_on: steps wait for each other in a circle: a → c → b → a',
    'spec.steps[3].depends_on: steps wait for each other in a circle: d → d',
  ]);
});

test('a diamond is no circle', () => {
  expect(apply(rule, workflow({ a: [], b: ['a'], c: ['a'], d: ['b', 'c', 'b'] }))).toEqual([]);
});

test('steps inside of others wait as well', () => {
  const steps = [
    { id: 'a', parallel: [{ id: 'b', depends_on: ['c'] }] },
    { id: 'd', branches: [{ condition: 'x', steps: [{ id: 'c', depends_on: ['b'] }] }] },
  ];
  expect(apply(rule, JSON.stringify({ kind: 'Workflow', spec: { steps } }))).toEqual([
    'spec.steps[0].parallel[0].depends_on: steps wait for each other in a circle: b → c → b',
  ]);
});

test('only workflows have steps', () => {
  expect(apply(rule, workflow({ a: ['a'] }).replace('Workflow', 'Agent'))).toEqual([]);
});

test('it reports exactly when steps cannot be put in order', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const steps = fc.dictionary(
    fc.constantFrom(...names),
    fc.array(fc.constantFrom(...names), { maxLength: 3 }),
  );
  fc.assert(
    fc.property(steps, (some) => {
      expect(apply(rule, workflow(some)).length > 0).toBe(!canBeOrdered(some));
    }),
    { numRuns: 500 },
  );
});

/** Takes away steps that wait for nobody until none is left; what never goes is in or behind a circle. */
function canBeOrdered(steps: Steps): boolean {
  const left = new Map(Object.entries(steps));
  for (let went = true; went; ) {
    went = false;
    for (const [id, on] of left) {
      if (on.some((other) => left.has(other))) continue;
      left.delete(id);
      went = true;
    }
  }
  return left.size === 0;
}

test('a chain of 20,000 steps ends at once', () => {
  const steps = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`s${index}`, [`s${index + 1}`]]),
  );
  const document = {
    kind: 'Workflow',
    spec: { steps: Object.entries(steps).map(([id, on]) => ({ id, depends_on: on })) },
  };
  expect(rule.check({ index: 0, data: document, kind: 'Workflow' })).toEqual([]);
});

test.each(wrongTypes)('%s where steps stand', (value) => {
  expect(apply(rule, `{kind: Workflow, spec: {steps: ${value}}}`)).toEqual([]);
  expect(apply(rule, `{kind: Workflow, spec: {steps: [{id: a, depends_on: ${value}}]}}`)).toEqual([]);
});

test('steps that all wait for all are no more circles than steps', () => {
  const names = Array.from({ length: 200 }, (_, index) => `s${index}`);
  const said = apply(rule, workflow(Object.fromEntries(names.map((name) => [name, names]))));
  expect(said.length).toBeLessThanOrEqual(names.length);
  expect(said.join('').length).toBeLessThan(50_000);
});
