/** What `rules:if` says once comparisons of two written-out texts are done: inputs of components leave such behind. */
export type Folded = { readonly always: boolean } | { readonly text: string };

/**
 * Folds a condition: `"auto" == "auto" && $A` is `$A`, `"a" != "a" && $A` is never true. What it cannot read stays as it is.
 * Source: docs.gitlab.com/ci/jobs/job_rules, "CI/CD variable expressions": && goes before ||.
 */
export function foldCondition(condition: string): Folded {
  const tokens = condition.match(token) ?? [];
  const at = { index: 0 };
  const folded = foldAny(tokens, at);
  return at.index < tokens.length ? { text: condition } : folded;
}

const token = /&&|\|\||[()]|(?:"[^"]*"|'[^']*'|\/(?:\\.|[^/\\])+\/[a-z]*|[^&|()"'/]|[&|](?![&|])|["'/])+/g;
const literals = /^\s*(?:"([^"$]*)"|'([^'$]*)')\s*(==|!=)\s*(?:"([^"$]*)"|'([^'$]*)')\s*$/;

interface Cursor {
  index: number;
}

function foldAny(tokens: readonly string[], at: Cursor): Folded {
  return foldList(tokens, at, '||', foldAll);
}

function foldAll(tokens: readonly string[], at: Cursor): Folded {
  return foldList(tokens, at, '&&', foldOne);
}

function foldList(
  tokens: readonly string[],
  at: Cursor,
  operator: '||' | '&&',
  inner: (tokens: readonly string[], at: Cursor) => Folded,
): Folded {
  const parts = [inner(tokens, at)];
  while (skipSpace(tokens, at) === operator) {
    at.index += 1;
    parts.push(inner(tokens, at));
  }
  // One that is true decides an "or", one that is false an "and".
  const deciding = operator === '||';
  if (parts.some((part) => 'always' in part && part.always === deciding)) return { always: deciding };
  const open = parts.flatMap((part) => ('text' in part ? [part.text] : []));
  return open.length === 0 ? { always: !deciding } : { text: open.join(` ${operator} `) };
}

function foldOne(tokens: readonly string[], at: Cursor): Folded {
  const next = skipSpace(tokens, at);
  at.index += 1;
  if (next === '(') {
    const inside = foldAny(tokens, at);
    if (skipSpace(tokens, at) === ')') at.index += 1;
    return 'text' in inside ? { text: `(${inside.text})` } : inside;
  }
  const [, a, b, operator, c, d] = literals.exec(next ?? '') ?? [];
  if (operator === undefined) return { text: (next ?? '').trim() };
  return { always: ((a ?? b) === (c ?? d)) === (operator === '==') };
}

function skipSpace(tokens: readonly string[], at: Cursor): string | undefined {
  while (tokens[at.index]?.trim() === '') at.index += 1;
  return tokens[at.index];
}
