import { type Document, isMap } from 'yaml';
import type { Splice, YamlEdit } from './edit.ts';
import { insertText, removeField } from './fields.ts';
import {
  beginsLine,
  columnOf,
  fieldEnd,
  inOneLine,
  type Layout,
  nextLine,
  shifted,
  startOf,
} from './layout.ts';
import { type Field, fieldAt, fieldOf, nodeAt } from './tree.ts';

/** Takes a field from one mapping to another with the comment beside it. */
export function moveField(
  layout: Layout,
  document: Document.Parsed,
  { path, to }: Extract<YamlEdit, { do: 'move' }>,
): Splice[] | undefined {
  const field = fieldAt(document, path);
  const name = to.at(-1);
  if (field === undefined || name === undefined) return undefined;
  const written = textOf(layout, field, String(name));
  if (written === undefined) return undefined;
  const target = nodeAt(document, to.slice(0, -1));
  if (target === undefined) return moveIntoNew(layout, document, field, { path, to }, written);
  if (!isMap(target)) return undefined;
  const last = fieldOf(target, target.items.length - 1);
  const removed = removeField(layout, field);
  const inserted = insertText(layout, target, written, last);
  return removed && inserted && !overlap(removed, inserted) ? [...removed, ...inserted] : undefined;
}

/** The field takes the mapping that is made for it along: in its own place, or at the end of the mapping that gets it. */
function moveIntoNew(
  layout: Layout,
  document: Document.Parsed,
  field: Field,
  { path, to }: { readonly path: readonly (string | number)[]; readonly to: readonly (string | number)[] },
  written: string,
): Splice[] | undefined {
  const holder = to.slice(0, -2);
  const made = to.at(-2);
  const target = nodeAt(document, holder);
  if (made === undefined || !isMap(target)) return undefined;
  const isInline = target.flow === true;
  const wrapped = isInline
    ? `${inOneLine(layout, made)}: { ${written} }`
    : `${inOneLine(layout, made)}:${layout.newline}${shifted(written, 2) ?? ''}`;
  const isBeside = JSON.stringify(holder) === JSON.stringify(path.slice(0, -1));
  if (isBeside && !isInline) {
    const start = startOf(field.key);
    const column = columnOf(layout, start);
    const text = column === undefined ? undefined : shifted(wrapped, column)?.trimStart();
    return text === undefined ? undefined : [{ start, end: commentEnd(layout, field), text }];
  }
  const removed = removeField(layout, field);
  const inserted = insertText(layout, target, wrapped, fieldOf(target, target.items.length - 1));
  return removed && inserted && !overlap(removed, inserted) ? [...removed, ...inserted] : undefined;
}

/** A field with another name as if it began in the first column; undefined where it cannot be taken out as lines. */
function textOf(layout: Layout, field: Field, name: string): string | undefined {
  const start = startOf(field.key);
  const column = columnOf(layout, start);
  const end = commentEnd(layout, field);
  if (column === undefined) return undefined;
  const [head = '', ...below] = layout.text.slice(start, end).split('\n');
  const rest = below.length === 0 ? '' : shifted(below.join('\n'), -column);
  if (rest === undefined || (below.length > 0 && !isOwnLines(layout, field))) return undefined;
  const keyLength = (field.key.range?.[1] ?? 0) - start;
  const renamed = `${inOneLine(layout, name, field.key)}${head.slice(keyLength)}`;
  return below.length === 0 ? renamed : `${renamed}\n${rest}`;
}

function isOwnLines(layout: Layout, { map, key }: Field): boolean {
  return !map.flow && (beginsLine(layout, startOf(key)) || columnOf(layout, startOf(key)) !== undefined);
}

/** The end of a field with the comment beside its end. */
function commentEnd(layout: Layout, field: Field): number {
  const end = fieldEnd(layout, field);
  if (field.map.flow) return end;
  const rest = layout.text.slice(end, nextLine(layout, end));
  const comment = /^[ \t]*#[^\r\n]*/.exec(rest)?.[0] ?? '';
  return end + comment.length;
}

function overlap(some: readonly Splice[], others: readonly Splice[]): boolean {
  return some.some(
    (a) =>
      others.some((b) => a.start < b.end && b.start < a.end) ||
      others.some((b) => b.start > a.start && b.start < a.end),
  );
}
