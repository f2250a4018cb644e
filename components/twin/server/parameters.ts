import { Refusal } from './reply.ts';

type Pair = readonly [key: string, value: unknown];
type Tree = Record<string, unknown>;

/** Levels of `a[b][c]`, as Rack takes them. */
const maxDepth = 32;

/** Query parameters as {@link Call.query} has them. */
export function parseQuery(text: string): Record<string, string | readonly string[]> {
  const lists = new Map<string, string[]>();
  const query: Record<string, string | readonly string[]> = {};
  for (const [sent, value] of new URLSearchParams(text)) {
    const isList = sent.endsWith('[]');
    const key = isList ? sent.slice(0, -2) : sent;
    refuseProto(key);
    const values = [...(lists.get(key) ?? []), value];
    lists.set(key, values);
    query[key] = isList || values.length > 1 ? values : value;
  }
  return query;
}

/**
 * Nests form keys as Rails does: `iids[]`, `position[new_line]`, `variables[][key]`, where an element of a list ends when
 * one of its keys comes again. Source: the query parser of github.com/rack/rack.
 */
export function nestParameters(pairs: Iterable<Pair>): Tree {
  const root: Tree = {};
  for (const [sent, value] of pairs) put(root, parseKey(sent), value);
  return root;
}

/** `a[b][]` is `['a', 'b', '']`. */
function parseKey(sent: string): string[] {
  const match = /^([^[]+)((?:\[[^\]]*\])*)$/.exec(sent);
  const [, first = sent, rest = ''] = match ?? [];
  const keys = [first, ...[...rest.matchAll(/\[([^\]]*)\]/g)].map(([, key = '']) => key)];
  if (keys.length > maxDepth) throw new Refusal(400, { error: '400 Bad Request' });
  for (const key of keys) refuseProto(key);
  return keys;
}

function put(tree: Tree, [key = '', ...below]: readonly string[], value: unknown): void {
  if (below.length === 0) {
    tree[key] = value;
    return;
  }
  if (below[0] !== '') {
    put(childOf(tree, key), below, value);
    return;
  }
  const list = listOf(tree, key);
  const inElement = below.slice(1);
  if (inElement.length === 0) {
    list.push(value);
    return;
  }
  const last = list.at(-1);
  if (isTree(last) && !has(last, inElement)) put(last, inElement, value);
  else {
    const element: Tree = {};
    list.push(element);
    put(element, inElement, value);
  }
}

function childOf(tree: Tree, key: string): Tree {
  const known = Object.hasOwn(tree, key) ? tree[key] : undefined;
  if (isTree(known)) return known;
  if (known !== undefined) throw expected('Hash', key);
  const child: Tree = {};
  tree[key] = child;
  return child;
}

function listOf(tree: Tree, key: string): unknown[] {
  const known = Object.hasOwn(tree, key) ? tree[key] : undefined;
  if (Array.isArray(known)) return known;
  if (known !== undefined) throw expected('Array', key);
  const list: unknown[] = [];
  tree[key] = list;
  return list;
}

function has(tree: Tree, [key = '', ...below]: readonly string[]): boolean {
  if (!Object.hasOwn(tree, key)) return false;
  if (below.length === 0) return true;
  const child = tree[key];
  // A list in an element takes any number of values.
  return below[0] !== '' && isTree(child) && has(child, below);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof File);
}

function expected(kind: string, key: string): Refusal {
  return new Refusal(400, { error: `expected ${kind} for param \`${key}'` });
}

/** Refuses the one key that would be the prototype of what it is put into. */
export function refuseProto(key: string): void {
  if (key === '__proto__') throw new Refusal(400, { error: '400 Bad Request' });
}
