import { findCycles, renderCycle } from '../graph/cycles.ts';
import { extensionsNamed, itemsAt, type Placed, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';
import type { Data } from '../types.ts';

export const rule = defineRule({
  id: 'fallback-experts-acyclic',
  severity: 'warning',
  about:
    'Experts of `extensions.experts` fall back to each other in a circle, or one to itself. When all of them fail, ' +
    'there is no last one at which to give up.',
  check: ({ data }) =>
    extensionsNamed(data, 'experts').flatMap(({ path }) => {
      const experts = new Map(
        itemsAt(data, [...path, 'registry']).flatMap((expert): [string, Placed<Data>][] => {
          const id = textAt(expert.value, ['id']);
          return id === undefined ? [] : [[id, expert]];
        }),
      );
      const edges = new Map([...experts].map(([id, { value }]) => [id, fallbackOf(value)]));
      return findCycles(edges).map((cycle) => ({
        path: [...(experts.get(cycle[0] ?? '')?.path ?? []), 'availability', 'fallback'],
        message: `experts fall back to each other in a circle: ${renderCycle(cycle)}`,
        fix: 'Leave out the fallback of the one that is to be the last.',
      }));
    }),
});

function fallbackOf(expert: Data): readonly string[] {
  const fallback = textAt(expert, ['availability', 'fallback']);
  return fallback === undefined ? [] : [fallback];
}
