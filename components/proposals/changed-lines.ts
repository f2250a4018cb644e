import { once } from '../kernel/once.ts';

/** A line that a merge request adds or changes; both paths are of the diff and never of a proposal. */
export interface LinePlace {
  readonly oldPath: string;
  readonly newPath: string;
  readonly newLine: number;
}

/** A line as it was found: by its text it is known again where others have moved it. */
export interface FoundLine extends LinePlace {
  readonly text: string;
}

/** Finds the line that a proposal names, or says why there is none. */
export type ChangedLines = (
  file: string,
  line: number,
) => { readonly ok: true; readonly line: FoundLine } | { readonly ok: false; readonly why: string };

/** One file of a diff, as GitLab gives it and as git does. */
export interface ChangedFile {
  readonly oldPath: string;
  readonly newPath: string;
  /** Hunks; what stands before the first is not looked at. Undefined where it is too long to be had. */
  readonly diff: string | undefined;
}

/** Looks lines up in a diff: a file by its new name, a line by its number in the new file. */
export function changedLines(files: readonly ChangedFile[]): ChangedLines {
  const known = new Map(files.map((file) => [file.newPath, { file, lines: once(() => addedLines(file)) }]));
  return (name, line) => {
    const found = known.get(name);
    if (found === undefined) return { ok: false, why: 'its file is none that the merge request changes' };
    const { oldPath, newPath } = found.file;
    const lines = found.lines();
    if (lines === undefined) return { ok: false, why: `the diff of ${newPath} is too long to be looked at` };
    const text = lines.get(line);
    if (text === undefined)
      return { ok: false, why: `line ${line} of ${newPath} is none that the merge request adds or changes` };
    return { ok: true, line: { oldPath, newPath, newLine: line, text } };
  };
}

/**
 * The line that a file's diff adds or changes next to a line, the earlier of two; the line itself where it is one. Undefined
 * where the file has none, or its diff is not to be had.
 */
export function nearestLine(file: ChangedFile, line: number): LinePlace | undefined {
  const { oldPath, newPath } = file;
  let nearest: number | undefined;
  // They come in order, so that of two as near the earlier stays.
  for (const added of addedLines(file)?.keys() ?? [])
    if (nearest === undefined || Math.abs(added - line) < Math.abs(nearest - line)) nearest = added;
  return nearest === undefined ? undefined : { oldPath, newPath, newLine: nearest };
}

/** The lines in the new file that hunks add, by number. */
function addedLines({ diff }: ChangedFile): ReadonlyMap<number, string> | undefined {
  if (diff === undefined) return undefined;
  const added = new Map<number, string>();
  let next: number | undefined;
  for (const row of diff.split('\n')) {
    const [, start] = /^@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(row) ?? [];
    if (start !== undefined) next = Number(start);
    else if (next === undefined) continue;
    else if (row.startsWith('+')) added.set(next++, row.slice(1));
    else if (row.startsWith(' ')) next += 1;
  }
  return added;
}

/**
 * The files of a diff as git writes it. Names that git puts in quotes are left out, and so is a file whose diff may have been
 * cut off: who asks for their lines is told that they are not known here, and the deciding side looks again.
 */
export function parseDiff(text: string): readonly ChangedFile[] {
  const isCut = /^\\ The diff goes on/m.test(text);
  const parts = text.split(/^(?=diff --git )/m).filter((part) => part.startsWith('diff --git '));
  return parts.flatMap((part, index): readonly ChangedFile[] => {
    const newPath = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1];
    if (newPath === undefined) return [];
    const oldPath = /^--- a\/(.*)$/m.exec(part)?.[1] ?? newPath;
    // git ends a name with blanks with a tab.
    const plain = (name: string) => name.replace(/\t$/, '');
    const diff = isCut && index === parts.length - 1 ? undefined : part;
    return [{ oldPath: plain(oldPath), newPath: plain(newPath), diff }];
  });
}
