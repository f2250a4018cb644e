/** What a failure means for the caller; each kind has one exit code (docs/architecture.md, decision 16). */
export const exitCodes = {
  ok: 0,
  misuse: 2,
  outside: 3,
  findings: 20,
  denied: 21,
  'no-decision': 22,
  budget: 23,
  continue: 30,
  blocked: 31,
  escalate: 32,
  bug: 70,
} as const;

export type Outcome = keyof typeof exitCodes;
export type FailureKind = Exclude<Outcome, 'ok'>;
export type ExitCode = (typeof exitCodes)[Outcome];

interface FailureInit {
  readonly code: string;
  readonly kind: FailureKind;
  readonly message: string;
  readonly fix: string;
  readonly cause?: unknown;
}

/** A command could not do its work. Expected bad outcomes are values (`Finding[]`), never this. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  readonly kind: FailureKind;
  readonly fix: string;

  constructor(init: FailureInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.kind = init.kind;
    this.fix = init.fix;
  }

  get exitCode(): ExitCode {
    return exitCodes[this.kind];
  }
}

/** Several mistakes of one run, reported together. */
export class Failures extends Error {
  override readonly name = 'Failures';
  readonly failures: readonly [Failure, ...Failure[]];

  constructor(failures: readonly [Failure, ...Failure[]]) {
    super(failures.map((failure) => failure.message).join('\n'));
    this.failures = failures;
  }
}

interface FailureRow {
  readonly kind: FailureKind;
  // biome-ignore lint/suspicious/noExplicitAny: each row has its own facts; `defineErrors` gives them back typed.
  readonly message: (facts: any) => string;
  readonly fix: string;
}

interface FailureFactory<Row extends FailureRow> {
  (facts: Parameters<Row['message']>[0], cause?: unknown): Failure;
  readonly code: string;
  readonly row: Row;
}

type FailureFactories<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends FailureRow ? FailureFactory<Rows[Name]> : never;
};

/**
 * Declares the errors of a module: one row each, the code being `<PREFIX>_<NAME>`. Gives a factory per row; the
 * page docs/errors.md is generated from the same rows.
 */
export function defineErrors<const Rows extends Record<string, FailureRow>>(
  prefix: string,
  rows: Rows,
): FailureFactories<Rows> {
  const factories = Object.entries(rows).map(([name, row]) => {
    const code = `${prefix}_${name}`;
    const make = (facts: unknown, cause?: unknown): Failure =>
      new Failure({ code, kind: row.kind, message: row.message(facts), fix: row.fix, cause });
    return [name, Object.assign(make, { code, row })];
  });
  return Object.fromEntries(factories) as FailureFactories<Rows>;
}
