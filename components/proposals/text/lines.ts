/** Columns of the white space a line begins with; a tab reaches to the next fourth. */
export function indentOf(line: string): number {
  let columns = 0;
  for (const character of line) {
    if (character === '\t') columns += 4 - (columns % 4);
    else if (character === ' ') columns += 1;
    else break;
  }
  return columns;
}

/** The line with spaces for the tabs it begins with. */
export function expandIndent(line: string): string {
  return /^ *\t/.test(line) ? ' '.repeat(indentOf(line)) + line.trimStart() : line;
}

export function isBlank(line: string): boolean {
  return line.trim() === '';
}

const quoteMarks = /^(?: {0,3}>(?!>>) ?)*/;
const delimiterRow = /^[ \t>]*[|:-][ \t|:-]*$/;

/**
 * Which lines may be of a table, rather too many: a column ends at `|` whatever stands around it, in code too. All from the
 * line above a row of dashes to the next empty line, in quotes as well: one quote may be indented in many ways.
 */
export function tableLines(lines: readonly string[]): ReadonlySet<number> {
  const found = new Set<number>();
  let inTable = false;
  lines.forEach((line, index) => {
    if (isBlank(line.replace(quoteMarks, ''))) inTable = false;
    else if (delimiterRow.test(line) && line.includes('-') && /[|:]/.test(line)) {
      inTable = true;
      found.add(index - 1);
    }
    if (inTable) found.add(index);
  });
  return found;
}

/** The cells of a table's row; a `|` behind exactly one backslash is text of the cell to every reader. */
export function splitCells(row: string): string[] {
  return row.split(/(?<!(?<!\\)\\)\|/);
}

const itemStart = /^( *)([-*+]|\d{1,9}[.)])( {1,4})(?=\S)/;
const thematicBreak = /^ *(?:(?:\* *){3,}|(?:- *){3,}|(?:_ *){3,})$/;

/** The list items that surely stand open, by the column their text begins at; CommonMark 0.31 §5.2. */
export class OpenItems {
  #columns: readonly number[] = [];

  /** Takes a line that is no code, tabs expanded; tells the column of the text where it surely begins an item. */
  enter(line: string): number | undefined {
    if (isBlank(line)) return undefined;
    const indent = indentOf(line);
    // A paragraph that may have been open was in an item that ended; in it, only a list that begins with 1 may begin.
    const ended = this.leave(indent);
    const [whole, , marker = ''] = itemStart.exec(line) ?? [];
    const begins = ended || !/^\d/.test(marker) || /^1[.)]$/.test(marker);
    if (whole === undefined || !begins || thematicBreak.test(line) || !this.mayBegin(indent))
      return undefined;
    this.#columns = [...this.#columns, whole.length];
    return whole.length;
  }

  /** Whether a block other than indented code surely begins at this column. */
  mayBegin(indent: number): boolean {
    return indent <= 3 || this.#columns.some((column) => column <= indent && indent <= column + 3);
  }

  /** Something else begins at this column; tells whether an item ended. */
  leave(indent: number): boolean {
    const open = this.#columns.filter((column) => column <= indent);
    const ended = open.length < this.#columns.length;
    this.#columns = open;
    return ended;
  }
}
