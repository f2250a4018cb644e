import { comprehensions } from './tree.ts';

/** How a function may be called: alone, or on a value, and with how many arguments. */
export interface Signature {
  readonly name: string;
  readonly style: 'call' | 'method';
  readonly counts: readonly number[];
  readonly usage: string;
}

const macroUsage: Readonly<Record<string, string>> = {
  all: 'list.all(x, condition)',
  exists: 'list.exists(x, condition)',
  exists_one: 'list.exists_one(x, condition)',
  filter: 'list.filter(x, condition)',
  map: 'list.map(x, value)',
};

/** Everything an expression may call. What is not here does not exist, whatever the library knows. */
export const signatures: readonly Signature[] = [
  { name: 'size', style: 'call', counts: [1], usage: 'size(list)' },
  { name: 'size', style: 'method', counts: [0], usage: 'list.size()' },
  { name: 'has', style: 'call', counts: [1], usage: 'has(input.key)' },
  { name: 'startsWith', style: 'method', counts: [1], usage: 'text.startsWith("start")' },
  { name: 'endsWith', style: 'method', counts: [1], usage: 'text.endsWith("end")' },
  { name: 'contains', style: 'method', counts: [1], usage: 'text.contains("part")' },
  { name: 'matches', style: 'method', counts: [1], usage: 'text.matches("^v[0-9]+")' },
  ...Object.entries(comprehensions).map(([name, counts]) => ({
    name,
    style: 'method' as const,
    counts,
    usage: macroUsage[name] ?? name,
  })),
];

/** Names of all functions and macros, once each. */
export const functionNames: readonly string[] = [...new Set(signatures.map(({ name }) => name))];

/** What to write instead of a function that CEL has and this use of it has not. */
export const instead: Readonly<Record<string, string>> = {
  int: 'numbers need no conversion: an int beside a double counts as a double',
  double: 'numbers need no conversion: an int beside a double counts as a double',
  dyn: 'values of JSON need no conversion',
  timestamp: 'there are no times here',
  duration: 'there are no times here; durations are numbers with a unit',
  lowerAscii: 'use matches("(?i)…") to ignore case',
};
