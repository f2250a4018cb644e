import type { Finding, FindingCode } from '../kernel/finding.ts';
import { renderPath } from '../kernel/place.ts';
import { pathOf } from './read/node.ts';
import type { Issue } from './rule.ts';

/** Gives an issue its file, line and column. */
export function placeIssue(code: FindingCode, issue: Issue): Finding {
  const { node, piece, target, ...words } = issue;
  const at = (piece?.node ?? node).at;
  const path = pathOf(piece?.node ?? node);
  const start = at.source.locate()(at.document, path, target ?? 'value');
  const { line, column } = piece === undefined ? start : (placeOfPiece(start, issue) ?? start);
  return {
    code: code.code,
    severity: code.severity,
    file: at.source.file,
    line,
    column,
    path: renderPath(path),
    ...words,
  };
}

/**
 * Where a part of a text stands in the file. A YAML text may be folded, indented and escaped, so the part is looked for as
 * often behind the beginning of the text as it occurs in it before.
 */
function placeOfPiece(start: { readonly line: number; readonly column: number }, { piece }: Issue) {
  const value = piece?.node.value;
  if (piece === undefined || typeof value !== 'string' || piece.text === '' || /[\r\n]/.test(piece.text))
    return undefined;
  const { text, lines, positions } = piece.node.at.source;
  let from = (lines()[start.line - 1] ?? 0) + start.column - 1;
  // What a text cannot be longer than: every character escaped, every line indented.
  const end = from + value.length * 8 + 1_024;
  for (
    let at = value.indexOf(piece.text);
    at >= 0 && at <= piece.offset;
    at = value.indexOf(piece.text, at + piece.text.length)
  ) {
    const found = text.indexOf(piece.text, from);
    if (found < 0 || found > end) return undefined;
    if (at === piece.offset) return positions()(found);
    from = found + piece.text.length;
  }
  return undefined;
}
