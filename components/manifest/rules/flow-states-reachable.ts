import { quote } from '../../kernel/schema-terms.ts';
import { flowStates } from '../flow-states.ts';
import { reachable } from '../graph/reach.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'flow-states-reachable',
  severity: 'warning',
  about: 'No transitions lead from the initial state of a flow to one of its states, so it is never in it.',
  check: (document) => {
    const flow = flowStates(document);
    if (flow?.initial === undefined || !flow.states.has(flow.initial)) return [];
    const { initial, states, ways } = flow;
    const reached = reachable([initial], ways);
    return [...states]
      .filter(([name]) => !reached.has(name))
      .map(([name, { path }]) => ({
        path: [...path, 'name'],
        message: `no transitions lead from the initial state ${quote(initial)} to ${quote(name)}`,
        got: quote(name),
        fix: 'Add a transition to it, or remove the state.',
      }));
  },
});
