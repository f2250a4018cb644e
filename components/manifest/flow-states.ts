import type { DataPath } from '../kernel/place.ts';
import { itemsAt, type Placed, textAt } from './read-data.ts';
import type { Data, ManifestDocument } from './types.ts';

/** The states of a flow, and what leads from one to another. */
export interface FlowStates {
  readonly initial: string | undefined;
  /** By name; of two with one name the first. */
  readonly states: ReadonlyMap<string, Placed<Data>>;
  /** Of each state, those that its transitions lead to. */
  readonly ways: ReadonlyMap<string, readonly string[]>;
}

export const statesPath: DataPath = ['spec', 'flow_schema', 'states'];
export const initialPath: DataPath = ['spec', 'flow_schema', 'initial_state'];

/** The declared states of a flow; transitions from or to others are left out. Undefined where there are none. */
export function flowStates({ data, kind }: ManifestDocument): FlowStates | undefined {
  if (kind !== 'Flow') return undefined;
  const states = new Map<string, Placed<Data>>();
  for (const state of itemsAt(data, statesPath)) {
    const name = textAt(state.value, ['name']);
    if (name !== undefined && !states.has(name)) states.set(name, state);
  }
  if (states.size === 0) return undefined;
  const ways = new Map([...states.keys()].map((name): [string, string[]] => [name, []]));
  for (const { value } of transitionsOf(data)) {
    const [from, to] = [textAt(value, ['from']), textAt(value, ['to'])];
    if (from !== undefined && to !== undefined && states.has(to)) ways.get(from)?.push(to);
  }
  return { initial: textAt(data, initialPath), states, ways };
}

/** The transitions of a flow. */
export function transitionsOf(data: unknown): readonly Placed<Data>[] {
  return itemsAt(data, ['spec', 'transitions']);
}
