import { RE2JS } from 're2js';
import { type Operator, type Token, tokensOf } from './expression-tokens.ts';
import type { Mapping } from './merge.ts';

/** What an expression may ask for. */
export interface Facts {
  readonly variables?: Mapping;
  readonly inputs?: Mapping;
}

export interface Expression {
  /** Whether it holds, as GitLab decides it: null, false and blank text do not. */
  readonly holds: (facts: Facts) => boolean;
  /** Names of the inputs it reads. */
  readonly inputs: readonly string[];
}

type Node = (facts: Facts) => unknown;

/** Reads an expression of `rules:if`; undefined where GitLab would say "invalid expression syntax". */
export function parseExpression(text: string): Expression | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const reader = { tokens, at: 0 };
  const node = readOr(reader);
  if (node === undefined || reader.at < tokens.length) return undefined;
  return {
    holds: (facts) => isPresent(node(facts)),
    inputs: tokens.flatMap((token) => (token.kind === 'input' ? [token.text] : [])),
  };
}

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

function readOr(reader: Reader): Node | undefined {
  return readChain(reader, '||', readAnd, (left, right) => (facts) => {
    const value = left(facts);
    return isTrue(value) ? value : right(facts);
  });
}

function readAnd(reader: Reader): Node | undefined {
  return readChain(reader, '&&', readComparison, (left, right) => (facts) => {
    const value = left(facts);
    return isTrue(value) ? right(facts) : value;
  });
}

function readChain(
  reader: Reader,
  operator: Operator,
  readPart: (reader: Reader) => Node | undefined,
  join: (left: Node, right: Node) => Node,
): Node | undefined {
  let left = readPart(reader);
  while (left !== undefined && reader.tokens[reader.at]?.kind === operator) {
    reader.at += 1;
    const right = readPart(reader);
    left = right && join(left, right);
  }
  return left;
}

function readComparison(reader: Reader): Node | undefined {
  let left = readValue(reader);
  for (;;) {
    const operator = reader.tokens[reader.at]?.kind;
    const compare = operator === undefined ? undefined : comparisons[operator];
    if (left === undefined || compare === undefined) return left;
    reader.at += 1;
    const right = readValue(reader);
    const before: Node = left;
    left = right && ((facts) => compare(before(facts), right(facts)));
  }
}

const comparisons: Readonly<Partial<Record<string, (left: unknown, right: unknown) => boolean>>> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '=~': (left, right) => matches(left, right),
  '!~': (left, right) => !matches(left, right),
};

function readValue(reader: Reader): Node | undefined {
  const token = reader.tokens[reader.at];
  reader.at += 1;
  switch (token?.kind) {
    case '(': {
      const node = readOr(reader);
      const closed = reader.tokens[reader.at]?.kind === ')';
      reader.at += 1;
      return closed ? node : undefined;
    }
    case '!': {
      const node = readValue(reader);
      return node && ((facts) => !isTrue(node(facts)));
    }
    case 'input':
      return (facts) => ownValue(facts.inputs, token.text);
    case 'variable':
      return (facts) => ownValue(facts.variables, token.text);
    case 'string':
      return () => token.text;
    case 'pattern':
      return compilePattern(token.text) && (() => token.text);
    case 'constant':
      return () => token.value;
    default:
      return undefined;
  }
}

function ownValue(values: Mapping | undefined, name: string): unknown {
  return values !== undefined && Object.hasOwn(values, name) ? (values[name] ?? null) : null;
}

/** `=~`: the right side is `/pattern/flags`, written so or held by a variable; an unreadable one matches nothing. */
function matches(left: unknown, right: unknown): boolean {
  if (typeof right !== 'string') return false;
  return (
    compilePattern(right)
      ?.matcher(left === null ? '' : String(left))
      .find() ?? false
  );
}

function compilePattern(text: string): RE2JS | undefined {
  const [, pattern, flags = ''] = /^\/([\s\S]+)\/([ismU]*)$/.exec(text) ?? [];
  if (pattern === undefined) return undefined;
  try {
    return RE2JS.compile(`${flags === '' ? '' : `(?${flags})`}${pattern.replaceAll('\\/', '/')}`);
  } catch {
    return undefined;
  }
}

function isTrue(value: unknown): boolean {
  return value !== null && value !== false;
}

function isPresent(value: unknown): boolean {
  return isTrue(value) && !(typeof value === 'string' && value.trim() === '');
}
