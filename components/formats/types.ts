import type { CheckedFile, Finding, FindingCode } from '../kernel/finding.ts';

/** What a format renders: findings by file, and what surrounds them. */
export interface FormatInput {
  /** Name of the check, as people see it. */
  readonly title: string;
  /** Every file that was looked at. */
  readonly files: readonly CheckedFile[];
  /** The files the verdict was taken from, and the verdict in a sentence. */
  readonly judged: readonly CheckedFile[];
  readonly verdict: string;
  /** Pages worth a click. */
  readonly links: readonly { readonly label: string; readonly url: string }[];
  /** Findings that a baseline knows, of all files: shown as old, never counted. Absent where no baseline is used. */
  readonly old?: ReadonlySet<Finding>;
  /** How many of the findings that count `--fix` mends; where it is absent nothing is said of it. */
  readonly mendable?: number;
  /** What the judged files use, in a line of ours; empty or absent where that is nothing. */
  readonly uses?: string;
  /** URL that a file's path is appended to for a page of it, as checked; it ends in `/` and is fit for Markdown. */
  readonly source?: string;
  /** What is checked of each file, by the prefixes of the codes it reports; absent for manifests. */
  readonly groups?: readonly Group[];
  /** What the codes of findings mean, as far as it is known. */
  readonly codes?: readonly FindingCode[];
  /** Of pipewright. */
  readonly version?: string;
  /** When the check began and ended, in milliseconds since the Unix epoch. */
  readonly times: { readonly started: number; readonly ended: number };
}

/** A part of a check, which formats show apart. */
export interface Group {
  readonly name: string;
  readonly prefixes: readonly string[];
}

/** One output format: text of one file that GitLab or a person reads. */
export interface Format {
  /** File name of the format. */
  readonly id: string;
  /** Name of the file it is written to. */
  readonly fileName: string;
  readonly render: (input: FormatInput) => string;
}

export function defineFormat(format: Format): Format {
  return format;
}
