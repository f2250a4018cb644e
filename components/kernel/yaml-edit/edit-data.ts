import { isDeepStrictEqual } from 'node:util';
import type { DataPath } from '../place.ts';
import { valueAt } from '../place.ts';
import type { YamlEdit } from './edit.ts';

type Container = Record<string | number, unknown>;

/** What an edit makes of the values of a document: the meaning its text must have afterwards. Undefined where it is impossible. */
export function editData(root: unknown, edit: YamlEdit): { readonly value: unknown } | undefined {
  const value = structuredClone(root);
  const done = change(value, edit);
  return done ? { value } : undefined;
}

function change(root: unknown, edit: YamlEdit): boolean {
  const key = edit.path.at(-1);
  if (edit.do === 'insert') {
    const holder = valueAt(root, edit.path);
    if (!isMapping(holder) || Object.hasOwn(holder, edit.name)) return false;
    define(holder, edit.name, edit.value);
    return true;
  }
  const holder = valueAt(root, edit.path.slice(0, -1));
  if (key === undefined || !isContainer(holder) || !Object.hasOwn(holder, key)) return false;
  const old = holder[key];
  switch (edit.do) {
    case 'set':
      define(holder, key, edit.value);
      return true;
    case 'rename':
      return isMapping(holder) && place(holder, key, holder, edit.name);
    case 'remove':
      return isMapping(holder) && delete holder[key];
    case 'wrap':
      define(holder, key, { [edit.name]: old });
      return true;
    case 'list':
      return isMapping(old) && toList(holder, key, old, edit.name);
    case 'move': {
      const target = mappingAt(root, edit.to.slice(0, -1));
      const name = edit.to.at(-1);
      return (
        isMapping(holder) && target !== undefined && name !== undefined && place(holder, key, target, name)
      );
    }
  }
}

function place(from: Container, key: string | number, to: Container, name: string | number): boolean {
  if (Object.hasOwn(to, name)) return false;
  define(to, name, from[key]);
  return delete from[key];
}

function toList(holder: Container, key: string | number, old: Container, name: string): boolean {
  const items = Object.entries(old);
  if (items.length === 0 || !items.every(([, item]) => isMapping(item) && !Object.hasOwn(item, name)))
    return false;
  define(
    holder,
    key,
    items.map(([id, item]) => ({ [name]: id, ...(item as Container) })),
  );
  return true;
}

/** The mapping at a path, made in its holder where it is missing. */
function mappingAt(root: unknown, path: DataPath): Container | undefined {
  const there = valueAt(root, path);
  if (there !== undefined) return isMapping(there) ? there : undefined;
  const holder = valueAt(root, path.slice(0, -1));
  const key = path.at(-1);
  if (!isMapping(holder) || key === undefined) return undefined;
  const made = {};
  define(holder, key, made);
  return made;
}

/** As data comes from a file: `__proto__` is a name like any other. */
function define(holder: Container, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function isMapping(value: unknown): value is Container {
  return isContainer(value) && !Array.isArray(value);
}

/** Whether two documents mean the same; the order of fields means nothing. */
export function meanTheSame(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b);
}
