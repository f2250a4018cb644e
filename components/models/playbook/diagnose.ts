import type { KnownCause, ReadyPlaybook } from './parse.ts';

/** A line of a log, by its number. */
export interface LogLine {
  readonly number: number;
  readonly text: string;
}

/** What is known of a job that failed. */
export interface FailedJob {
  readonly id: number;
  readonly name: string;
  /** GitLab's own word for why. */
  readonly reason: string | undefined;
  /** The lines that were read, by their numbers; undefined where no log was to be had. */
  readonly lines: readonly LogLine[] | undefined;
}

export type Diagnosis =
  | {
      readonly known: true;
      readonly cause: KnownCause;
      /** Where it is seen; undefined where GitLab's reason says it. */
      readonly line: LogLine | undefined;
      /** What the groups of the expression took. */
      readonly groups: Readonly<Record<string, string>>;
    }
  | { readonly known: false; readonly lines: readonly LogLine[] };

/** Characters of a line that are looked at. */
const longestLine = 4_000;
const mostShown = 6;

/** What ends every log of a job that failed, and says nothing about why. */
const epilogue =
  /^(?:Cleaning up project directory and file based variables|ERROR: Job failed(?:: exit (?:code|status) \d+| \(system failure\):? .*)?|ERROR: No files to upload.*|WARNING: .*: no matching files.*|Uploading artifacts.*|Running after_script)\s*$/;

/**
 * The first cause of a playbook that the reason or a line of the log satisfies, with the first such line: what follows an error is
 * often only its consequence. Without one the last lines that look like errors, or else the last of all.
 */
export function diagnose(
  { causes, findsError }: ReadyPlaybook,
  { reason, lines = [] }: FailedJob,
): Diagnosis {
  for (const cause of causes) {
    const found = findIn(cause, lines);
    if (found !== undefined) return { known: true, cause, ...found };
    if (reason !== undefined && cause.reasons?.includes(reason) === true)
      return { known: true, cause, line: undefined, groups: {} };
  }
  const said = lines.filter(({ text }) => text.trim() !== '' && !epilogue.test(text));
  const wrong = said.filter(({ text }) => findsError.test(text.slice(0, longestLine)));
  return { known: false, lines: (wrong.length > 0 ? wrong : said).slice(-mostShown) };
}

function findIn({ finds, excludes }: KnownCause, lines: readonly LogLine[]) {
  for (const line of lines) {
    const text = line.text.slice(0, longestLine);
    for (const expression of finds) {
      const matcher = expression.matcher(text);
      if (!matcher.find() || excludes?.test(text) === true) continue;
      const names = Object.keys(expression.namedGroups());
      const groups = Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? '']));
      return { line, groups };
    }
  }
  return undefined;
}
