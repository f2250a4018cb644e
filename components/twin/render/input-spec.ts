import { RE2JS } from 're2js';
import { nearest } from '../../kernel/suggest.ts';
import { type HeaderMistake, headerMistake, unknownKeys } from './header-mistake.ts';
import { checkInputRules } from './input-rules.ts';
import { isMapping, type Mapping } from './merge.ts';

const inputTypes = ['array', 'boolean', 'number', 'string'] as const;
export type InputType = (typeof inputTypes)[number];

const inputKeys = ['default', 'description', 'options', 'regex', 'type', 'rules'];
const maxOptions = 50;

/** The declaration of an input; the short form, nothing at all, is an empty one. */
export function specOf(declared: unknown): Mapping {
  return isMapping(declared) ? declared : {};
}

export function typeOf(spec: Mapping): InputType {
  return inputTypes.find((type) => type === spec.type) ?? 'string';
}

/** Every mistake in how an input is declared, in the words of GitLab's header entries. */
export function checkInputSpec(name: string, declared: unknown): readonly HeaderMistake[] {
  const path = ['spec', 'inputs', name];
  const where = `header:spec:inputs:${name}`;
  if (declared === null) return [];
  if (!isMapping(declared)) return [headerMistake(`${where} config should be a hash`, path)];
  const mistakes = [...unknownKeys(where, declared, inputKeys, path)];
  const add = (message: string, key: string) =>
    mistakes.push(headerMistake(`${where} ${message}`, [...path, key]));
  const { type, options, regex, rules } = declared as Readonly<Record<string, unknown>>;
  if (type !== undefined && type !== null && !inputTypes.some((known) => known === type)) {
    add(`input type unknown value: ${String(type)}`, 'type');
    const last = mistakes.pop();
    if (last) mistakes.push({ ...last, suggestion: nearest(String(type), inputTypes) });
  }
  if (options !== undefined && options !== null && !Array.isArray(options)) {
    add('input options should be a array', 'options');
  }
  if (Array.isArray(options) && options.length > maxOptions) {
    add(`config cannot define more than ${maxOptions} options`, 'options');
  }
  if (Array.isArray(options) && options.includes(null)) {
    add('config options array cannot contain null values', 'options');
  }
  if (regex !== undefined && regex !== null && typeof regex !== 'string') {
    add('input regex should be a string', 'regex');
  }
  if (rules === undefined) return mistakes;
  for (const other of ['options', 'default']) {
    if (Object.hasOwn(declared, other)) {
      add(`config these keys cannot be used together: rules, ${other}`, other);
    }
  }
  return [...mistakes, ...checkInputRules(name, rules)];
}

/** GitLab matches unanchored, with RE2; undefined where the pattern is none. */
export function compileRegex(regex: string): RE2JS | undefined {
  try {
    return RE2JS.compile(regex);
  } catch {
    return undefined;
  }
}
