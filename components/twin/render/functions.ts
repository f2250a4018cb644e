import { expandVariables } from './variables.ts';

export interface FunctionScope {
  readonly variables: Readonly<Record<string, string>>;
  readonly maskedVariables: ReadonlySet<string>;
}

/** A function of a block, with its arguments; says in words why it cannot be applied. */
export type BlockFunction = (value: unknown, scope: FunctionScope) => FunctionResult;
export type FunctionResult =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Finds the function that an expression such as `truncate(0,8)` calls; undefined where there is none. */
export function findFunction(expression: string): BlockFunction | undefined {
  for (const { name, form, apply } of functions) {
    const match = form.exec(expression);
    if (match) return (value, scope) => applied(name, value, (text) => apply(text, match.slice(1), scope));
  }
  return undefined;
}

function applied(name: string, value: unknown, apply: (text: string) => FunctionResult): FunctionResult {
  const result =
    typeof value === 'string'
      ? apply(value)
      : failed(`invalid input type: ${name} can only be used with string inputs`);
  return result.ok ? result : failed(`error in \`${name}\` function: ${result.message}`);
}

interface FunctionRow {
  readonly name: string;
  readonly form: RegExp;
  readonly apply: (text: string, args: readonly string[], scope: FunctionScope) => FunctionResult;
}

// The forms are GitLab's, with its missing parenthesis of truncate. The arguments cannot hold a `|`: the block is
// split at them first.
const functions: readonly FunctionRow[] = [
  {
    name: 'truncate',
    form: /^truncate\(\s*(\d+)\s*,\s*(\d+)\s*\)?$/,
    apply: (text, [offset, length]) => {
      const from = Number(offset);
      return done([...text].slice(from, from + Number(length)).join(''));
    },
  },
  { name: 'expand_vars', form: /^expand_vars$/, apply: (text, _, scope) => expanded(text, scope) },
  { name: 'posix_escape', form: /^posix_escape$/, apply: (text) => done(shellEscaped(text)) },
  {
    name: 'split',
    form: /^split\('([^']*)'\)$/,
    apply: (text, [separator = '']) => {
      if (separator === '') return failed('invalid argument: separator cannot be empty');
      const parts = text.split(separator).map((part) => part.trim());
      return done(parts.filter((part) => part !== ''));
    },
  },
];

function expanded(text: string, scope: FunctionScope): FunctionResult {
  let masked = false;
  const value = expandVariables(text, (name, written) => {
    masked ||= scope.maskedVariables.has(name);
    return Object.hasOwn(scope.variables, name) ? scope.variables[name] : written;
  });
  return masked ? failed('variable expansion error: masked variables cannot be expanded') : done(value);
}

/** Ruby's Shellwords.escape: a backslash before whatever is not plain, a line feed in quotes. */
function shellEscaped(text: string): string {
  if (text === '') return "''";
  return text.replace(/[^A-Za-z0-9_\-.,:+/@\n]/gu, (character) => `\\${character}`).replaceAll('\n', "'\n'");
}

function done(value: unknown): FunctionResult {
  return { ok: true, value };
}

function failed(message: string): FunctionResult {
  return { ok: false, message };
}
