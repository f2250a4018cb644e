import { createMissing } from '../graph/missing.ts';
import { itemsAt, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';

export const rule = defineRule({
  id: 'flow-nodes-exist',
  severity: 'error',
  about: 'An edge of a flow comes from or leads to a node that the flow does not have.',
  check: ({ data, kind }) => {
    if (kind !== 'Flow') return [];
    const names = itemsAt(data, ['spec', 'nodes']).flatMap(({ value }) => textAt(value, ['id']) ?? []);
    // Without nodes the edges may mean states: OSSA does not say.
    if (names.length === 0) return [];
    const missing = createMissing({ names, noun: 'node of this flow' });
    return itemsAt(data, ['spec', 'edges']).flatMap(({ path, value }) =>
      ['from', 'to'].flatMap((end) => {
        const name = textAt(value, [end]);
        return name === undefined ? [] : missing([...path, end], name);
      }),
    );
  },
});
