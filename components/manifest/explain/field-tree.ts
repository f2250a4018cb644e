import type { Field, FieldTable } from './types.ts';

/** A step of a path: the field of a mapping, and in it what each item of a list is. */
export interface FieldNode {
  field?: Field;
  items?: FieldNode;
  readonly fields: Map<string, FieldNode>;
}

/** What a path leads to, or how far it leads. */
export type FoundPath =
  | { readonly ok: true; readonly node: FieldNode & { readonly field: Field } }
  | {
      readonly ok: false;
      /** The last node that is there. */
      readonly node: FieldNode;
      /** The name that is not in it. */
      readonly missing: string;
    };

export function buildTree(table: FieldTable): FieldNode {
  const root: FieldNode = { fields: new Map() };
  for (const field of table.fields) {
    let node = root;
    for (const step of stepsOf(field.path)) node = step === '[]' ? itemsOf(node) : fieldOf(node, step);
    node.field = field;
  }
  return root;
}

function itemsOf(node: FieldNode): FieldNode {
  node.items ??= { fields: new Map() };
  return node.items;
}

function fieldOf(node: FieldNode, name: string): FieldNode {
  const found = node.fields.get(name) ?? { fields: new Map() };
  node.fields.set(name, found);
  return found;
}

/** The steps of a path as people write it: `spec.tools[0].type`, `spec.tools.type`, `/spec/tools/0/type`. */
export function stepsOf(path: string): readonly string[] {
  const steps: string[] = [];
  for (const [, quoted, index, name] of path.matchAll(/\["([^"]*)"\]|\[(\d*)\]|([^.[\]/]+)/g)) {
    const isIndex = index !== undefined || (steps.length > 0 && /^\d+$/.test(name ?? ''));
    steps.push(isIndex ? '[]' : (quoted ?? name ?? ''));
  }
  return steps;
}

/**
 * Walks a path from the root. Letters of either case do, `[]` between names may be left out, and what repeats the fields of
 * a place around it (steps within steps) is followed there.
 */
export function findPath(root: FieldNode, steps: readonly string[]): FoundPath {
  let node = root;
  for (const [index, step] of steps.entries()) {
    node = followed(root, node);
    const next = step === '[]' ? node.items : namedIn(root, node, step);
    if (next === undefined) {
      // `spec.extensions` is read like `extensions`, and no schema lists it.
      const isAlias = index === 1 && steps[0] === 'spec' && step === 'extensions';
      return isAlias ? findPath(root, steps.slice(1)) : { ok: false, node, missing: step };
    }
    node = next;
  }
  return hasField(node) ? { ok: true, node } : { ok: false, node, missing: '' };
}

function hasField(node: FieldNode): node is FieldNode & { field: Field } {
  return node.field !== undefined;
}

/** The node with the fields of one that only repeats them. */
export function followed(root: FieldNode, node: FieldNode): FieldNode {
  const like = node.field?.shapes.find((shape) => shape.like !== undefined)?.like;
  const found = like === undefined ? undefined : findPath(root, stepsOf(like));
  return found?.ok === true ? found.node : node;
}

function namedIn(root: FieldNode, node: FieldNode, name: string): FieldNode | undefined {
  const lower = name.toLowerCase();
  const either = [...node.fields].find(([known]) => known.toLowerCase() === lower)?.[1];
  const found = node.fields.get(name) ?? either ?? node.fields.get('*');
  if (found !== undefined || node.items === undefined) return found;
  return namedIn(root, followed(root, node.items), name);
}

/** Fields whose path ends with these steps, `[]` between names left aside; those of lists themselves, not of their items. */
export function findSuffix(table: FieldTable, steps: readonly string[]): readonly Field[] {
  const asked = keyOf(steps);
  return table.fields.filter(({ path }) => {
    const key = keyOf(stepsOf(path));
    return key === asked || key.endsWith(`.${asked}`);
  });
}

/** Names with the `[]` at the end only: `spec.tools[]` is an item, and `spec.tools` the list. */
function keyOf(steps: readonly string[]): string {
  const end = steps.findLastIndex((step) => step !== '[]') + 1;
  const names = steps.slice(0, end).filter((step) => step !== '[]');
  return (names.join('.') + '[]'.repeat(steps.length - end)).toLowerCase();
}
