/** One policy that decided, and why; what a person and a record need to know of it. */
export interface DecidingPolicy {
  readonly id: string;
  /** Level it stands at: `default`, `organisation`, `project`, `agent`. */
  readonly level: string;
  /** `error`: it could not be evaluated, which a forbid counts as a denial and a permit as nothing. */
  readonly effect: 'permit' | 'forbid' | 'error';
  readonly message: string;
  readonly fix?: string;
}

/** What policies say to one request. */
export interface Decision {
  readonly effect: 'allow' | 'deny';
  /** All that decided: of a denial every forbid and error, or a row for each level that permits nothing; else the permits. */
  readonly policies: readonly DecidingPolicy[];
}
