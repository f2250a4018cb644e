import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen, retry, wrap } from 'cockatiel';
import type { Context } from '../../kernel/context.ts';
import { errors } from '../errors.ts';
import { ModelFailure } from '../model-failure.ts';
import type { ModelName, ModelRequest, ModelTurn } from '../types.ts';
import { FailedAttempt, failedBy } from './failed-attempt.ts';

/** How often a model is asked the same, and how long is waited between. */
export interface AttemptRules {
  /** The first included. */
  readonly attempts: number;
  readonly backoff: 'none' | 'fixed' | 'linear' | 'exponential';
  readonly initialMs: number;
  readonly mostMs: number;
}

/** When a model answers in another's place. */
export interface Trigger {
  readonly onError: boolean;
  /** Of HTTP; only these, where there are any. */
  readonly statuses: readonly number[] | undefined;
}

export interface Candidate {
  readonly name: ModelName;
  /** Undefined for the model that is asked for. */
  readonly trigger: Trigger | undefined;
  readonly ask: (request: ModelRequest) => Promise<ModelTurn>;
}

export interface AttemptParts {
  /** The model that is asked for, and those that may answer in its place, in their order. */
  readonly candidates: readonly [Candidate, ...Candidate[]];
  readonly rules: AttemptRules;
  /** Says why another model may not answer; undefined where it may. */
  readonly refuses: (name: ModelName) => Promise<string | undefined>;
  readonly random: () => number;
}

/** Failures in a row after which a model is left alone, and for how long. */
const mostFailures = 5;
const restMs = 60_000;

type Port = Pick<Context, 'clock' | 'cancel' | 'log'>;
type Ask = (request: ModelRequest) => Promise<ModelTurn>;

/**
 * Requests of one call that may be paid for. What a provider refused before its model began costs nothing and is asked again
 * as often as the rules say; what may have been worked on is asked again once, and so a call reserves two.
 */
export function attemptsOf({ attempts }: AttemptRules, fallbacks: number): number {
  return attempts + fallbacks > 1 ? 2 : 1;
}

/**
 * Asks the first model, again where that can help, then those that may answer in its place.
 * @throws ModelFailure, which knows how much may have to be paid
 */
export function createAttempts(port: Port, parts: AttemptParts): Ask {
  const most = attemptsOf(parts.rules, parts.candidates.length - 1);
  const policies = parts.candidates.map(({ trigger }) =>
    policyOf(trigger === undefined ? parts.rules.attempts : 1),
  );
  return async (request) => {
    let unanswered = 0;
    let last: FailedAttempt | undefined;
    for (const [index, candidate] of parts.candidates.entries()) {
      if (last !== undefined && !(await mayAnswer(port, parts, candidate, last))) continue;
      const policy = policies[index];
      try {
        const turn = await policy?.execute(async ({ attempt }) => {
          if (attempt > 0) await wait(port, parts, attempt, last);
          port.cancel.throwIfAborted();
          return candidate.ask(request).catch((error: unknown) => {
            // Whoever ends the job ends the call; what it took is not known.
            if (port.cancel.aborted) throw port.cancel.reason;
            last = failedBy(error);
            if (last.facts.mayBePaid) unanswered += 1;
            throw unanswered < most ? last : new Spent(last);
          });
        });
        if (turn !== undefined) return completed(turn, candidate, unanswered);
      } catch (error) {
        if (error instanceof Spent) throw new ModelFailure(error.last.failure, unanswered);
        if (!(error instanceof FailedAttempt) && !(error instanceof BrokenCircuitError)) throw error;
        last ??= restingOf(candidate);
      }
      if (last?.failure.kind !== 'outside') break;
    }
    throw new ModelFailure((last ?? restingOf(parts.candidates[0])).failure, unanswered);
  };
}

/** As much was spent as was reserved. */
class Spent extends Error {
  readonly last: FailedAttempt;

  constructor(last: FailedAttempt) {
    super(last.message);
    this.last = last;
  }
}

/**
 * The waits are not cockatiel's: it cannot be called off while it waits, and its clock is the machine's.
 */
function policyOf(attempts: number) {
  const canRepeat = (error: unknown) => error instanceof FailedAttempt && error.facts.canRepeat;
  const again = retry(handleWhen(canRepeat), { maxAttempts: attempts - 1 });
  const breaker = circuitBreaker(
    handleWhen((error) => canRepeat(error) || error instanceof Spent),
    {
      halfOpenAfter: restMs,
      breaker: new ConsecutiveBreaker(mostFailures),
    },
  );
  return wrap(again, breaker);
}

async function wait(
  { clock, log }: Port,
  { rules, random }: AttemptParts,
  attempt: number,
  last: FailedAttempt | undefined,
): Promise<void> {
  const asked = last?.facts.afterMs;
  // Longer than the manifest lets it wait is as good as never.
  if (asked !== undefined && asked > rules.mostMs && last !== undefined) throw last;
  const milliseconds = asked ?? waitOf(rules, attempt) * (0.5 + random() / 2);
  const after = milliseconds < 1_000 ? '' : ` after ${Math.round(milliseconds / 1_000)} s`;
  log.warning(`${last?.message ?? 'no answer'}; it is asked again${after}`);
  await clock.sleep(milliseconds);
}

function waitOf({ backoff, initialMs, mostMs }: AttemptRules, attempt: number): number {
  const factor = { none: 0, fixed: 1, linear: attempt, exponential: 2 ** (attempt - 1) }[backoff];
  return Math.min(mostMs, initialMs * factor);
}

/** What is wrong with a request, with a key or with a name is told, and never answered by another model. */
async function mayAnswer(
  { log }: Port,
  { refuses }: AttemptParts,
  { name, trigger }: Candidate,
  { failure, facts }: FailedAttempt,
): Promise<boolean> {
  if (failure.kind !== 'outside' || trigger?.onError === false) return false;
  if (trigger?.statuses !== undefined && !trigger.statuses.includes(facts.status ?? 0)) return false;
  const reason = await refuses(name);
  log.warning(
    reason === undefined
      ? `${failure.message}; ${inWords(name)} is asked instead`
      : `${inWords(name)} is not asked instead: ${reason}`,
  );
  return reason === undefined;
}

function completed(turn: ModelTurn, { name, trigger }: Candidate, unanswered: number): ModelTurn {
  return {
    ...turn,
    ...(trigger === undefined ? {} : { answeredBy: name }),
    ...(unanswered === 0 ? {} : { unanswered }),
  };
}

function restingOf({ name }: Candidate): FailedAttempt {
  return new FailedAttempt(errors.RESTING({ model: inWords(name) }), { canRepeat: false, mayBePaid: false });
}

export function inWords({ provider, model }: ModelName): string {
  return `${provider}/${model}`;
}
