import type { Evaluator, Expression, FactValues } from '../expressions/types.ts';
import type { Cut } from '../models/types.ts';
import { spentOf } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { tokensOf } from './budget/amount.ts';
import type { Decided, SignalNote } from './records.ts';
import type { AgentManifest, DeclaredSignal, Signal } from './types.ts';

/** What an iteration leaves to decide by. */
export interface Asked {
  /** Whether the model asked for tools, whose results it has not read. */
  readonly tools: boolean;
  /** A signal it raised itself. */
  readonly raised: Signal | undefined;
  /** Why its answer is no whole one. */
  readonly cut: Cut | undefined;
}

/**
 * What is signalled after an iteration: of the manifest's signals the first, from the highest priority down, whose
 * condition is true; a checkpoint is noted and ends nothing. Where none is raised an agent that has results to read goes
 * on, and any other gives its default signal.
 *
 * A condition without an answer raises blocked and escalate, and nothing else. Where it only asks for what the agent has not
 * reported yet, that waits until the agent has nothing more to read.
 */
export function decide(
  manifest: AgentManifest,
  conditions: Evaluator,
  facts: FactValues,
  asked: Asked,
): Decided {
  const checked = conditions.check(facts);
  const reported = new Set(
    conditions.environment.facts.filter(({ suppliedBy }) => suppliedBy === 'agent').map(({ name }) => name),
  );
  const notes: SignalNote[] = [];
  for (const declared of manifest.signals) {
    const note = judge(declared, asked, (condition) => {
      const answer = condition.evaluate(checked);
      if (typeof answer === 'boolean') return answer;
      const isAwaited = answer.kind === 'absent' && reported.has(answer.fact ?? '') && asked.tools;
      return { state: isAwaited ? 'held' : 'error', message: answer.message };
    });
    if (note === undefined) continue;
    notes.push(note);
    if (raises(note)) return { signal: note.signal, reason: reasonOf(note), notes };
  }
  if (asked.tools) return { signal: 'continue', reason: 'it has results to read', notes };
  if (asked.cut !== undefined) return { ...afterCut(asked.cut, manifest.maxOutputTokens), notes };
  const { defaultSignal } = manifest;
  const signal = defaultSignal === 'checkpoint' ? 'continue' : defaultSignal;
  return { signal, reason: `no signal was raised, and the default is ${defaultSignal}`, notes };
}

/** An agent whose answer was cut off has not said that it is done. */
function afterCut(cut: Cut, maxOutputTokens: number): Omit<Decided, 'notes'> {
  if (cut === 'length')
    return { signal: 'continue', reason: `its answer was cut off after ${maxOutputTokens} tokens` };
  if (cut === 'content-filter')
    return { signal: 'blocked', reason: "the provider's content filter stopped its answer" };
  return { signal: 'blocked', reason: 'the provider ended its answer without a reason of ours' };
}

type Answer = boolean | { readonly state: 'held' | 'error'; readonly message: string };

/** What is to be noted of a signal; nothing of one whose condition is false. */
function judge(
  { signal, condition }: DeclaredSignal,
  asked: Asked,
  ask: (condition: Expression) => Answer,
): SignalNote | undefined {
  if (condition === undefined)
    return asked.raised === signal ? { signal, condition: undefined, state: 'raised' } : undefined;
  const answer = ask(condition);
  if (answer === false) return undefined;
  const { source } = condition;
  return answer === true
    ? { signal, condition: source, state: 'raised' }
    : { signal, condition: source, ...answer };
}

function raises({ signal, state }: SignalNote): boolean {
  if (signal === 'checkpoint') return false;
  return state === 'raised' || (state === 'error' && (signal === 'blocked' || signal === 'escalate'));
}

function reasonOf({ condition, state, message }: SignalNote): string {
  if (condition === undefined) return 'the agent raised it';
  return state === 'raised' ? `${condition} holds` : `${condition} has no answer: ${message}`;
}

/** Values of the environment `signal`. */
export function signalFacts(manifest: AgentManifest, state: AgentState): FactValues {
  const { report } = state;
  const spent = spentOf(state);
  return {
    iteration_count: state.iterations,
    max_iterations: manifest.maxIterations,
    confidence: report?.confidence,
    error_count: state.errors,
    tokens_used: tokensOf(spent),
    cost_usd: inUsd(spent.costPicoUsd),
    elapsed_seconds: state.elapsed / 1_000,
    proposal_count: state.proposals.length,
    primary_metric: report?.primaryMetric,
    target: manifest.target,
  };
}

/** For people and expressions only: sums are kept in whole pico-USD. */
export function inUsd(costPicoUsd: bigint): number {
  return Number(costPicoUsd) / 1e12;
}
