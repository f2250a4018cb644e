import { amountOf, nothing, sum, times, tokensOf } from './budget/amount.ts';
import type { Amount, LastCall } from './budget/types.ts';
import type { Lost, Work } from './records.ts';

/** What the answered calls of a session took, and what those without an answer may have taken. */
export interface SessionUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input: what the provider had kept. */
  readonly cachedInputTokens: number;
  /** Of the output: what the model thought and did not say. */
  readonly reasoningTokens: number;
  readonly costPicoUsd: bigint;
  /** Calls that may have been paid for and whose answer was lost in a crash. */
  readonly callsLost: number;
  /** What was reserved for them, which counts as spent. */
  readonly lost: Amount;
}

export const emptyUsage: SessionUsage = {
  ...{ inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 },
  ...{ costPicoUsd: 0n, callsLost: 0, lost: nothing },
};

/** For a snapshot: sums are text in JSON, which has no whole numbers of that size. */
export function saveUsage({ costPicoUsd, lost, ...usage }: SessionUsage): object {
  const saved = { ...lost, costPicoUsd: String(lost.costPicoUsd) };
  return { ...usage, costPicoUsd: String(costPicoUsd), lost: saved };
}

/** Older snapshots have nothing of lost calls but their number, and nothing of what a provider had kept. */
export function loadUsage(saved: SessionUsage): SessionUsage {
  const { costPicoUsd, lost = nothing } = saved;
  return {
    ...{ ...emptyUsage, ...saved, costPicoUsd: BigInt(costPicoUsd) },
    lost: { ...lost, costPicoUsd: BigInt(lost.costPicoUsd) },
  };
}

export function withTurn(usage: SessionUsage, turn: Work['turn']): SessionUsage {
  const { inputTokens, outputTokens, cachedInputTokens = 0, reasoningTokens = 0 } = turn.usage;
  return {
    ...usage,
    inputTokens: usage.inputTokens + inputTokens,
    outputTokens: usage.outputTokens + outputTokens,
    cachedInputTokens: usage.cachedInputTokens + cachedInputTokens,
    reasoningTokens: usage.reasoningTokens + reasoningTokens,
    costPicoUsd: usage.costPicoUsd + BigInt(turn.costPicoUsd),
  };
}

export function withLost(usage: SessionUsage, lost: Lost | undefined): SessionUsage {
  if (lost === undefined) return usage;
  return { ...usage, callsLost: usage.callsLost + lost.requests, lost: sum(usage.lost, lostOf(lost)) };
}

/** At most. */
export function lostOf(lost: Lost | undefined): Amount {
  return lost === undefined ? nothing : times(amountOf(lost.reserved), lost.requests);
}

/** What a call took that was answered, those before it that were not included. */
export function spentBy({ usage, costPicoUsd }: Work['turn'], lost: Amount): LastCall['actual'] {
  const cost = BigInt(costPicoUsd) + lost.costPicoUsd;
  return { tokens: tokensOf(usage) + tokensOf(lost), costPicoUsd: String(cost) };
}
