import { createParse, type Parse } from './checker.ts';
import { tableOf } from './environment.ts';
import type { Node } from './tree.ts';
import type { Evaluator, Expression } from './types.ts';

/**
 * Takes an expression apart at its outermost `&&`: it is true where all parts are, and false where one is. An expression that
 * cannot be taken apart is its own only part.
 */
export function createSplit(
  evaluator: Evaluator,
): (expression: Expression) => readonly [Expression, ...Expression[]] {
  const parse = createParse(tableOf(evaluator.environment));
  return (expression) => {
    const parts = textsOf(expression.source, parse).map((text) => evaluator.compile(text));
    const compiled = parts.flatMap((part) => (part.ok ? [part.expression] : []));
    const [first, ...rest] = compiled.length === parts.length ? compiled : [];
    return first === undefined ? [expression] : [first, ...rest];
  };
}

function textsOf(source: string, parse: Parse): readonly string[] {
  const parsed = parse(source);
  return parsed.ok ? partsOf(parsed.root).map(({ start, end }) => source.slice(start, end)) : [];
}

function partsOf(node: Node): readonly Node[] {
  return node.op === '&&' ? node.args.flatMap(partsOf) : [node];
}
