/** Lines of one hunk: where it begins on both sides, and what follows the `@@` line. */
interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly string[];
}

/** A line a comment may stand at; one that was added has no old number, one that was removed no new one. */
export interface DiffLine {
  readonly oldLine: number | undefined;
  readonly newLine: number | undefined;
}

/** All lines that the hunks of a file's diff show. */
export function diffLines(diff: string): DiffLine[] {
  return parseHunks(diff).flatMap(hunkLines);
}

/** Lines the file has become longer by before a line of its new side that no hunk shows. */
export function shiftBefore(diff: string, newLine: number): number {
  let shift = 0;
  for (const hunk of parseHunks(diff)) {
    if (hunk.newStart > newLine) break;
    for (const line of hunkLines(hunk)) {
      if (line.oldLine === undefined) shift += 1;
      if (line.newLine === undefined) shift -= 1;
    }
  }
  return shift;
}

function parseHunks(diff: string): Hunk[] {
  return diff.split(/^(?=@@ )/m).flatMap((text) => {
    const [head = '', ...lines] = text.split('\n');
    const [, oldStart, newStart] = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(head) ?? [];
    if (oldStart === undefined || newStart === undefined) return [];
    return [{ oldStart: Number(oldStart), newStart: Number(newStart), lines }];
  });
}

function hunkLines({ oldStart, newStart, lines }: Hunk): DiffLine[] {
  let oldLine = oldStart;
  let newLine = newStart;
  return lines.flatMap((line): DiffLine[] => {
    switch (line[0]) {
      case '+':
        return [{ oldLine: undefined, newLine: newLine++ }];
      case '-':
        return [{ oldLine: oldLine++, newLine: undefined }];
      case ' ':
        return [{ oldLine: oldLine++, newLine: newLine++ }];
      default:
        // `\ No newline at end of file`, and the end of the text.
        return [];
    }
  });
}
