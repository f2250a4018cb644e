import { isDeepStrictEqual } from 'node:util';
import { nearest } from '../../kernel/suggest.ts';
import { unresolved } from './block.ts';
import { renderFindings } from './findings.ts';
import { matchingRule, rulesOf } from './input-rules.ts';
import { compileRegex, type InputType, specOf, typeOf } from './input-spec.ts';
import { type Mapping, mappingOf } from './merge.ts';
import type { Mistake } from './report.ts';
import { rubyText } from './ruby.ts';

export interface InputMistake extends Mistake {
  readonly input: string;
  /** Who is to correct it: the one who gives the value, or the file that declares the input. */
  readonly by: 'giver' | 'declaration';
}

export interface ResolvedInputs {
  /** Value of every declared input; `unresolved` where it is wrong. */
  readonly values: Mapping;
  readonly mistakes: readonly InputMistake[];
}

/**
 * Gives every declared input its value: the given one, else its default, brought to its type. A string takes whatever
 * Ruby's `to_s` makes of a value; the other types read a text as JSON, so that `"7"` is a number. Given and default
 * values are both checked, as GitLab does.
 */
export function resolveInputs(specs: Mapping, given: Mapping): ResolvedInputs {
  const mistakes: InputMistake[] = [...unknownInputs(specs, given)];
  const values = new Map<string, unknown>();
  for (const [name, declared] of Object.entries(specs)) {
    // Inputs that come later are seen as given, not with their defaults.
    const others = mappingOf([...Object.entries(given), ...values]);
    const resolved = resolveInput(name, specOf(declared), given[name] ?? null, others);
    mistakes.push(...resolved.mistakes);
    values.set(name, resolved.mistakes.length > 0 ? unresolved : resolved.value);
  }
  return { values: mappingOf(values), mistakes };
}

function unknownInputs(specs: Mapping, given: Mapping): readonly InputMistake[] {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(specs, name));
  const [first] = unknown;
  if (first === undefined) return [];
  const message = `unknown input arguments: ${unknown.join(', ')}`;
  const suggestion = nearest(first, Object.keys(specs));
  return [{ code: renderFindings.INPUT_UNKNOWN, message, suggestion, input: first, by: 'giver' }];
}

function resolveInput(
  name: string,
  spec: Mapping,
  given: unknown,
  others: Mapping,
): { readonly value: unknown; readonly mistakes: readonly InputMistake[] } {
  const rules = rulesOf(spec);
  const rule = rules && matchingRule(rules, others);
  const byRules =
    rules?.some((item) => Object.hasOwn(item, 'default') || !Object.hasOwn(item, 'if')) ?? false;
  const message = (text: string) => `\`${name}\` input: ${text}`;
  if (given === null && !Object.hasOwn(spec, 'default') && !byRules) {
    const text = message('required value has not been provided');
    return {
      value: null,
      mistakes: [{ code: renderFindings.INPUT_REQUIRED, message: text, input: name, by: 'giver' }],
    };
  }
  const options = rules ? (rule?.options ?? spec.options) : spec.options;
  const invalid = (text: string, by: InputMistake['by'], suggestion?: string): InputMistake => {
    return { code: renderFindings.INPUT_INVALID, message: message(text), suggestion, input: name, by };
  };
  const check = (value: unknown, by: InputMistake['by']): readonly InputMistake[] =>
    checkValue(spec, options, value, by === 'declaration').map((text) =>
      invalid(text, by, suggestionFor(value, options)),
    );
  const fallback = coerce(typeOf(spec), rule?.default ?? spec.default ?? null);
  // A rule may have no default, or none may match: GitLab then has no value to check.
  const unchecked = rules !== undefined && (rule?.default ?? null) === null;
  const mistakes = checkDeclaration(spec, options).map((text) => invalid(text, 'declaration'));
  if (Object.hasOwn(spec, 'default') || (byRules && !unchecked)) {
    mistakes.push(...check(fallback, 'declaration'));
  }
  if (given === null) return { value: fallback, mistakes };
  const value = coerce(typeOf(spec), given);
  return { value, mistakes: [...mistakes, ...check(value, 'giver')] };
}

function coerce(type: InputType, value: unknown): unknown {
  if (type === 'string') return rubyText(value);
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** What a type cannot be checked with. GitLab says so only once there is a value. */
function checkDeclaration(spec: Mapping, options: unknown): readonly string[] {
  const type = typeOf(spec);
  const found: string[] = [];
  if (type === 'boolean' && options) found.push('Options can only be used with string and number inputs');
  if (!Object.hasOwn(spec, 'regex')) return found;
  if (type !== 'string') return [...found, 'RegEx validation can only be used with string inputs'];
  return compileRegex(String(spec.regex)) ? found : [...found, 'invalid regular expression'];
}

/** What is wrong with a value, in GitLab's words, which differ between the types. */
function checkValue(spec: Mapping, options: unknown, value: unknown, isDefault: boolean): readonly string[] {
  const type = typeOf(spec);
  const found: string[] = [];
  const whose = isDefault ? 'default' : 'provided';
  if (!hasType(type, value)) found.push(`${whose} value is not ${type === 'array' ? 'an' : 'a'} ${type}`);
  if (Array.isArray(options)) found.push(...checkOptions(type, options, value));
  if (type !== 'string' || !Object.hasOwn(spec, 'regex')) return found;
  const matches = compileRegex(String(spec.regex))?.matcher(String(value)).find() ?? true;
  return matches ? found : [...found, `${whose} value does not match required RegEx pattern`];
}

function hasType(type: InputType, value: unknown): boolean {
  return type === 'array' ? Array.isArray(value) : typeof value === type;
}

function checkOptions(type: InputType, options: readonly unknown[], value: unknown): readonly string[] {
  if (type === 'boolean') return [];
  if (type === 'array') {
    const items: readonly unknown[] = Array.isArray(value) ? value : [];
    const wrong = items.filter((item) => !options.some((option) => isDeepStrictEqual(option, item)));
    const shown = wrong.map(rubyText).join(', ');
    return wrong.length === 0
      ? []
      : [`${shown} cannot be used because it is not in the list of allowed options`];
  }
  const allowed = type === 'string' ? options.map(rubyText) : options;
  if (value === null || allowed.includes(value)) return [];
  const list = type === 'string' ? 'allowed options' : 'the allowed options';
  return [`\`${rubyText(value)}\` cannot be used because it is not in the list of ${list}`];
}

function suggestionFor(value: unknown, options: unknown): string | undefined {
  return typeof value === 'string' && Array.isArray(options)
    ? nearest(value, options.map(rubyText))
    : undefined;
}
