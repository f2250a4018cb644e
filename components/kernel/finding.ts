const severities = ['error', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** Something a person should know about a file. Lines and columns count from 1, in UTF-16 code units. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  /** Relative to the working directory (in a job the repository), with `/`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Place in the document, as `spec.tools[0].type`; empty for the whole document. */
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly got?: string;
  readonly suggestion?: string;
  readonly fix?: string;
  /** Where we are stricter than the format's own published schema: why. */
  readonly deviation?: string;
}

interface FindingRow {
  readonly severity: Severity;
  /** When it is reported and why that matters; docs/errors.md shows it. */
  readonly about: string;
}

export interface FindingCode {
  readonly code: string;
  readonly severity: Severity;
  readonly about: string;
}

/** Declares a module's finding codes: one row each, the code being `<PREFIX>_<NAME>`. */
export function defineFindings<const Rows extends Record<string, FindingRow>>(
  prefix: string,
  rows: Rows,
): { readonly [Name in keyof Rows]: FindingCode } {
  const codes = Object.entries(rows).map(([name, row]) => [name, { code: `${prefix}_${name}`, ...row }]);
  return Object.fromEntries(codes) as { readonly [Name in keyof Rows]: FindingCode };
}

/** A file that was looked at, with or without findings. */
export interface CheckedFile {
  readonly path: string;
  readonly findings: readonly Finding[];
}

/** Order people read in: by file, then place, then code. */
export function compareFindings(a: Finding, b: Finding): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
