import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { DataPath } from '../place.ts';
import { keyText } from '../yaml-scalars.ts';

/** A field of a mapping as it is written. */
export interface Field {
  readonly map: YAMLMap;
  readonly index: number;
  readonly key: Node;
  readonly value: Node | undefined;
}

/** The field a path ends with; undefined where it ends in a list, or leads through an alias, an anchor or a merge. */
export function fieldAt(document: Document.Parsed, path: DataPath): Field | undefined {
  const map = nodeAt(document, path.slice(0, -1));
  const name = path.at(-1);
  if (!isMap(map) || name === undefined) return undefined;
  const index = map.items.findIndex((pair) => nameOf(pair) === String(name));
  return fieldOf(map, index);
}

export function fieldOf(map: YAMLMap, index: number): Field | undefined {
  const pair = map.items[index];
  if (pair === undefined || !isNode(pair.key) || !isPlain(pair.key)) return undefined;
  const value = isNode(pair.value) ? pair.value : undefined;
  if (value !== undefined && !isPlain(value)) return undefined;
  return { map, index, key: pair.key, value };
}

/** The node of a path; undefined as for {@link fieldAt}. */
export function nodeAt(document: Document.Parsed, path: DataPath): Node | undefined {
  let node: Node | undefined = isNode(document.contents) ? document.contents : undefined;
  for (const part of path) {
    if (node === undefined || !isPlain(node)) return undefined;
    let next: unknown;
    if (isSeq(node)) next = typeof part === 'number' ? node.items[part] : undefined;
    else if (isMap(node)) next = node.items.find((pair) => nameOf(pair) === String(part))?.value;
    node = isNode(next) ? next : undefined;
  }
  return node !== undefined && isPlain(node) ? node : undefined;
}

/** What has a name elsewhere in the document would change there too. */
function isPlain(node: Node): boolean {
  return !isAlias(node) && node.anchor === undefined && node.tag === undefined;
}

function nameOf({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  return keyText('manifest', key.source ?? '', key.type === 'PLAIN' && key.tag === undefined);
}
