import { isMap, isScalar, isSeq, type Node, stringify } from 'yaml';
import type { Field } from './tree.ts';

/** The text of a document with what is needed to write into it in its own style. */
export interface Layout {
  readonly text: string;
  /** How its lines end. */
  readonly newline: string;
  /** Whether it is written as JSON: names in quotes, and no comments. */
  readonly json: boolean;
}

export function layoutOf(text: string): Layout {
  return { text, newline: /\r?\n/.exec(text)?.[0] ?? '\n', json: /^\s*[[{]\s*("|[}\]])/.test(text) };
}

/** Where a node's own text ends: without the comments, blank lines and line ends that come after it. */
export function endOf({ text }: Layout, node: Node): number {
  const [start = 0, end = 0] = node.range ?? [];
  if ((isMap(node) || isSeq(node)) && !node.flow) {
    const last = node.items.at(-1);
    const inner: unknown = isMap(node) ? (node.items.at(-1)?.value ?? node.items.at(-1)?.key) : last;
    return isNodeLike(inner) ? endOf({ text, newline: '', json: false }, inner) : end;
  }
  return isScalar(node) && end > start ? start + text.slice(start, end).replace(/[\r\n]+$/, '').length : end;
}

function isNodeLike(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'range' in value;
}

export function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

/** Where a field's text ends, a value that is left empty too. */
export function fieldEnd(layout: Layout, { key, value }: Field): number {
  const after = value === undefined ? (key.range?.[1] ?? 0) : endOf(layout, value);
  // Of `key:` with nothing behind it the value stands at the end of the colon.
  const colon = layout.text[after] === ':' ? 1 : 0;
  return after + colon;
}

export function lineStart({ text }: Layout, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offset behind the end of the line. */
export function nextLine({ text }: Layout, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end + 1;
}

/** Blanks to the left of a place, what stands there (`- `) counted as blanks; undefined where tabs stand there. */
export function columnOf(layout: Layout, offset: number): number | undefined {
  const before = layout.text.slice(lineStart(layout, offset), offset);
  return before.includes('\t') ? undefined : before.length;
}

/** Whether only blanks are to the left of a place. */
export function beginsLine(layout: Layout, offset: number): boolean {
  return /^ *$/.test(layout.text.slice(lineStart(layout, offset), offset));
}

/** A value in one line, as the document writes such. */
export function inOneLine({ json }: Layout, value: unknown, like?: Node): string {
  if (json) return JSON.stringify(value);
  if (typeof value === 'string' && isScalar(like)) {
    if (like.type === 'QUOTE_DOUBLE') return JSON.stringify(value);
    if (like.type === 'QUOTE_SINGLE' && !/[\r\n]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  }
  return stringify(value, { lineWidth: 0, collectionStyle: 'flow', version: '1.2' }).trimEnd();
}

/** Lines moved to the right, or to the left where there is room; undefined where there is none. */
export function shifted(lines: string, by: number): string | undefined {
  const moved = lines.split('\n').map((line) => {
    if (/^\s*$/.test(line)) return line;
    if (by >= 0) return ' '.repeat(by) + line;
    return line.startsWith(' '.repeat(-by)) ? line.slice(-by) : undefined;
  });
  return moved.includes(undefined) ? undefined : moved.join('\n');
}
