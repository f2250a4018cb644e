import type { ASTNode } from '@marcbachmann/cel-js';

export type Node = ASTNode;
export type NodeOf<Op extends Node['op']> = Extract<Node, { readonly op: Op }>;

/** Macros that visit the items of a list or the keys of a map, and how many arguments they take. */
export const comprehensions: Readonly<Record<string, readonly number[]>> = {
  all: [2],
  exists: [2],
  exists_one: [2],
  filter: [2],
  map: [2, 3],
};

/** A call on something: `items.exists(x, x > 1)`. */
export type MethodCall = NodeOf<'rcall'>;

export function isComprehension(node: Node): node is MethodCall {
  return node.op === 'rcall' && Object.hasOwn(comprehensions, node.args[0]);
}

/** The nodes right below one. */
export function childrenOf(node: Node): readonly Node[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** How many nodes a tree has. */
export function sizeOf(node: Node): number {
  return childrenOf(node).reduce((sum, child) => sum + sizeOf(child), 1);
}

/** A variable and the fields after it: `agent.tier` is `['agent', 'tier']`; undefined where it is anything else. */
export function pathOf(node: Node): readonly [string, ...string[]] | undefined {
  if (node.op === 'id') return [node.args];
  if (node.op !== '.') return undefined;
  const before = pathOf(node.args[0]);
  return before && [...before, node.args[1]];
}
