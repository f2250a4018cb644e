/** The pieces of an expression of `rules:if`. */
export type Token =
  | { readonly kind: 'input' | 'variable' | 'string' | 'pattern'; readonly text: string }
  | { readonly kind: 'constant'; readonly value: null | boolean }
  | { readonly kind: '(' | ')' | '!' | Operator };

const operators = ['==', '=~', '!=', '!~', '&&', '||'] as const;
export type Operator = (typeof operators)[number];

const maxTokens = 100;

// In GitLab's order. An input whose name has a hyphen cannot be asked for: GitLab reads `\w` only.
const forms: readonly (readonly [RegExp, (match: RegExpExecArray) => Token])[] = [
  [/\(/y, () => ({ kind: '(' })],
  [/\)/y, () => ({ kind: ')' })],
  [/\$\[\[\s*inputs\.(\w+)\s*\]\]/y, ([, text = '']) => ({ kind: 'input', text })],
  [/\$(\w+)/y, ([, text = '']) => ({ kind: 'variable', text })],
  [/"([^"]*)"|'([^']*)'/y, ([, double, single]) => ({ kind: 'string', text: double ?? single ?? '' })],
  [/\/(?:[^/\\]|\\.)+\/[ismU]*/y, ([text]) => ({ kind: 'pattern', text })],
  [/null/y, () => ({ kind: 'constant', value: null })],
  [/(true|false)\b/y, ([text]) => ({ kind: 'constant', value: text === 'true' })],
  [/==|=~|!=|!~|&&|\|\|/y, ([text]) => ({ kind: text as Operator })],
  [/!/y, () => ({ kind: '!' })],
];

/** Cuts an expression into tokens; undefined where it has a piece that is none, or more than 100. */
export function tokensOf(expression: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = skipSpace(expression, 0);
  while (at < expression.length) {
    const found = tokenAt(expression, at);
    if (found === undefined || tokens.length === maxTokens) return undefined;
    tokens.push(found.token);
    at = skipSpace(expression, found.end);
  }
  return tokens;
}

function tokenAt(expression: string, at: number): { token: Token; end: number } | undefined {
  for (const [form, make] of forms) {
    form.lastIndex = at;
    const match = form.exec(expression);
    if (match) return { token: make(match), end: at + match[0].length };
  }
  return undefined;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (/\s/.test(text[at] ?? '')) at += 1;
  return at;
}
