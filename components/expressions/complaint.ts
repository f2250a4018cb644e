import type { Complaint } from './checker.ts';
import type { ExpressionIssue } from './types.ts';

type Words = Pick<ExpressionIssue, 'message' | 'expected' | 'got' | 'suggestion'>;

interface Phrase {
  /** What the library writes, with the parts that are of use. */
  readonly pattern: RegExp;
  readonly words: (parts: readonly string[]) => Words;
}

// The sentences of @marcbachmann/cel-js 8.0.0. One that is not here is passed on as it is: it speaks of types and
// names, never of values, because nothing was evaluated.
const phrases: readonly Phrase[] = [
  {
    pattern: /^no such overload: (.+) (\S+) (.+)$/,
    words: ([left, op, right]) => ({
      message: `"${op}" has no meaning between ${typed(left)} and ${typed(right)}`,
    }),
  },
  {
    pattern: /^no such overload: ([-!])(.+)$/,
    words: ([op, type]) => ({ message: `"${op}" has no meaning for ${typed(type)}` }),
  },
  {
    pattern: /^found no matching overload for '(?:(.+)\.)?(\w+)\((.*)\)'$/,
    words: ([receiver, name, types]) => ({
      message: `${name}() has no meaning for ${[receiver, ...(types ?? '').split(', ')].filter(Boolean).map(typed).join(' and ')}`,
    }),
  },
  {
    pattern: /^Logical operator requires bool operands, got '(.+)'$/,
    words: ([type]) => ({
      message: '"&&" and "||" need bool on both sides',
      expected: 'bool',
      got: typed(type),
    }),
  },
  {
    pattern: /^(?:.*must (?:be|return) bool), got '(.+)'$/,
    words: ([type]) => ({ message: 'the condition is not a bool', expected: 'bool', got: typed(type) }),
  },
  {
    pattern: /^Ternary branches must have the same type, got '(.+)' and '(.+)'$/,
    words: ([yes, no]) => ({ message: `"?" gives ${typed(yes)} or ${typed(no)}; both must be of one type` }),
  },
  {
    pattern: /^(?:List elements|Map value).+expected type '(.+)' but found '(.+)'$/,
    words: ([first, other]) => ({
      message: 'all items must be of the type of the first',
      expected: typed(first),
      got: typed(other),
    }),
  },
  {
    pattern: /^List index must be int, got '(.+)'$/,
    words: ([type]) => ({ message: 'an index of a list is an int', expected: 'int', got: typed(type) }),
  },
  { pattern: /^Cannot index type '(.+)'$/, words: ([type]) => ({ message: `${typed(type)} has no parts` }) },
  {
    pattern: /^Expression of type '(.+)' cannot be range of a comprehension/,
    words: ([type]) => ({ message: `${typed(type)} has no items to visit`, expected: 'a list or a map' }),
  },
  {
    pattern: /^(\w+)\(.*\) invalid predicate iteration variable$/,
    words: ([name]) => ({ message: `the first part of ${name}() must be a new name` }),
  },
  {
    pattern: /^Exceeded (\w+) \((\d+)\)$/,
    words: ([limit, most]) => ({
      message: `the expression is too ${tooMuch(limit)}`,
      expected: `at most ${most}`,
    }),
  },
  {
    pattern: /^Unexpected token: EOF|^Expected \w+, got EOF$/,
    words: () => ({ message: 'the expression ends too early' }),
  },
];

// What people write who think of another language.
const otherLanguages: Readonly<Record<string, string>> = {
  '=': '==',
  '===': '==',
  '!==': '!=',
  '<>': '!=',
  '&': '&&',
  '|': '||',
  and: '&&',
  AND: '&&',
  or: '||',
  OR: '||',
  not: '!',
  NOT: '!',
  is: '==',
};

/** Turns what the library says into an issue with its place. */
export function issueOf(complaint: Complaint, source: string): ExpressionIssue {
  const place = { offset: complaint.start, length: Math.max(0, complaint.end - complaint.start) };
  if (source.trim() === '') return { offset: 0, length: source.length, message: 'the expression is empty' };
  for (const { pattern, words } of phrases) {
    const match = pattern.exec(complaint.summary);
    if (match !== null) return { ...place, ...words(match.slice(1)) };
  }
  return unexpected(complaint, source) ?? { ...place, message: lowered(complaint.summary) };
}

/** What stands where something else was expected; an operator of another language is taken as a whole. */
function unexpected({ code, start }: Complaint, source: string): ExpressionIssue | undefined {
  if (!['unexpected_character', 'unexpected_token', 'expected_token'].includes(code)) return undefined;
  const before = source.slice(0, start);
  const belongs = /^[=!<>&|]/.test(source.slice(start)) ? /[=!<>&|]*$/ : /(?:\bnot\s+)?$/i;
  const offset = belongs.exec(before)?.index ?? start;
  const got = /^(?:\w+|[=!<>&|]+|.)/su.exec(source.slice(offset))?.[0] ?? '';
  const suggestion = Object.hasOwn(otherLanguages, got) ? otherLanguages[got] : undefined;
  return {
    offset,
    length: got.length,
    message: `${JSON.stringify(got)} cannot stand here`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function typed(type: string | undefined): string {
  return (type ?? '').replaceAll('dyn', 'json');
}

function tooMuch(limit: string | undefined): string {
  if (limit === 'maxDepth') return 'deep';
  return limit === 'maxAstNodes' ? 'large' : 'long at this place';
}

function lowered(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
