import { valueAt } from '../../kernel/place.ts';
import { findCycles, renderCycle } from '../graph/cycles.ts';
import { stepsOf } from '../graph/steps.ts';
import { type Placed, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';
import type { Data } from '../types.ts';

export const rule = defineRule({
  id: 'depends-on-acyclic',
  severity: 'error',
  about: 'Steps of a workflow wait for each other in a circle, so none of them would ever start.',
  check: (document) => {
    const steps = new Map(
      stepsOf(document).flatMap((step): [string, Placed<Data>][] => {
        const id = textAt(step.value, ['id']);
        return id === undefined ? [] : [[id, step]];
      }),
    );
    const edges = new Map([...steps].map(([id, { value }]) => [id, dependenciesOf(value)]));
    return findCycles(edges).map((cycle) => ({
      path: [...(steps.get(cycle[0] ?? '')?.path ?? []), 'depends_on'],
      message: `steps wait for each other in a circle: ${renderCycle(cycle)}`,
      fix: 'Remove one of these dependencies.',
    }));
  },
});

function dependenciesOf(step: Data): readonly string[] {
  const ids = valueAt(step, ['depends_on']);
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
}
