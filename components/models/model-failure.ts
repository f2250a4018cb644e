import { Failure } from '../kernel/failure.ts';

/** A call of a model that brought no turn. */
export class ModelFailure extends Failure {
  /** Requests of it that may have been paid for. */
  readonly unanswered: number;

  constructor({ code, kind, message, fix, cause }: Failure, unanswered: number) {
    super({ code, kind, message, fix, cause });
    this.unanswered = unanswered;
  }
}
