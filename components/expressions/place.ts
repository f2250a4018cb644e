import type { DataPath, Position } from '../kernel/place.ts';
import type { YamlLocator } from '../kernel/yaml-positions.ts';
import { withoutByteOrderMark } from '../kernel/yaml-text.ts';

/** Where an expression is written: a document of a YAML text, counted from 0, and the path of the scalar in it. */
export interface ExpressionPlace {
  readonly text: string;
  /** Made by `locate` for the same text. */
  readonly locator: YamlLocator;
  readonly document: number;
  readonly path: DataPath;
}

/**
 * The place of a mistake in the YAML text. It is exact in plain and quoted scalars of one line, up to the first
 * escape; in blocks, folded lines and after an escape it is where the scalar begins.
 */
export function locateIssue(
  place: ExpressionPlace,
  source: string,
  issue: { readonly offset: number },
): Position {
  const start = place.locator(place.document, place.path);
  const line = lineAt(withoutByteOrderMark(place.text), start.line);
  const written = line.slice(start.column - 1);
  const quote = /^["']/.exec(written)?.[0] ?? '';
  const before = source.slice(0, issue.offset);
  // A plain scalar has no escapes; `\\` and `''` stand for less than they take.
  const escaping = quote === '"' ? '\\' : quote;
  const exact = written.startsWith(quote + before) && (escaping === '' || !before.includes(escaping));
  return exact ? { line: start.line, column: start.column + quote.length + issue.offset } : start;
}

function lineAt(text: string, line: number): string {
  return text.split(/\r\n?|\n/, line)[line - 1] ?? '';
}
