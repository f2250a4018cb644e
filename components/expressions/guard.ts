import { fitsInt } from './arithmetic.ts';
import type { FactTable } from './environment.ts';
import { argumentsOf, callIssue, nameOf } from './guard-call.ts';
import { nameFact } from './guard-name.ts';
import { mostPatterns } from './limits.ts';
import { childrenOf, isComprehension, type MethodCall, type Node, type NodeOf, pathOf } from './tree.ts';
import type { ExpressionIssue } from './types.ts';

/** What a tree asks for, and what it must not hold. */
export interface Guarded {
  readonly issues: readonly ExpressionIssue[];
  /** Names of facts, sorted. */
  readonly facts: readonly string[];
}

/**
 * Walks a parsed tree before its types are checked: names must be facts, functions those of the list, quantifiers do
 * not nest, literals are of types that facts have. Reports everything; an unknown name once.
 */
export function guard(root: Node, table: FactTable): Guarded {
  const walk: Walk = { table, issues: new Map(), facts: new Set(), patterns: 0 };
  visit(root, walk, []);
  return { issues: [...walk.issues.values()], facts: [...walk.facts].sort() };
}

interface Walk {
  readonly table: FactTable;
  /** By what they say, and where unless they are about a name. */
  readonly issues: Map<string, ExpressionIssue>;
  readonly facts: Set<string>;
  /** Regular expressions up to here. */
  patterns: number;
}

/** Variables of the quantifiers around a node. */
type Items = readonly string[];

function report(walk: Walk, issue: ExpressionIssue | undefined): void {
  if (issue === undefined) return;
  const key = issue.got === undefined ? `${issue.offset} ${issue.message}` : issue.message;
  if (!walk.issues.has(key)) walk.issues.set(key, issue);
}

function visit(node: Node, walk: Walk, items: Items): void {
  switch (node.op) {
    case 'value':
      report(walk, literalIssue(node));
      return;
    case 'id':
    case '.':
      visitPath(node, walk, items);
      return;
    case '-_':
      // The least int is written as the negative of a number that is one too large.
      if (node.args.op !== 'value' || node.args.args !== 2n ** 63n) visit(node.args, walk, items);
      return;
    case 'map':
      visitMap(node, walk, items);
      return;
    case 'call':
    case 'rcall':
      visitCall(node, walk, items);
      return;
    default:
      for (const child of childrenOf(node)) visit(child, walk, items);
  }
}

function visitPath(node: NodeOf<'id' | '.'>, walk: Walk, items: Items): void {
  const path = pathOf(node);
  if (path === undefined) {
    for (const child of childrenOf(node)) visit(child, walk, items);
    return;
  }
  if (items.includes(path[0])) return;
  const { fact, issue } = nameFact(node, path, walk.table);
  report(walk, issue);
  if (fact !== undefined) walk.facts.add(fact.name);
}

function literalIssue(node: NodeOf<'value'>): ExpressionIssue | undefined {
  const value: unknown = node.args;
  const place = { offset: node.start, length: node.end - node.start };
  if (typeof value === 'bigint' && !fitsInt(value)) {
    return { ...place, message: 'the number is beyond the 64 bits of an int' };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Uint8Array)
    return { ...place, message: 'there are no bytes here', expected: 'a text' };
  return { ...place, message: 'there are no unsigned numbers here', expected: 'a number without "u"' };
}

function visitMap(node: NodeOf<'map'>, walk: Walk, items: Items): void {
  const keys = new Set<string>();
  for (const [key, value] of node.args) {
    const place = { offset: key.start, length: key.end - key.start };
    if (key.op !== 'value' || typeof key.args !== 'string') {
      report(walk, { ...place, message: 'a key of a map must be a text in quotes' });
    } else if (keys.has(key.args)) report(walk, { ...place, message: 'the key is there twice' });
    else keys.add(key.args);
    visit(value, walk, items);
  }
}

function visitCall(node: NodeOf<'call'> | MethodCall, walk: Walk, items: Items): void {
  const isPattern = node.args[0] === 'matches';
  if (isPattern) walk.patterns += 1;
  const issue = isPattern && walk.patterns > mostPatterns ? tooManyPatterns(node) : callIssue(node);
  report(walk, issue);
  if (node.op === 'rcall') visit(node.args[1], walk, items);
  if (isComprehension(node)) {
    // Its first argument is a new name; without it the others mean nothing.
    if (issue === undefined) visitComprehension(node, walk, items);
    return;
  }
  if (node.args[0] === 'has' && issue === undefined) report(walk, hasIssue(node, walk.table, items));
  for (const argument of argumentsOf(node)) visit(argument, walk, items);
}

function tooManyPatterns(node: NodeOf<'call'> | MethodCall): ExpressionIssue {
  return { ...nameOf(node), message: `more than ${mostPatterns} regular expressions; join them with "|"` };
}

function visitComprehension(node: MethodCall, walk: Walk, items: Items): void {
  const [variable, ...bodies] = node.args[2];
  if (items.length > 0) {
    const message = `${node.args[0]}() stands inside of another one; only one level is allowed`;
    report(walk, { ...nameOf(node), message });
  }
  // The parser lets nothing but a name pass here.
  const name = variable?.op === 'id' ? variable.args : '';
  if (variable !== undefined && (walk.table.slots.has(name) || walk.table.groups.has(name))) {
    const place = { offset: variable.start, length: variable.end - variable.start };
    report(walk, { ...place, message: `"${name}" is a fact; the variable needs another name` });
  }
  for (const body of bodies) visit(body, walk, [...items, name]);
}

// A fact that is absent is an error before anything runs, so only the insides of JSON can be asked for.
function hasIssue(
  node: NodeOf<'call'> | MethodCall,
  table: FactTable,
  items: Items,
): ExpressionIssue | undefined {
  const [argument] = argumentsOf(node);
  if (argument === undefined) return undefined;
  const place = { offset: argument.start, length: argument.end - argument.start };
  const path = pathOf(argument);
  if (argument.op !== '.' || path === undefined) {
    const isFact = path !== undefined && table.slots.has(path[0]);
    return {
      ...place,
      message: isFact
        ? 'has() is not for facts: an absent fact is an error'
        : 'has() takes a key of a JSON value',
      expected: 'has(input.key)',
    };
  }
  if (items.includes(path[0]) || !table.slots.has(path.slice(0, 2).join('.'))) return undefined;
  return { ...place, message: 'has() is not for facts: an absent fact is an error' };
}
