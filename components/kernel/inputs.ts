import { inputErrors } from './errors.ts';
import type { Failure } from './failure.ts';
import { nearest } from './suggest.ts';

interface InputBase {
  /** What it does, for people; the same sentence stands in the component's `spec.inputs`. */
  readonly description: string;
  /** Without default an input is undefined unless it is required. */
  readonly required?: true;
  /** Decides what runs or what passes: read from the flag only, since any pipeline variable sets the environment. */
  readonly security?: true;
  /** Its value is taken out of everything that is written. */
  readonly secret?: true;
  /** Only for people at a terminal: no component has it. */
  readonly terminal?: true;
  /** Default of the component's input where it differs from the command's. */
  readonly componentDefault?: string | number | boolean;
}

interface StringInput extends InputBase {
  readonly type: 'string';
  readonly default?: string;
  readonly options?: readonly string[];
  /** What a value must match as a whole. */
  readonly pattern?: RegExp;
}

interface NumberInput extends InputBase {
  readonly type: 'integer' | 'number';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

interface BooleanInput extends InputBase {
  readonly type: 'boolean';
  readonly default: boolean;
}

/** The flag may be repeated; in a variable the items are separated by white space. */
interface ListInput extends InputBase {
  readonly type: 'list';
  readonly default: readonly string[];
}

export type InputDeclaration = StringInput | NumberInput | BooleanInput | ListInput;
export type InputDeclarations = Readonly<Record<string, InputDeclaration>>;

type ValueOf<D extends InputDeclaration> = D extends StringInput
  ? D extends { readonly options: readonly (infer Option)[] }
    ? Option
    : string
  : D extends NumberInput
    ? number
    : D extends BooleanInput
      ? boolean
      : readonly string[];

type Present = { readonly default: unknown } | { readonly required: true };

/** The values of declared inputs under their own names, typed by the declaration. */
export type InputValues<Ds extends InputDeclarations> = {
  readonly [Name in keyof Ds]: Ds[Name] extends Present ? ValueOf<Ds[Name]> : ValueOf<Ds[Name]> | undefined;
};

/** `max-tokens` → `PIPEWRIGHT_MAX_TOKENS`; undefined for an input that takes no variable. */
export function variableOf(name: string, declaration: InputDeclaration): string | undefined {
  return declaration.security ? undefined : securityVariable(name);
}

function securityVariable(name: string): string {
  return `PIPEWRIGHT_${name.toUpperCase().replaceAll('-', '_')}`;
}

export type ReadInputs<Ds extends InputDeclarations> =
  | { readonly ok: true; readonly values: InputValues<Ds> }
  | { readonly ok: false; readonly failures: readonly [Failure, ...Failure[]] };

interface Source {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly command: string;
  /** The list input that words without a flag belong to. */
  readonly positional?: string | undefined;
}

/**
 * Reads inputs from the command line, then from the environment, then from defaults. Every mistake is
 * reported, never the first only. An empty variable counts as not set: GitLab passes empty inputs that way.
 */
export function readInputs<const Ds extends InputDeclarations>(
  declarations: Ds,
  source: Source,
): ReadInputs<Ds> {
  const failures: Failure[] = [];
  const given = readFlags(declarations, source, failures);
  const values: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    values[name] = readOne(name, declaration, given.get(name), source.env, failures);
  }
  const [first, ...rest] = failures;
  return first === undefined
    ? { ok: true, values: values as InputValues<Ds> }
    : { ok: false, failures: [first, ...rest] };
}

function readFlags(
  declarations: InputDeclarations,
  source: Source,
  failures: Failure[],
): Map<string, readonly string[]> {
  const given = new Map<string, string[]>();
  const add = (name: string, value: string) => given.set(name, [...(given.get(name) ?? []), value]);
  const words = [...source.args];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word === '--') {
      for (const rest of words.splice(0)) addPositional(rest, source, add, failures);
    } else if (!word.startsWith('-') || word === '-') {
      addPositional(word, source, add, failures);
    } else {
      readFlag(word, words, declarations, add, failures);
    }
  }
  for (const [name, all] of given) {
    if (all.length > 1 && declarations[name]?.type !== 'list')
      failures.push(inputErrors.REPEATED({ flag: name }));
  }
  return given;
}

function addPositional(
  word: string,
  source: Source,
  add: (name: string, value: string) => void,
  failures: Failure[],
): void {
  if (source.positional !== undefined) add(source.positional, word);
  else failures.push(inputErrors.UNEXPECTED_ARGUMENT({ argument: word, command: source.command }));
}

