import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/flow-states-reachable.ts';
import { processorTime } from '../../support/processor-time.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { drawn, flowOf, leads } from '../flow-documents.ts';

test('RULE_FLOW_STATES_REACHABLE: a state nothing leads to', () => {
  expect(rule.code).toBe('RULE_FLOW_STATES_REACHABLE');
  const ways = [
    ['a', 'b'],
    ['c', 'b'],
    ['d', 'd'],
  ] as const;
  expect(apply(rule, flowOf({ initial: 'a', states: ['a', 'b', 'c', 'd'], ways }))).toEqual([
    'spec.flow_schema.states[2].name: no transitions lead from the initial state "a" to "c"',
    'spec.flow_schema.states[3].name: no transitions lead from the initial state "a" to "d"',
  ]);
});

test('of a flow that begins nowhere another rule speaks', () => {
  expect(apply(rule, flowOf({ initial: 'x', states: ['a', 'b'], ways: [] }))).toEqual([]);
});

test('it reports exactly the states that no walk leads to', () => {
  fc.assert(
    fc.property(drawn, (flow) => {
      const lost = flow.states.filter((state) => !leads(flow, flow.initial, state));
      const said = apply(rule, flowOf(flow)).map((text) => text.slice(-2, -1));
      expect(said).toEqual(flow.states.includes(flow.initial) ? lost : []);
    }),
    { numRuns: 300 },
  );
});

test.each(wrongTypes.filter((value) => value !== 'text'))('%s where states stand', (value) => {
  expect(apply(rule, `kind: Flow\nspec: {flow_schema: ${value}, transitions: ${value}}`)).toEqual([]);
  const schema = `{initial_state: a, states: [{name: a}, {name: ${value}}]}`;
  expect(
    apply(rule, `kind: Flow\nspec: {flow_schema: ${schema}, transitions: [{from: ${value}, to: a}]}`),
  ).toEqual([]);
});

test('a chain of 20,000 states ends at once', () => {
  const states = Array.from({ length: 20_000 }, (_, index) => `s${index}`);
  const ways = states.slice(1).map((state, index) => [`s${index}`, state] as const);
  const data = JSON.parse(flowOf({ initial: 's0', states, ways })) as Record<string, unknown>;
  const spent = processorTime();
  expect(rule.check({ index: 0, data, kind: 'Flow' })).toEqual([]);
  expect(spent()).toBeLessThan(5_000);
});
