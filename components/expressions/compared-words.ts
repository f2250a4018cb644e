import { createParse } from './checker.ts';
import { tableOf } from './environment.ts';
import { childrenOf, isComprehension, type Node, pathOf } from './tree.ts';
import type { ExpressionEnvironment } from './types.ts';

/** A text in an expression that a fact, or an item of one, is compared with. */
export interface ComparedWord {
  readonly fact: string;
  readonly word: string;
}

/** Names that stand for the items of a fact inside of a quantifier. */
type Items = ReadonlyMap<string, string>;

/**
 * Makes the search for the words that an expression compares facts with: by `==`, `!=` and `in`, also item by item in a
 * quantifier over a list. What is computed is not looked at.
 */
export function createWordSearch(
  environment: ExpressionEnvironment,
): (source: string) => readonly ComparedWord[] {
  const table = tableOf(environment);
  const parse = createParse(table);
  const factOf = (node: Node, items: Items): string | undefined => {
    const name = pathOf(node)?.join('.') ?? '';
    return table.slots.has(name) ? name : items.get(name);
  };
  const visit = (node: Node, items: Items): readonly ComparedWord[] => {
    if (isComprehension(node)) {
      const [, list, [variable, ...bodies]] = node.args;
      const fact = factOf(list, items);
      const inside = new Map(items);
      if (fact !== undefined && variable?.op === 'id') inside.set(variable.args, fact);
      return [...visit(list, items), ...bodies.flatMap((body) => visit(body, inside))];
    }
    const own = node.op === '==' || node.op === '!=' || node.op === 'in' ? compared(node.args, items) : [];
    return [...own, ...childrenOf(node).flatMap((child) => visit(child, items))];
  };
  const compared = ([left, right]: readonly [Node, Node], items: Items): readonly ComparedWord[] => [
    ...wordsWith(factOf(left, items), right),
    ...wordsWith(factOf(right, items), left),
  ];
  return (source) => {
    const parsed = parse(source);
    return parsed.ok ? visit(parsed.root, new Map()) : [];
  };
}

function wordsWith(fact: string | undefined, node: Node): readonly ComparedWord[] {
  if (fact === undefined) return [];
  const nodes = node.op === 'list' ? node.args : [node];
  return nodes.flatMap((one) =>
    one.op === 'value' && typeof one.args === 'string' ? [{ fact, word: one.args }] : [],
  );
}
