import { inputErrors } from './errors.ts';
import type { Failure } from './failure.ts';
import {
  type InputDeclaration,
  type InputDeclarations,
  type InputValues,
  variableNamed,
  variableOf,
} from './input-types.ts';
import { expectedOf, parseValue } from './input-values.ts';
import { nearest } from './suggest.ts';

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
  if (value === undefined) {
    failures.push(inputErrors.VALUE_MISSING({ flag: name, type: expectedOf(declaration) }));
    return;
  }
  const spaced = declaration.type === 'list' && declaration.spaced === true;
  for (const item of spaced ? wordsIn(value) : [value]) add(name, item);
}

function readOne(
  name: string,
  declaration: InputDeclaration,
  given: readonly string[] | undefined,
  env: Source['env'],
  failures: Failure[],
): unknown {
  const variable = variableNamed(name, declaration);
  const fromEnv = env[variable] === '' ? undefined : env[variable];
  if (declaration.security && fromEnv !== undefined) {
    failures.push(inputErrors.NOT_FROM_ENV({ env: variable, flag: name }));
  }
  const texts = given ?? (declaration.security ? undefined : textsOf(declaration, fromEnv));
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

/** What a variable gives: a list as words. */
function textsOf(declaration: InputDeclaration, text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  return declaration.type === 'list' ? wordsIn(text) : [text];
}

function wordsIn(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== '');
}
