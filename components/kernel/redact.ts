import { withoutKnownTokens } from './redact-tokens.ts';
import { type SecretForm, secretForms } from './secret-forms.ts';

export interface Redactor {
  /** The text with `[redacted]` in the place of each secret. */
  (text: string): string;
  /** Declares one more secret; shorter than 6 characters it is ignored, since it would stand everywhere. */
  add(value: string): void;
}

const redacted = '[redacted]';

const fewestCharacters = 6;

/**
 * Makes a redactor: declared values are taken out plain, in base64, hex, URL and JSON form, also when broken over
 * lines; tokens of known shapes (redact-tokens.ts), JWTs, private keys and passwords in URLs without being
 * declared. Works on whole messages: a secret cut between two calls is not seen. Time is linear in the text.
 */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const forms = new Map<string, SecretForm>();
  const redact = (text: string): string => withoutKnownTokens(withoutForms(text, [...forms.values()]));
  const add = (value: string): void => {
    for (const secret of new Set([value, value.trim()])) {
      if (secret.length < fewestCharacters) continue;
      for (const form of secretForms(secret)) forms.set(form.text, form);
    }
  };
  for (const secret of secrets) add(secret);
  return Object.assign(redact, { add });
}

/**
 * Data with each text in it redacted. What is written as JSON goes through this before it is written: a shape such as
 * a private key without an end, taken out of the finished text, would take the closing quotes along.
 */
export function redactData<T>(redact: (text: string) => string, data: T): T {
  // Names of fields, codes and whole sentences come again and again, and each costs twenty searches.
  const known = new Map<string, string>();
  const redacted = (text: string): string => {
    if (text.length > longestKept) return redact(text);
    const found = known.get(text) ?? redact(text);
    known.set(text, found);
    return found;
  };
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return redacted(value);
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [redacted(key), visit(item)]));
  };
  return visit(data) as T;
}

/** Longer texts come once. */
const longestKept = 500;

/** Start and end in the text, end exclusive. */
type Range = readonly [number, number];

function withoutForms(text: string, forms: readonly SecretForm[]): string {
  if (forms.length === 0) return text;
  const ranges: Range[] = forms.flatMap((form) =>
    find(text, form.text).map((range) => withEdges(text, range, form)),
  );
  for (const separators of [lineBreaks, escapedLineBreaks]) {
    const squeezed = squeeze(text, separators);
    if (squeezed === undefined) continue;
    for (const form of forms) {
      const wanted = form.text.replace(separators, '');
      if (wanted.length < fewestCharacters) continue;
      for (const [start, end] of find(squeezed.text, wanted)) {
        ranges.push(withEdges(text, [squeezed.at(start), squeezed.at(end - 1) + 1], form));
      }
    }
  }
  return replaceRanges(text, ranges);
}

function find(text: string, wanted: string): Range[] {
  const ranges: Range[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    ranges.push([at, at + wanted.length]);
  }
  return ranges;
}

function withEdges(text: string, [start, end]: Range, { edges }: SecretForm): Range {
  const isBase64 = (offset: number): boolean => /[A-Za-z0-9+/_-]/.test(text.charAt(offset));
  return [start - (isBase64(start - 1) ? edges[0] : 0), end + (isBase64(end) ? edges[1] : 0)];
}

// What may break a secret over lines: white space, a backslash before it; in JSON text also `\n` and its like.
const lineBreaks = /\\?\s+/g;
const escapedLineBreaks = /\\?\s+|\\[nrt]/g;

interface Squeezed {
  readonly text: string;
  /** Offset in the original text. */
  readonly at: (offset: number) => number;
}

/** The text without separators; undefined when it has none. */
function squeeze(text: string, separators: RegExp): Squeezed | undefined {
  const starts: number[] = [];
  const removed: number[] = [];
  let total = 0;
  for (const match of text.matchAll(separators)) {
    starts.push(match.index - total);
    total += match[0].length;
    removed.push(total);
  }
  if (total === 0) return undefined;
  const at = (offset: number): number => {
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return offset + (removed[low - 1] ?? 0);
  };
  return { text: text.replace(separators, ''), at };
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  if (ranges.length === 0) return text;
  let result = '';
  let done = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (end <= done) continue;
    if (start >= done) result += text.slice(done, start) + redacted;
    done = end;
  }
  return result + text.slice(done);
}
