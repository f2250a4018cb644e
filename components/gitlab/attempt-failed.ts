import type { Failure } from '../kernel/failure.ts';

interface Outcome {
  /** Whether GitLab may have done what was asked: `no` only where that is sure. */
  readonly done: 'no' | 'maybe';
  /** Whether it is worth trying again, and after how many milliseconds when GitLab said so. */
  readonly again: boolean | { readonly afterMs: number };
}

/** One attempt at a request failed; the requester decides whether there is another. Never leaves the transport. */
export class AttemptFailed extends Error {
  override readonly name = 'AttemptFailed';
  readonly failure: Failure;
  readonly done: Outcome['done'];
  readonly again: Outcome['again'];

  constructor(failure: Failure, { done, again }: Outcome) {
    super(failure.message);
    this.failure = failure;
    this.done = done;
    this.again = again;
  }
}
