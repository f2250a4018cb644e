import { statesPath } from '../flow-states.ts';
import { declaredTwice } from '../graph/duplicates.ts';
import { itemsAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'flow-state-declared-twice',
  severity: 'error',
  about: 'Two states of a flow have one name, so a transition to it would mean either of them.',
  check: ({ data, kind }) =>
    kind === 'Flow' ? declaredTwice(itemsAt(data, statesPath), 'name', 'state') : [],
});
