import type { Failure } from '../../kernel/failure.ts';

/** A request that came to nothing, or to nothing we know of. */
export class AttemptFailed extends Error {
  readonly failure: Failure;
  readonly again: boolean | { readonly afterMs: number };

  constructor(failure: Failure, again: AttemptFailed['again']) {
    super(failure.message);
    this.failure = failure;
    this.again = again;
  }
}
