import type { DataPath } from '../../kernel/place.ts';
import { Reference } from '../../kernel/yaml.ts';
import type { Node, Source, Step } from '../types.ts';

/** What a text may make of us: merges and references multiply, and a hostile one would never end. */
export class Work {
  #left: number;

  constructor(left: number) {
    this.#left = left;
  }

  /** @throws TooMuch */
  spend(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new TooMuch();
  }
}

export class TooMuch extends Error {}

/** Plain data with the place of each value. Values that aliases repeat have the place of the alias. */
export function nodeOf(data: unknown, source: Source, document: number, work: Work, step?: Step): Node {
  work.spend(1);
  const at = { source, document, step };
  if (Array.isArray(data)) {
    const items = data.map((item, part) => nodeOf(item, source, document, work, { part, above: step }));
    return { value: undefined, items, at };
  }
  if (typeof data === 'object' && data !== null && !(data instanceof Reference)) {
    const fields = new Map<string, Node>();
    for (const [part, item] of Object.entries(data))
      fields.set(part, nodeOf(item, source, document, work, { part, above: step }));
    return { value: undefined, fields, at };
  }
  return { value: data, at };
}

export function pathOf({ at }: Node): DataPath {
  const path: (string | number)[] = [];
  for (let step = at.step; step !== undefined; step = step.above) path.push(step.part);
  return path.reverse();
}

/** Deep for mappings, and everything else is replaced: as GitLab merges includes and `extends`. */
export function merge(under: Node | undefined, over: Node, work: Work): Node {
  if (under?.fields === undefined || over.fields === undefined) return over;
  work.spend(under.fields.size + over.fields.size);
  const fields = new Map(under.fields);
  for (const [name, node] of over.fields) fields.set(name, merge(fields.get(name), node, work));
  return { value: undefined, fields, at: over.at };
}

export function fieldOf(node: Node | undefined, ...names: readonly string[]): Node | undefined {
  return names.reduce((found, name) => found?.fields?.get(name), node);
}

export function textOf(node: Node | undefined): string | undefined {
  return typeof node?.value === 'string' ? node.value : undefined;
}

/** A list, or the one thing that stands where a list may; nothing where there is nothing. */
export function listOf(node: Node | undefined): readonly Node[] {
  if (node === undefined || node.value === null) return [];
  return node.items ?? [node];
}

/** A list of lists as one: `!reference` puts lists into lists. */
export function flatListOf(node: Node | undefined): readonly Node[] {
  return listOf(node).flatMap((item) => (item.items === undefined ? [item] : flatListOf(item)));
}

/** What stands in a script from an offset to the next blank, for its place in the file: quotes and all. */
export function writtenAt(node: Node, offset: number): string {
  return /^\S{1,64}/.exec((textOf(node) ?? '').slice(offset, offset + 64))?.[0] ?? '';
}
