import type { HiddenPart, Part } from './types.ts';

/** A fenced block of code, with lines in it that only its renderer reads. */
export interface Fence extends Part {
  /** False where GitLab may read another structure into it. */
  readonly certain: boolean;
  readonly comments: readonly HiddenPart[];
}

const opening = /(?:(`{3,})([^`\n]*)|(~{3,})([^\n]*))(?:\n|$)/y;
const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/gm;

/** Lines that GitLab ends front matter and quotes by: in a block that has them it may see no code at all. */
const delimiters = /^(?:---|\+\+\+|;;;|>>>)/m;

/** Comments of what is drawn as a picture. */
const drawn: Readonly<Record<string, RegExp>> = {
  mermaid: /^[ \t]*%%[^\n]*/gm,
  math: /%[^\n]*/g,
  plantuml: /^[ \t]*'[^\n]*/gm,
};

/**
 * The block of code that a line begins, to its end or that of the text. Only one without indentation: any other may be in
 * a list or a quotation, which end it earlier than its own mark does.
 */
export function readFence(text: string, start: number): Fence | undefined {
  opening.lastIndex = start;
  const open = opening.exec(text);
  if (open === null) return undefined;
  const [line, ticks, ticksInfo, tildes, tildesInfo] = open;
  const mark = ticks ?? tildes ?? '';
  const body = start + line.length;
  const { from, end } = findClosing(text, body, mark);
  const inside = text.slice(body, from);
  const language =
    (ticksInfo ?? tildesInfo ?? '')
      .trim()
      .split(/[\s{:]/, 1)[0]
      ?.toLowerCase() ?? '';
  const comment = Object.hasOwn(drawn, language) ? drawn[language] : undefined;
  const found = comment === undefined ? [] : [...inside.matchAll(comment)];
  const comments = found.map(({ index, 0: said }): HiddenPart => {
    return { start: body + index, end: body + index + said.length, kind: 'comment' };
  });
  return { start, end, certain: !delimiters.test(inside), comments };
}

/** The line that ends a block, from its beginning to its end; the end of the text where there is none. */
function findClosing(text: string, body: number, mark: string): { from: number; end: number } {
  closing.lastIndex = body;
  for (let found = closing.exec(text); found !== null; found = closing.exec(text)) {
    const [line, run = ''] = found;
    if (run.length >= mark.length && run.startsWith(mark))
      return { from: found.index, end: found.index + line.length };
  }
  return { from: text.length, end: text.length };
}

/** What else than a backtick may change where a line's code is: cells of tables, formulas, links of wikis, an escape. */
const doubtful = /\\`|\$|\[\[|\|/;

export function isDoubtful(line: string): boolean {
  return doubtful.test(line);
}

/** The code that a run of backticks begins, where it ends in the same line. */
export function readCodeSpan(text: string, start: number, lineEnd: number): Part | undefined {
  const runs = /`+/g;
  runs.lastIndex = start;
  const open = runs.exec(text);
  for (let run = runs.exec(text); open !== null && run !== null && run.index < lineEnd; run = runs.exec(text))
    if (run[0].length === open[0].length) return { start, end: run.index + run[0].length };
  return undefined;
}
