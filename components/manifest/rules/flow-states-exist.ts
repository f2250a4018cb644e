import { initialPath, statesPath, transitionsOf } from '../flow-states.ts';
import { createMissing } from '../graph/missing.ts';
import { itemsAt, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'flow-states-exist',
  severity: 'error',
  about: 'A flow begins in a state, or a transition comes from or leads to one, that the flow does not have.',
  check: ({ data, kind }) => {
    if (kind !== 'Flow') return [];
    const names = itemsAt(data, statesPath).flatMap(({ value }) => textAt(value, ['name']) ?? []);
    const missing = createMissing({ names, noun: 'state of this flow' });
    const initial = textAt(data, initialPath);
    const ends = transitionsOf(data).flatMap(({ path, value }) =>
      ['from', 'to'].flatMap((end) => {
        const name = textAt(value, [end]);
        return name === undefined ? [] : missing([...path, end], name);
      }),
    );
    return [...(initial === undefined ? [] : missing(initialPath, initial)), ...ends];
  },
});
