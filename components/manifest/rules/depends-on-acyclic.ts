import { valueAt } from '../../kernel/place.ts';
import { itemsAt, type Placed, textAt } from '../read-data.ts';
import { defineRule } from '../rule.ts';
import type { Data } from '../types.ts';

const shownSteps = 12;

export const rule = defineRule({
  id: 'depends-on-acyclic',
  severity: 'error',
  about: 'Steps of a workflow wait for each other in a circle, so none of them would ever start.',
  check: ({ data, kind }) => {
    if (kind !== 'Workflow') return [];
    const steps = new Map(
      itemsAt(data, ['spec', 'steps']).flatMap((step): [string, Placed<Data>][] => {
        const id = textAt(step.value, ['id']);
        return id === undefined ? [] : [[id, step]];
      }),
    );
    return findCycles(steps).map((cycle) => ({
      path: [...(steps.get(cycle[0] ?? '')?.path ?? []), 'depends_on'],
      message: `steps wait for each other in a circle: ${shortened(cycle)}`,
      fix: 'Remove one of these dependencies.',
    }));
  },
});

function shortened(cycle: readonly string[]): string {
  const shown =
    cycle.length > shownSteps ? [...cycle.slice(0, shownSteps - 1), '…', ...cycle.slice(-1)] : cycle;
  return [...shown, cycle[0]].join(' → ');
}

/**
 * Circles that have no step in common, each from the step that was reached first; whoever mends one sees the next.
 * (There can be exponentially many.) Depth-first search with an explicit stack, in time linear in steps
 * and dependencies: a manifest may hold thousands of both.
 */
function findCycles(steps: ReadonlyMap<string, Placed<Data>>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const told = new Set<string>();
  for (const start of steps.keys()) {
    const trail: string[] = [];
    const onTrail = new Set<string>();
    const stack = [{ id: start, leave: false }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (next.leave) {
        trail.pop();
        onTrail.delete(next.id);
        done.add(next.id);
      } else if (onTrail.has(next.id)) {
        if (told.has(next.id)) continue;
        const cycle = trail.slice(trail.indexOf(next.id));
        if (cycle.some((id) => told.has(id))) continue;
        for (const id of cycle) told.add(id);
        cycles.push(cycle);
      } else if (!done.has(next.id) && steps.has(next.id)) {
        trail.push(next.id);
        onTrail.add(next.id);
        stack.push({ id: next.id, leave: true });
        for (const id of dependenciesOf(steps.get(next.id)?.value).reverse())
          stack.push({ id, leave: false });
      }
    }
  }
  return cycles;
}

function dependenciesOf(step: Data | undefined): string[] {
  const ids = valueAt(step, ['depends_on']);
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
}
