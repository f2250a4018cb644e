import { exhausted, Fault, type Frame, isList, type Step, typeName, type Value } from './value.ts';

/** A macro over the items of `range`; `cost` is the size of what is done for each of them. */
export interface Comprehension {
  readonly name: string;
  readonly range: Step;
  /** The condition; for `map` with two arguments there is none. */
  readonly condition: Step | undefined;
  /** What `map` makes of an item. */
  readonly result: Step | undefined;
  readonly cost: number;
}

/** Makes the step of a macro: `all`, `exists`, `exists_one`, `filter`, `map`. */
export function comprehension(macro: Comprehension): Step {
  const { name, range } = macro;
  const over = name === 'all' || name === 'exists' ? quantify(macro) : collect(macro);
  return (frame) => {
    const value = range(frame);
    if (value instanceof Fault) return value;
    if (isList(value)) return over(value, frame);
    if (value instanceof Map) return over([...value.keys()], frame);
    return new Fault(`${name}() has no meaning for ${typeName(value)}`);
  };
}

type Over = (items: readonly Value[], frame: Frame) => Value | Fault;

/** One item that decides is an answer, whatever faults the others have: as `||` and `&&` over all of them. */
function quantify({ name, condition, cost }: Comprehension): Over {
  const deciding = name === 'exists';
  return (items, frame) => {
    let fault: Fault | undefined;
    for (const item of items) {
      const holds = test(condition, item, cost, frame);
      if (frame.work < 0) return exhausted;
      if (holds === deciding) return deciding;
      if (holds instanceof Fault) fault ??= holds;
    }
    return fault ?? !deciding;
  };
}

function collect({ name, condition, result, cost }: Comprehension): Over {
  return (items, frame) => {
    const found: Value[] = [];
    for (const item of items) {
      const holds = test(condition, item, cost, frame);
      if (holds instanceof Fault) return holds;
      if (!holds) continue;
      const value = result === undefined ? item : result(frame);
      if (value instanceof Fault) return value;
      found.push(value);
    }
    return name === 'exists_one' ? found.length === 1 : found;
  };
}

function test(condition: Step | undefined, item: Value, cost: number, frame: Frame): boolean | Fault {
  frame.work -= cost;
  if (frame.work < 0) return exhausted;
  frame.item = item;
  if (condition === undefined) return true;
  const holds = condition(frame);
  if (typeof holds === 'boolean' || holds instanceof Fault) return holds;
  return new Fault(`a condition gives ${typeName(holds)}, not bool`);
}
