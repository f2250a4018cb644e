import type { DataPath } from '../../kernel/place.ts';

/** A text of a document: a value, or the key of one. */
export interface Text {
  readonly value: string;
  readonly isKey: boolean;
  /** The nearest key above it; empty in the root. */
  readonly key: string;
  /** Place of the value; of a key, place of the mapping that has it. */
  readonly path: DataPath;
}

interface Step {
  readonly part: string | number;
  readonly above: Step | undefined;
}

/**
 * Whether one of a document's values is of interest, told by the nearest key above it. Most documents have none, so
 * that this makes no paths, and there is no recursion: a document may be deep.
 */
export function someText(root: unknown, isWanted: (value: string, key: string) => boolean): boolean {
  const values: unknown[] = [root];
  const keys: string[] = [''];
  while (values.length > 0) {
    const value = values.pop();
    const key = keys.pop() ?? '';
    if (typeof value === 'string') {
      if (isWanted(value, key)) return true;
    } else if (Array.isArray(value)) {
      for (const item of value) {
        values.push(item);
        keys.push(key);
      }
    } else if (typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) {
        values.push((value as Record<string, unknown>)[name]);
        keys.push(name);
      }
    }
  }
  return false;
}

/** All texts of a document that have at least so many characters, keys included, each on lines of its own. */
export function joinedTexts(root: unknown, least: number): string {
  const texts: string[] = [];
  const values: unknown[] = [root];
  while (values.length > 0) {
    const value = values.pop();
    if (typeof value === 'string') {
      if (value.length >= least) texts.push(value);
    } else if (Array.isArray(value)) {
      for (const item of value) values.push(item);
    } else if (typeof value === 'object' && value !== null) {
      for (const name of Object.keys(value)) {
        if (name.length >= least) texts.push(name);
        values.push((value as Record<string, unknown>)[name]);
      }
    }
  }
  return texts.join('\n');
}

/** The texts of a document that are of interest, with their places. */
export function textsWhere(
  root: unknown,
  isWanted: (value: string, key: string, isKey: boolean) => boolean,
): readonly Text[] {
  const found: Text[] = [];
  const stack: { value: unknown; at: Step | undefined; key: string }[] = [
    { value: root, at: undefined, key: '' },
  ];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, at, key } = next;
    if (typeof value === 'string') {
      if (isWanted(value, key, false)) found.push({ value, isKey: false, key, path: pathOf(at) });
    } else if (Array.isArray(value)) {
      for (const [part, item] of value.entries()) stack.push({ value: item, at: { part, above: at }, key });
    } else if (typeof value === 'object' && value !== null) {
      for (const [part, item] of Object.entries(value)) {
        if (isWanted(part, key, true)) found.push({ value: part, isKey: true, key, path: pathOf(at) });
        stack.push({ value: item, at: { part, above: at }, key: part });
      }
    }
  }
  return found;
}

function pathOf(step: Step | undefined): DataPath {
  const path: (string | number)[] = [];
  for (let at = step; at !== undefined; at = at.above) path.push(at.part);
  return path.reverse();
}
