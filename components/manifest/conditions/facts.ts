import { valueAt } from '../../kernel/place.ts';
import { extensionsNamed, isData, textAt } from '../read-data.ts';
import type { Data } from '../types.ts';
import type { ConditionUse } from './places.ts';

/** What a manifest says about the facts of its conditions. */
export interface FactHints {
  /** Facts that have no value at this place, each with the reason. */
  readonly never: ReadonlyMap<string, string>;
  /** Names that are no facts, each with the fact that holds what is meant. */
  readonly instead: ReadonlyMap<string, string>;
}

/** Reads the hints for one use of conditions. */
export function factHints(data: Data, use: ConditionUse): FactHints {
  if (use === 'precondition' || use === 'postcondition') return hintsOfTask(data, use);
  // The first that is there counts, as it does when a session reads it.
  const [moe] = extensionsNamed(data, 'moe');
  const primary = valueAt(moe?.value, ['primary']);
  const target = valueAt(primary, ['target']);
  const why =
    moe === undefined
      ? 'because the manifest has no extensions.moe'
      : 'because the target of the primary metric is no number';
  const isThere = typeof target === 'number' && Number.isFinite(target);
  const metric = textAt(primary, ['metric']);
  return {
    never: new Map(isThere ? [] : [['target', why]]),
    instead: new Map(metric === undefined ? [] : [[metric, 'primary_metric']]),
  };
}

function hintsOfTask(data: Data, use: 'precondition' | 'postcondition'): FactHints {
  const why = 'because the task has not run yet';
  const before: readonly (readonly [string, string])[] = [
    ['output', why],
    ['exit_code', why],
  ];
  const after = use === 'postcondition' ? propertiesOf(data, 'output') : [];
  return {
    never: new Map(use === 'precondition' ? before : []),
    // Of a name that is in both, the input's: the later of two keys counts.
    instead: new Map([...after, ...propertiesOf(data, 'input')]),
  };
}

function propertiesOf(data: Data, side: 'input' | 'output'): readonly (readonly [string, string])[] {
  const properties = valueAt(data, ['spec', side, 'properties']);
  return isData(properties) ? Object.keys(properties).map((name) => [name, `${side}.${name}`] as const) : [];
}
