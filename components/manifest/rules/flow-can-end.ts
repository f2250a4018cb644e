import { quote } from '../../kernel/schema-terms.ts';
import { flowStates, statesPath } from '../flow-states.ts';
import { reachable, reversed } from '../graph/reach.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'flow-can-end',
  severity: 'warning',
  about:
    'A flow ends in a state from which no transition leads on. From one of its states, or from all, no such state ' +
    'is ever reached, so what got there stays in the flow for good.',
  check: (document) => {
    const flow = flowStates(document);
    if (flow === undefined) return [];
    const { initial, states, ways } = flow;
    const ends = [...states.keys()].filter((name) => ways.get(name)?.length === 0);
    if (ends.length === 0) {
      return [
        {
          path: statesPath,
          message: 'every state of this flow has a transition that leads on, so the flow never ends',
          fix: 'Add a state from which no transition leads on.',
        },
      ];
    }
    const ending = reachable(ends, reversed(ways));
    // A state that is never reached is told by another rule.
    const entered = initial !== undefined && states.has(initial) ? reachable([initial], ways) : undefined;
    return [...states]
      .filter(([name]) => !ending.has(name) && (entered === undefined || entered.has(name)))
      .map(([name, { path }]) => ({
        path: [...path, 'name'],
        message: `no transitions lead from ${quote(name)} to a state in which the flow ends`,
        got: quote(name),
        fix: `Add a transition that leads towards an end, such as ${quote(ends[0])}.`,
      }));
  },
});
