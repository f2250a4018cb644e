import fc from 'fast-check';

/** A flow as states and the transitions between them. */
export interface Drawn {
  readonly initial: string;
  readonly states: readonly string[];
  readonly ways: readonly (readonly [string, string])[];
}

export function flowOf({ initial, states, ways }: Drawn): string {
  const flow_schema = { initial_state: initial, states: states.map((name) => ({ name })) };
  const transitions = ways.map(([from, to]) => ({ from, to, trigger: { type: 'timer' } }));
  return JSON.stringify({ kind: 'Flow', spec: { flow_schema, transitions } });
}

const names = ['a', 'b', 'c', 'd', 'e', 'f'];
const name = fc.constantFrom(...names);

/** Flows of at most six states, with transitions that may name others. */
export const drawn: fc.Arbitrary<Drawn> = fc.record({
  initial: name,
  states: fc.uniqueArray(name, { minLength: 1 }),
  ways: fc.array(fc.tuple(name, name), { maxLength: 10 }),
});

/** Whether a walk leads from one state to another, found by walking on as often as there are states. */
export function leads({ states, ways }: Drawn, from: string, to: string): boolean {
  let here = new Set([from]);
  for (const _ of states) {
    const next = ways.filter(([start, end]) => here.has(start) && states.includes(end)).map(([, end]) => end);
    here = new Set([...here, ...next]);
  }
  return here.has(to);
}
