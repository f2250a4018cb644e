/** A condition of `rules:if`, as far as it can be read. */
export type Condition =
  | { readonly is: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: '==' | '!=' | '=~' | '!~'; readonly left: Operand; readonly right: Operand }
  | { readonly is: 'set'; readonly of: Operand }
  /** What is no condition, or goes deeper than any: nothing is known of it. */
  | { readonly is: 'unread' };

export type Operand =
  | { readonly is: 'variable'; readonly name: string }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'pattern'; readonly text: string; readonly ignoresCase: boolean }
  | { readonly is: 'null' }
  | { readonly is: 'input' };

const token =
  /\s*(?:(&&|\|\||==|!=|=~|!~|!|\(|\))|\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?|"([^"]*)"|'([^']*)'|\/((?:[^/\\\n]|\\.)+)\/([a-z]*)|(null)\b)/y;
const longest = 4_096;
const deepest = 50;

/** https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions: `&&` binds closer than `||`. */
export function parseCondition(text: string): Condition {
  const tokens = text.length > longest ? undefined : readTokens(text);
  if (tokens === undefined || tokens.length === 0) return { is: 'unread' };
  const state = { tokens, at: 0, depth: 0 };
  const condition = readOr(state);
  return state.at === tokens.length ? condition : { is: 'unread' };
}

type Token = { readonly sign: string } | Operand;

function readTokens(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const found = token.exec(source);
    if (found === null) return undefined;
    const [, sign, name, double, single, pattern, flags, none] = found;
    if (sign !== undefined) tokens.push({ sign });
    else if (name !== undefined) tokens.push({ is: 'variable', name });
    else if (pattern !== undefined)
      tokens.push({ is: 'pattern', text: pattern, ignoresCase: (flags ?? '').includes('i') });
    else if (none !== undefined) tokens.push({ is: 'null' });
    // What an input holds is not known before it is put in.
    else if (found[0].includes('$[[')) tokens.push({ is: 'input' });
    else tokens.push({ is: 'text', text: double ?? single ?? '' });
  }
  return tokens;
}

interface State {
  readonly tokens: readonly Token[];
  at: number;
  depth: number;
}

function takeSign(state: State, ...signs: readonly string[]): string | undefined {
  const next = state.tokens[state.at];
  if (next === undefined || !('sign' in next) || !signs.includes(next.sign)) return undefined;
  state.at += 1;
  return next.sign;
}

function readOr(state: State): Condition {
  let left = readAnd(state);
  while (takeSign(state, '||')) left = { is: 'or', left, right: readAnd(state) };
  return left;
}

function readAnd(state: State): Condition {
  let left = readOne(state);
  while (takeSign(state, '&&')) left = { is: 'and', left, right: readOne(state) };
  return left;
}

function readOne(state: State): Condition {
  if (state.depth >= deepest) return { is: 'unread' };
  state.depth += 1;
  const one = readInner(state);
  state.depth -= 1;
  return one;
}

function readInner(state: State): Condition {
  if (takeSign(state, '!')) return { is: 'not', of: readOne(state) };
  if (takeSign(state, '(')) {
    const inner = readOr(state);
    return takeSign(state, ')') ? inner : { is: 'unread' };
  }
  const left = takeOperand(state);
  if (left === undefined) return { is: 'unread' };
  const sign = takeSign(state, '==', '!=', '=~', '!~');
  if (sign === undefined) return { is: 'set', of: left };
  const right = takeOperand(state);
  return right === undefined ? { is: 'unread' } : { is: sign as '==', left, right };
}

function takeOperand(state: State): Operand | undefined {
  const next = state.tokens[state.at];
  if (next === undefined || 'sign' in next) return undefined;
  state.at += 1;
  return next;
}
