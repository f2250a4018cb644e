import type { JsonValue } from '../kernel/canonical.ts';
import { quote } from '../kernel/schema-terms.ts';
import { listed } from '../kernel/suggest.ts';

/** Reads the arguments a model sent; mistakes are gathered, and what was read where there are some is of no use. */
export interface InputReader {
  readonly mistakes: readonly string[];
  /** @param most - UTF-16 units */
  readonly text: (name: string, most: number) => string;
  /** Index of a text in a list; the first where it may be left out. */
  readonly choice: (name: string, list: readonly string[], optional?: boolean) => number;
  readonly choices: (name: string, list: readonly string[]) => number[];
  /** A whole number from 1 on. */
  readonly count: (name: string) => number;
  /** Like a text, but it may be empty. */
  readonly anyText: (name: string, most: number) => string;
}

export function createInputReader(input: JsonValue, known: readonly string[]): InputReader {
  const mistakes: string[] = [];
  const data =
    typeof input === 'object' && input !== null && !Array.isArray(input)
      ? (input as Readonly<Record<string, JsonValue | undefined>>)
      : undefined;
  if (data === undefined) mistakes.push('the arguments are no object');
  for (const name of Object.keys(data ?? {}))
    if (!known.includes(name)) mistakes.push(`there is no argument ${quote(name)}`);
  const given = (name: string) => (data !== undefined && Object.hasOwn(data, name) ? data[name] : undefined);
  const indexOf = (name: string, value: JsonValue, list: readonly string[]): number => {
    const index = typeof value === 'string' ? list.indexOf(value) : -1;
    if (index < 0) mistakes.push(`${name} must be one of: ${listed([...list])}`);
    return Math.max(0, index);
  };
  const textOf = (name: string, most: number, mayBeEmpty: boolean): string => {
    const value = given(name);
    if (typeof value !== 'string' || (value.trim() === '' && !mayBeEmpty))
      mistakes.push(`${name} must be a text`);
    else if (value.length > most) mistakes.push(`${name} is longer than ${most} characters`);
    // A half surrogate pair has no place in JSON that others read.
    return typeof value === 'string' ? value.toWellFormed() : '';
  };
  return {
    mistakes,
    text: (name, most) => textOf(name, most, false),
    anyText: (name, most) => textOf(name, most, true),
    count: (name) => {
      const value = given(name);
      const isCount = Number.isSafeInteger(value) && Number(value) >= 1;
      if (!isCount) mistakes.push(`${name} must be a whole number from 1 on`);
      return isCount ? Number(value) : 1;
    },
    choice: (name, list, optional = false) => {
      const value = given(name);
      return value === undefined && optional ? 0 : indexOf(name, value ?? null, list);
    },
    choices: (name, list) => {
      const value = given(name) ?? [];
      if (!Array.isArray(value)) {
        mistakes.push(`${name} must be a list`);
        return [];
      }
      return [...new Set(value.map((item) => indexOf(name, item, list)))].sort((a, b) => a - b);
    },
  };
}
