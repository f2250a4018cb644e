import { type Document, isMap, isScalar, isSeq } from 'yaml';
import type { Splice, YamlEdit } from './edit.ts';
import { insertText, removeField } from './fields.ts';
import { endOf, inOneLine, type Layout, nextLine, startOf } from './layout.ts';
import { moveField } from './move.ts';
import { fieldAt, nodeAt } from './tree.ts';
import { listMapping, wrapValue } from './wrap.ts';

/** What an edit changes of the text; undefined where it cannot be written here without touching more than it should. */
export function splicesOf(
  layout: Layout,
  document: Document.Parsed,
  edit: YamlEdit,
): readonly Splice[] | undefined {
  switch (edit.do) {
    case 'set':
      return setValue(layout, document, edit);
    case 'rename': {
      const field = fieldAt(document, edit.path);
      return field && [{ ...spanOf(field.key), text: inOneLine(layout, edit.name, field.key) }];
    }
    case 'remove': {
      const field = fieldAt(document, edit.path);
      return field && removeField(layout, field);
    }
    case 'insert':
      return insertField(layout, document, edit);
    case 'move':
      return moveField(layout, document, edit);
    case 'wrap':
      return wrapValue(layout, document, edit);
    case 'list':
      return listMapping(layout, document, edit);
  }
}

function spanOf(node: { range?: readonly number[] | null | undefined }): { start: number; end: number } {
  return { start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 };
}

function setValue(
  layout: Layout,
  document: Document.Parsed,
  { path, value, comment, uncomment }: Extract<YamlEdit, { do: 'set' }>,
): Splice[] | undefined {
  const node = nodeAt(document, path);
  if (node === undefined) return undefined;
  const start = startOf(node);
  const end = endOf(layout, node);
  const isBlock = (isMap(node) || isSeq(node)) && !node.flow;
  if (isBlock || (isScalar(node) && node.type?.startsWith('BLOCK'))) return undefined;
  const blank = start === end && layout.text[start - 1] === ':' ? ' ' : '';
  const rest = layout.text.slice(end, nextLine(layout, end));
  // A comment where one stands already, or within brackets, would not be about this value.
  if (comment !== undefined && (layout.json || !/^\s*$/.test(rest))) return undefined;
  if (uncomment !== undefined && rest.trim() !== `# ${uncomment}`) return undefined;
  const removed = uncomment === undefined ? 0 : rest.trimEnd().length;
  const note = comment === undefined ? '' : ` # ${comment}`;
  return [{ start, end: end + removed, text: `${blank}${inOneLine(layout, value, node)}${note}` }];
}

function insertField(
  layout: Layout,
  document: Document.Parsed,
  { path, name, value, after }: Extract<YamlEdit, { do: 'insert' }>,
): Splice[] | undefined {
  const map = nodeAt(document, path);
  if (!isMap(map)) return undefined;
  const text = `${inOneLine(layout, name)}: ${inOneLine(layout, value)}`;
  const above = after === undefined ? undefined : fieldAt(document, [...path, after]);
  return insertText(layout, map, text, above);
}