function readFlag(
  word: string,
  words: string[],
  declarations: InputDeclarations,
  add: (name: string, value: string) => void,
  failures: Failure[],
): void {
  const equals = word.indexOf('=');
  const flag = (equals < 0 ? word : word.slice(0, equals)).replace(/^--?/, '');
  const inline = equals < 0 ? undefined : word.slice(equals + 1);
  const negated = flag.startsWith('no-') && declarations[flag.slice(3)]?.type === 'boolean';
  const name = negated ? flag.slice(3) : flag;
  const declaration =
    word.startsWith('--') && Object.hasOwn(declarations, name) ? declarations[name] : undefined;
  if (declaration === undefined || (negated && inline !== undefined)) {
    const shown = equals < 0 ? word : word.slice(0, equals);
    failures.push(inputErrors.UNKNOWN_FLAG({ flag: shown, near: nearest(flag, Object.keys(declarations)) }));
    return;
  }
  if (declaration.type === 'boolean') {
    add(name, negated ? 'false' : (inline ?? 'true'));
    return;
  }
  const value = inline ?? (words[0]?.startsWith('--') ? undefined : words.shift());
  if (value === undefined)
    failures.push(inputErrors.VALUE_MISSING({ flag: name, type: expectedOf(declaration) }));
  else add(name, value);
}

function readOne(
  name: string,
  declaration: InputDeclaration,
  given: readonly string[] | undefined,
  env: Source['env'],
  failures: Failure[],
): unknown {
  const variable = securityVariable(name);
  const fromEnv = env[variable] === '' ? undefined : env[variable];
  if (declaration.security && fromEnv !== undefined) {
    failures.push(inputErrors.NOT_FROM_ENV({ env: variable, flag: name }));
  }
  const texts =
    given ?? (fromEnv === undefined || declaration.security ? undefined : wordsOf(declaration, fromEnv));
  if (texts === undefined) {
    if (declaration.required) {
      failures.push(inputErrors.REQUIRED({ flag: name, env: variableOf(name, declaration) }));
    }
    return declaration.default;
  }
  const parsed = parseValue(declaration, texts);
  if (parsed.ok) return parsed.value;
  const got = declaration.secret ? 'not acceptable' : JSON.stringify(parsed.got);
  failures.push(
    inputErrors.INVALID({
      source: given === undefined ? `the variable ${variable}` : `--${name}`,
      got,
      expected: expectedOf(declaration),
      near: declaration.type === 'string' ? nearest(parsed.got, declaration.options ?? []) : undefined,
    }),
  );
  return undefined;
}

/** A variable holds a list as words; on the command line the shell has split them already. */
function wordsOf(declaration: InputDeclaration, text: string): readonly string[] {
  return declaration.type === 'list' ? text.split(/\s+/).filter((word) => word !== '') : [text];
}

type ParsedValue =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly got: string };

function parseValue(declaration: InputDeclaration, texts: readonly string[]): ParsedValue {
  if (declaration.type === 'list') {
    return { ok: true, value: texts };
  }
  const got = texts.at(-1) ?? '';
  switch (declaration.type) {
    case 'string': {
      const inOptions = declaration.options?.includes(got) ?? true;
      const matches = declaration.pattern === undefined || matchesWhole(declaration.pattern, got);
      return inOptions && matches ? { ok: true, value: got } : { ok: false, got };
    }
    case 'boolean':
      return got === 'true' || got === 'false' ? { ok: true, value: got === 'true' } : { ok: false, got };
    default:
      return parseNumber(declaration, got);
  }
}

function matchesWhole(pattern: RegExp, text: string): boolean {
  return pattern.exec(text)?.[0] === text;
}

function parseNumber(declaration: NumberInput, got: string): ParsedValue {
  const form = declaration.type === 'integer' ? /^-?\d{1,15}$/ : /^-?\d{1,15}(\.\d{1,15})?$/;
  const value = form.test(got) ? Number(got) : Number.NaN;
  const inRange = value >= (declaration.min ?? -Infinity) && value <= (declaration.max ?? Infinity);
  return inRange ? { ok: true, value } : { ok: false, got };
}

/** What a value must be, in words, for help and messages. */
export function expectedOf(declaration: InputDeclaration): string {
  switch (declaration.type) {
    case 'string':
      if (declaration.options) return `one of: ${declaration.options.join(', ')}`;
      return declaration.pattern ? `text matching ${declaration.pattern.source}` : 'text';
    case 'boolean':
      return 'true or false';
    case 'list':
      return 'text; may be repeated';
    default: {
      const { type, min, max } = declaration;
      const range = [min === undefined ? '' : ` from ${min}`, max === undefined ? '' : ` up to ${max}`];
      return `${type === 'integer' ? 'a whole number' : 'a number'}${range.join('')}`;
    }
  }
}
