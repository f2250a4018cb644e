import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rule } from '../../../components/manifest/rules/flow-can-end.ts';
import { apply, wrongTypes } from '../../support/rule.ts';
import { drawn, flowOf, leads } from '../flow-documents.ts';

test('RULE_FLOW_CAN_END: a state that nothing leads out of towards an end', () => {
  expect(rule.code).toBe('RULE_FLOW_CAN_END');
  const ways = [
    ['a', 'b'],
    ['a', 'end'],
    ['b', 'c'],
    ['c', 'b'],
  ] as const;
  expect(apply(rule, flowOf({ initial: 'a', states: ['a', 'b', 'c', 'end'], ways }))).toEqual([
    'spec.flow_schema.states[1].name: no transitions lead from "b" to a state in which the flow ends',
    'spec.flow_schema.states[2].name: no transitions lead from "c" to a state in which the flow ends',
  ]);
});

test('a flow that leads on from everywhere is told once', () => {
  const ways = [
    ['a', 'b'],
    ['b', 'a'],
  ] as const;
  expect(apply(rule, flowOf({ initial: 'a', states: ['a', 'b'], ways }))).toEqual([
    'spec.flow_schema.states: every state of this flow has a transition that leads on, so the flow never ends',
  ]);
});

test('it reports exactly the states that are entered and never left for an end', () => {
  fc.assert(
    fc.property(drawn, (flow) => {
      const { states, ways, initial } = flow;
      const ends = states.filter(
        (state) => !ways.some(([from, to]) => from === state && states.includes(to)),
      );
      const stuck = states.filter(
        (state) =>
          !ends.some((end) => leads(flow, state, end)) &&
          (!states.includes(initial) || leads(flow, initial, state)),
      );
      const said = apply(rule, flowOf(flow)).map((text) => /from "(.)"/.exec(text)?.[1] ?? 'all');
      expect(said).toEqual(ends.length === 0 ? ['all'] : stuck);
    }),
    { numRuns: 300 },
  );
});

test.each(wrongTypes)('%s where states stand', (value) => {
  expect(apply(rule, `kind: Flow\nspec: {flow_schema: ${value}, transitions: ${value}}`)).toEqual([]);
  expect(
    apply(rule, `kind: Flow\nspec: {flow_schema: {states: [{name: a}]}, transitions: ${value}}`),
  ).toEqual([]);
  expect(apply(rule, `kind: Agent\nspec: {flow_schema: {states: [{name: a}]}}`)).toEqual([]);
});
