import type { YAMLMap } from 'yaml';
import type { Splice } from './edit.ts';
import {
  beginsLine,
  columnOf,
  fieldEnd,
  type Layout,
  lineStart,
  nextLine,
  shifted,
  startOf,
} from './layout.ts';
import { type Field, fieldOf } from './tree.ts';

/** The text of a field with its line, the comment beside it included; comments above and below stay. */
export function removeField(layout: Layout, field: Field): Splice[] | undefined {
  const { map, index, key } = field;
  const start = startOf(key);
  const end = fieldEnd(layout, field);
  if (map.items.length === 1) return map.flow ? [{ start, end, text: '' }] : [{ start, end, text: '{}' }];
  if (map.flow) return removeInline(layout, field, { start, end });
  if (beginsLine(layout, start))
    return [{ start: lineStart(layout, start), end: nextLine(layout, end), text: '' }];
  const next = fieldOf(map, index + 1);
  const until = next && startOf(next.key);
  // After `- ` the next field takes the place, if nothing else is between them.
  if (until === undefined || !/^\s*$/.test(layout.text.slice(end, until))) return undefined;
  return [{ start, end: until, text: '' }];
}

function removeInline(
  layout: Layout,
  { map, index }: Field,
  { start, end }: { start: number; end: number },
): Splice[] | undefined {
  const next = fieldOf(map, index + 1);
  const before = fieldOf(map, index - 1);
  const span = next ? { start, end: startOf(next.key) } : before && { start: fieldEnd(layout, before), end };
  return span === undefined || layout.text.slice(span.start, span.end).includes('#')
    ? undefined
    : [{ ...span, text: '' }];
}

/** Puts the text of a field, its further lines indented as if it began a line, below another one or first. */
export function insertText(
  layout: Layout,
  map: YAMLMap,
  text: string,
  above: Field | undefined,
): Splice[] | undefined {
  const first = fieldOf(map, 0);
  if (map.flow) {
    if (text.includes('\n')) return undefined;
    const at = above ? fieldEnd(layout, above) : startOf(map) + 1;
    if (above) return [{ start: at, end: at, text: `, ${text}` }];
    return [
      {
        start: at,
        end: at,
        text:
          map.items.length === 0 ? ` ${text} ` : `${/^\s/.exec(layout.text.slice(at))?.[0] ?? ''}${text},`,
      },
    ];
  }
  if (first === undefined) return undefined;
  const column = columnOf(layout, startOf(first.key));
  if (column === undefined) return undefined;
  const indented = shifted(text, column)?.trimStart();
  if (indented === undefined) return undefined;
  const margin = ' '.repeat(column);
  if (above === undefined) {
    const at = startOf(first.key);
    return [{ start: at, end: at, text: `${indented}${layout.newline}${margin}` }];
  }
  const at = nextLine(layout, fieldEnd(layout, above));
  const isCut = at === layout.text.length && !layout.text.endsWith('\n');
  return isCut
    ? [{ start: at, end: at, text: `${layout.newline}${margin}${indented}` }]
    : [{ start: at, end: at, text: `${margin}${indented}${layout.newline}` }];
}
