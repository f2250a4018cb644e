import { Failure } from '../../kernel/failure.ts';
import { errors } from '../errors.ts';

interface Facts {
  /** Whether the same may be asked again; what is wrong with a request stays wrong. */
  readonly canRepeat: boolean;
  /** Whether the provider may have worked on it, and so may want to be paid. */
  readonly mayBePaid: boolean;
  /** Milliseconds the provider asks to wait. */
  readonly afterMs?: number | undefined;
  readonly status?: number | undefined;
}

/** One request that brought no turn. */
export class FailedAttempt extends Error {
  readonly failure: Failure;
  readonly facts: Facts;

  constructor(failure: Failure, facts: Facts) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.facts = facts;
  }
}

/**
 * What an error of an attempt means. Those of the packages that read answers become one of ours; their words quote the answer
 * and, some of them, the request, so none of them are repeated.
 */
export function failedBy(error: unknown): FailedAttempt {
  if (error instanceof FailedAttempt) return error;
  if (error instanceof Failure) {
    const isBroken = error.code === errors.ANSWER_BROKEN.code;
    return new FailedAttempt(error, { canRepeat: isBroken, mayBePaid: isBroken });
  }
  const inner = innermost(error);
  if (inner !== error && (inner instanceof FailedAttempt || inner instanceof Failure)) return failedBy(inner);
  return new FailedAttempt(errors.ANSWER_BROKEN({ reason: reasonOf(error) }, error), {
    canRepeat: true,
    mayBePaid: true,
  });
}

function innermost(error: unknown): unknown {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error && at.cause !== undefined; depth++) {
    if (at instanceof FailedAttempt || at instanceof Failure) break;
    at = at.cause;
  }
  return at;
}

/** By the names of the errors of `@ai-sdk/provider`. */
const reasons: readonly (readonly [name: RegExp, reason: string])[] = [
  [/JSONParse/, 'a part of it is no JSON'],
  [/TypeValidation/, 'it has not the form that the provider documents'],
  [/EmptyResponseBody|NoContent/, 'it is empty'],
  [/InvalidResponseData/, 'it lacks a part'],
];

function reasonOf(error: unknown): string {
  for (let at = error, depth = 0; depth < 8 && at instanceof Error; at = at.cause, depth++) {
    const name = at.name;
    const found = reasons.find(([pattern]) => pattern.test(name));
    if (found !== undefined) return found[1];
  }
  const type = typeOf(error);
  return type === undefined ? 'it breaks off' : `the provider ended it with ${type}`;
}

/** The provider's own word for it, such as `overloaded_error`; nothing that could be a sentence. */
function typeOf(error: unknown): string | undefined {
  const { data, type, code, error: inner } = Object(error) as Record<string, unknown>;
  const words = [
    ...[data, inner].flatMap((value) => {
      const { error: deeper = value } = Object(value) as { error?: unknown };
      const { type: own, code: number } = Object(deeper) as { type?: unknown; code?: unknown };
      return [own, number];
    }),
    ...[type, code],
  ];
  return words.find((word): word is string => typeof word === 'string' && /^[a-z][a-z_]{2,60}$/.test(word));
}
