import type { DataPath } from '../../kernel/place.ts';
import { transitionsOf } from '../flow-states.ts';
import { branchesOf, stepsOf } from '../graph/steps.ts';
import { extensionsNamed, itemsAt, type Placed, textAt } from '../read-data.ts';
import type { Data, ManifestDocument } from '../types.ts';

/** What a condition decides. */
export type ConditionUse = 'signal' | 'alert' | 'precondition' | 'postcondition' | 'step' | 'flow';

/** A condition as it is written, and where. */
export interface Condition {
  readonly use: ConditionUse;
  readonly path: DataPath;
  readonly source: string;
}

/** The conditions of a document that stand at places OSSA has for expressions; other texts are for people and models. */
export function conditionsOf(document: ManifestDocument): readonly Condition[] {
  const { data, kind } = document;
  if (kind === 'Task')
    return [
      ...written('precondition', itemsAt(data, ['spec', 'preconditions']), ['expression']),
      ...written('postcondition', itemsAt(data, ['spec', 'postconditions']), ['expression']),
    ];
  const steps = stepsOf(document);
  return [
    ...(kind === 'Agent' ? written('signal', itemsAt(data, signalsPath), ['condition']) : []),
    ...written('alert', alertsOf(data), ['condition']),
    ...written('step', steps, ['condition']),
    ...steps.flatMap((step) => written('step', branchesOf(step), ['condition'])),
    ...(kind === 'Flow' ? conditionsOfFlow(data) : []),
  ];
}

export const signalsPath: DataPath = ['spec', 'completion', 'signals'];

function alertsOf(data: Data): readonly Placed<Data>[] {
  return extensionsNamed(data, 'moe').flatMap(({ path }) => itemsAt(data, [...path, 'tracking', 'alerts']));
}

function conditionsOfFlow(data: Data): readonly Condition[] {
  const transitions = transitionsOf(data);
  return [
    ...written('flow', transitions, ['condition']),
    ...written('flow', transitions, ['trigger', 'condition_expression']),
    ...written('flow', itemsAt(data, ['spec', 'edges']), ['condition']),
  ];
}

function written(use: ConditionUse, holders: readonly Placed<Data>[], field: DataPath): readonly Condition[] {
  return holders.flatMap(({ path, value }) => {
    const source = textAt(value, field);
    return source === undefined ? [] : [{ use, path: [...path, ...field], source }];
  });
}
