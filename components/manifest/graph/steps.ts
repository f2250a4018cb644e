import { valueAt } from '../../kernel/place.ts';
import { isData, itemsAt, type Placed, textAt } from '../read-data.ts';
import type { Data, ManifestDocument } from '../types.ts';

/** Every step of a workflow, those inside of other steps and those that make good for failures included. */
export function stepsOf({ data, kind }: ManifestDocument): readonly Placed<Data>[] {
  if (kind !== 'Workflow') return [];
  const found: Placed<Data>[] = [];
  const open = [
    ...itemsAt(data, ['spec', 'steps']),
    ...itemsAt(data, ['spec', 'error_handling', 'compensation_steps']),
  ].reverse();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    found.push(step);
    open.push(...stepsInside(step).toReversed());
  }
  return found;
}

/** The conditional branches of a step. */
export function branchesOf(step: Placed<Data>): readonly Placed<Data>[] {
  return inside(step, ['branches']);
}

/** Ids of steps, as dependencies and jumps name them: OSSA's are unique within the workflow. */
export function stepIds(steps: readonly Placed<Data>[]): readonly string[] {
  return steps.flatMap(({ value }) => textAt(value, ['id']) ?? []);
}

function stepsInside(step: Placed<Data>): readonly Placed<Data>[] {
  const compensation = valueAt(step.value, ['on_error', 'compensation']);
  return [
    ...['parallel', 'steps', 'else'].flatMap((field) => inside(step, [field])),
    ...branchesOf(step).flatMap((branch) => inside(branch, ['steps'])),
    ...(isData(compensation)
      ? [{ path: [...step.path, 'on_error', 'compensation'], value: compensation }]
      : []),
  ];
}

function inside({ path, value }: Placed<Data>, list: readonly string[]): readonly Placed<Data>[] {
  return itemsAt(value, list).map((item) => ({ path: [...path, ...item.path], value: item.value }));
}
