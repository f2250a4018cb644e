import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type { Splice, YamlEdit } from './edit.ts';
import { beginsLine, columnOf, endOf, inOneLine, type Layout, nextLine, shifted, startOf } from './layout.ts';
import { type Field, fieldAt, fieldOf, nodeAt } from './tree.ts';

/** The value one level deeper, below the new name. */
export function wrapValue(
  layout: Layout,
  document: Document.Parsed,
  { path, name }: Extract<YamlEdit, { do: 'wrap' }>,
): Splice[] | undefined {
  const field = fieldAt(document, path);
  const value = field?.value;
  if (field === undefined || value === undefined) return undefined;
  const start = startOf(value);
  const end = endOf(layout, value);
  if (start === end) return undefined;
  const written = inOneLine(layout, name);
  if ((isMap(value) || isSeq(value)) && !value.flow) {
    const column = columnOf(layout, startOf(field.key));
    // Comments between the name and the value go along.
    const first = nextLine(layout, startOf(field.key));
    const lines = layout.text.slice(first, end);
    const moved = column === undefined || !beginsLine(layout, start) ? undefined : shifted(lines, 2);
    if (moved === undefined || column === undefined) return undefined;
    return [{ start: first, end, text: `${' '.repeat(column + 2)}${written}:${layout.newline}${moved}` }];
  }
  if (isScalar(value) && value.type?.startsWith('BLOCK')) return undefined;
  return [{ start, end, text: `{ ${written}: ${layout.text.slice(start, end)} }` }];
}

/** `a:` with a mapping below becomes `- name: a` with the same lines below. */
export function listMapping(
  layout: Layout,
  document: Document.Parsed,
  { path, name }: Extract<YamlEdit, { do: 'list' }>,
): Splice[] | undefined {
  const map = nodeAt(document, path);
  if (!isMap(map) || map.flow) return undefined;
  const splices: Splice[] = [];
  for (const index of map.items.keys()) {
    const field = fieldOf(map, index);
    const inner = field?.value;
    const first = isMap(inner) && !inner.flow ? fieldOf(inner, 0) : undefined;
    if (field === undefined || inner === undefined || first === undefined) return undefined;
    const [outerColumn, innerColumn] = [field.key, first.key].map((key) => columnOf(layout, startOf(key)));
    const start = startOf(field.key);
    const body = nextLine(layout, startOf(field.key));
    if (outerColumn === undefined || innerColumn === undefined || !beginsLine(layout, start))
      return undefined;
    const moved = shifted(layout.text.slice(body, endOf(layout, inner)), outerColumn + 2 - innerColumn);
    if (moved === undefined) return undefined;
    const head = layout.text.slice(fieldKeyEnd(field), body).replace(/^:/, '');
    const id = layout.text.slice(start, fieldKeyEnd(field));
    splices.push({
      start,
      end: endOf(layout, inner),
      text: `- ${inOneLine(layout, name)}: ${id}${head}${moved}`,
    });
  }
  return splices;
}

function fieldKeyEnd({ key }: Field): number {
  return key.range?.[1] ?? 0;
}
