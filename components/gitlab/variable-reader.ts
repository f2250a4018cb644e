import { type Failure, Failures } from '../kernel/failure.ts';
import { commitId, type Environment, type Variable } from './ci-context.ts';
import { errors } from './errors.ts';

/**
 * Reads variables and remembers every mistake. What it gives for a missing or wrong one is a filler nobody sees, since
 * `done` then throws.
 */
export interface VariableReader {
  readonly text: (variable: Variable) => string;
  readonly optional: (variable: Variable) => string | undefined;
  /** A whole number from 1. */
  readonly number: (variable: Variable) => number;
  readonly optionalNumber: (variable: Variable) => number | undefined;
  /** `true` or `false`. */
  readonly flag: (variable: Variable) => boolean;
  readonly commit: (variable: Variable) => string;
  readonly optionalCommit: (variable: Variable) => string | undefined;
  readonly url: (variable: Variable) => string;
  readonly oneOf: <T extends string>(variable: Variable, values: readonly T[]) => T;
  /** ISO 8601, as milliseconds since the epoch. */
  readonly time: (variable: Variable) => number;
  /** Variables that are well each, but not together. Not looked at where one of them was wrong itself. */
  readonly contradict: (of: readonly Variable[], reason: string) => void;
  /** Throws `Failures` with all mistakes, if there are any. */
  readonly done: () => void;
}

export function createVariableReader(env: Environment): VariableReader {
  const mistakes = new Map<string, Failure>();
  const optional = ({ name }: Variable) => (env[name] === '' ? undefined : env[name]);
  const wrong = ({ name, setBy }: Variable, expected: string) => {
    const got = JSON.stringify((env[name] ?? '').slice(0, 100));
    mistakes.set(name, errors.VARIABLE_INVALID({ name, got, expected, setBy }));
  };
  const required = (variable: Variable): string | undefined => {
    const value = optional(variable);
    const { name, setBy } = variable;
    if (value === undefined) mistakes.set(name, errors.VARIABLE_MISSING({ name, setBy }));
    return value;
  };
  /** What `parse` makes of a value; undefined is a mistake. */
  const parsed = <T>(
    variable: Variable,
    value: string | undefined,
    expected: string,
    parse: (value: string) => T | undefined,
  ): T | undefined => {
    const result = value === undefined ? undefined : parse(value);
    if (value !== undefined && result === undefined) wrong(variable, expected);
    return result;
  };
  const number = (variable: Variable, value: string | undefined) =>
    parsed(variable, value, 'a whole number from 1', (text) => (isWhole(text) ? Number(text) : undefined));
  const commit = (variable: Variable, value: string | undefined) =>
    parsed(variable, value, 'a commit of 40 or 64 hexadecimal digits', commitId);

  return {
    optional,
    text: (variable) => required(variable) ?? '',
    number: (variable) => number(variable, required(variable)) ?? 0,
    optionalNumber: (variable) => number(variable, optional(variable)),
    commit: (variable) => commit(variable, required(variable)) ?? '',
    optionalCommit: (variable) => commit(variable, optional(variable)),
    flag: (variable) =>
      parsed(variable, required(variable), 'true or false', (text) =>
        text === 'true' || text === 'false' ? text === 'true' : undefined,
      ) ?? false,
    url: (variable) =>
      parsed(variable, required(variable), 'an address with http or https', (text) =>
        /^https?:$/.test(URL.parse(text)?.protocol ?? '') ? text : undefined,
      ) ?? '',
    oneOf: <T extends string>(variable: Variable, values: readonly T[]) =>
      parsed(variable, required(variable), `one of ${values.join(', ')}`, (text) =>
        values.find((value) => value === text),
      ) ?? (values[0] as T),
    time: (variable) =>
      parsed(variable, required(variable), 'a time such as 2026-01-31T12:00:00Z', (text) =>
        /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)) ? Date.parse(text) : undefined,
      ) ?? 0,
    contradict: (of, reason) => {
      if (of.some(({ name }) => mistakes.has(name))) return;
      const names = of.map(({ name }) => name).join(' and ');
      mistakes.set(names, errors.VARIABLES_CONTRADICT({ names, reason }));
    },
    done: () => {
      const [first, ...rest] = mistakes.values();
      if (first !== undefined) throw new Failures([first, ...rest]);
    },
  };
}

function isWhole(text: string): boolean {
  return /^[1-9]\d*$/.test(text) && Number.isSafeInteger(Number(text));
}
