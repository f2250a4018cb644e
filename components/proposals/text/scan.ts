import type { ChangeKind, Count } from './types.ts';

/** A reading of one line, from left to right; what is read is written once, changed or not. */
export interface Scan {
  readonly text: string;
  at: number;
  /** What is written. None is empty; the line is never joined before its end, so the time stays linear. */
  readonly pieces: string[];
  /** Where the runs of backticks begin, by their length, and how far the reading is in each list. */
  readonly backticks: ReadonlyMap<number, { readonly starts: readonly number[]; passed: number }>;
  readonly count: Count;
}

export function beginScan(text: string, count: Count): Scan {
  const backticks = new Map<number, { starts: number[]; passed: number }>();
  for (const { 0: run, index } of text.matchAll(/`+/g)) {
    const known = backticks.get(run.length);
    if (known === undefined) backticks.set(run.length, { starts: [index], passed: 0 });
    else known.starts.push(index);
  }
  return { text, at: 0, pieces: [], backticks, count };
}

/** What a sticky pattern finds here. */
export function peek(scan: Scan, pattern: RegExp): string | undefined {
  pattern.lastIndex = scan.at;
  return pattern.exec(scan.text)?.[0];
}

/** Writes what stands here as it is. */
export function keep(scan: Scan, length: number): void {
  scan.pieces.push(scan.text.slice(scan.at, scan.at + length));
  scan.at += length;
}

/** Writes the character here with a backslash before it, so that it means nothing. */
export function escapeOne(scan: Scan, kind: ChangeKind): void {
  scan.count(kind);
  scan.pieces.push('\\');
  keep(scan, 1);
}

/** Writes something else in the place of what stands here. */
export function replaceBy(scan: Scan, length: number, text: string, kind: ChangeKind): void {
  scan.count(kind);
  scan.pieces.push(text);
  scan.at += length;
}

/** Shows a text without backticks as code; behind another span or a backslash it would be none. */
export function showAsCode(scan: Scan, length: number, content: string, kind: ChangeKind): void {
  const last = scan.pieces.at(-1) ?? '';
  const before = last === '\\' || last.endsWith('`') ? ' ' : '';
  const after = scan.text[scan.at + length] === '`' ? ' ' : '';
  replaceBy(scan, length, `${before}\`${withoutComment(content, scan.count)}\`${after}`, kind);
}

/**
 * Reads a run of backticks: a code span where a run of the same length closes it on this line, as CommonMark has it, or
 * else so many signs. A span over two lines is none to us: what is between may be no paragraph.
 */
export function takeBackticks(scan: Scan): void {
  const { length } = peek(scan, /`+/y) ?? '';
  const runs = scan.backticks.get(length);
  const from = scan.at + length;
  while (runs !== undefined && (runs.starts[runs.passed] ?? Number.POSITIVE_INFINITY) < from)
    runs.passed += 1;
  const end = runs?.starts[runs.passed];
  if (end === undefined) {
    scan.count('code');
    scan.pieces.push('\\`'.repeat(length));
    scan.at = from;
    return;
  }
  const span = scan.text.slice(scan.at, end + length);
  const harmless = withoutComment(span, scan.count);
  scan.pieces.push(harmless);
  scan.at = end + length;
}

/** In code nothing is hidden by a comment, yet our own texts are found again by theirs, wherever it stands. */
export function withoutComment(code: string, count: Count): string {
  return code.replaceAll('<!--', () => {
    count('html');
    return '<! --';
  });
}
