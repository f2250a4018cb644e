import type { ErrorObject } from 'ajv';
import { withoutKnownTokens } from './redact-tokens.ts';
import type { SchemaKeyword } from './schema-issue.ts';

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'null',
};

/** JSON Schema types as people say them. */
export function typesInWords(types: unknown): string {
  return [types]
    .flat()
    .map((type) => typeNames[String(type)] ?? String(type))
    .join(' or ');
}

export function kindInWords(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeNames[typeof value] ?? typeof value;
}

/** What a format asks for, with an example where one helps. */
export const formats: Readonly<Record<string, string>> = {
  'date-time': 'a date and time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
  time: 'a time such as 12:00:00Z',
  duration: 'an ISO 8601 duration such as PT30M',
  email: 'an e-mail address',
  hostname: 'a host name',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  uri: 'an absolute URI such as https://example.org/a',
  'uri-reference': 'a URI or a relative reference',
  uuid: 'a UUID',
  regex: 'a regular expression',
};

export function limitInWords({ keyword, params }: ErrorObject): string {
  const limit = Number(params.limit);
  if (keyword === 'exclusiveMinimum') return `more than ${limit}`;
  if (keyword === 'exclusiveMaximum') return `less than ${limit}`;
  const unit = keyword.endsWith('Length') ? ' character' : keyword.endsWith('Items') ? ' item' : '';
  const plural = unit === '' || limit === 1 ? unit : `${unit}s`;
  return `${keyword.startsWith('min') ? 'at least' : 'at most'} ${limit}${plural}`;
}

export function sizeInWords(keyword: SchemaKeyword, value: unknown): string {
  if (keyword.endsWith('Length') && typeof value === 'string') return `${[...value].length} characters`;
  return keyword.endsWith('Items') && Array.isArray(value) ? `${value.length} items` : shown(value);
}

/** A value as a message shows it: JSON, cut; collections by their kind. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? '{}' : 'a mapping';
  if (typeof value === 'string') return quote(value);
  return value === undefined ? 'nothing' : String(value);
}

/**
 * A text in quotes, cut. Tokens are taken out before: cut in two they could not be told any more, and half a token is
 * worth a guess.
 */
export function quote(text: unknown): string {
  return JSON.stringify(cut(withoutKnownTokens(cut(String(text), 10_000)), 80));
}

export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
