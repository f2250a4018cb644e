import type { JsonValue } from '../kernel/canonical.ts';
import type { Rung } from '../sandbox/types.ts';
import type { SourceLabel } from '../tools/types.ts';
import type { AgentState } from './agent-state.ts';
import { nothing, sum, tokensOf } from './budget/amount.ts';
import type { Amount } from './budget/types.ts';
import { inUsd } from './decide.ts';
import type { GivenAnswer, Sent, SignalNote } from './records.ts';
import type { CompletionMetadata, ResultContext, SessionResult } from './result.gen.ts';
import type { AgentEnd } from './run-agent.ts';
import type { TaskEnd } from './run-task.ts';
import type { SessionManifest, SessionOutcome, SessionTarget } from './types.ts';

/** What a session came to, of whichever kind. */
export interface SessionEnd {
  readonly outcome: SessionOutcome;
  readonly reason: string;
  readonly iterations: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly reasoningTokens: number;
  readonly costPicoUsd: bigint;
  readonly callsLost: number;
  /** What was reserved for them, which counts as spent. */
  readonly lost: Amount;
  /** Milliseconds. */
  readonly elapsed: number;
  readonly confidence: number | undefined;
  readonly nextAction: string | undefined;
  /** Of a task that failed, or whose error is ignored, and of an agent whose loop is of no use. */
  readonly error: string | undefined;
  /** Whether it is of an agent, of which only a program of its own can fail. */
  readonly isLoop: boolean;
  readonly sources: readonly SourceLabel[];
  readonly filtered: AgentState['filtered'];
  readonly dataClasses: AgentState['dataClasses'];
  readonly proposals: readonly JsonValue[];
  /** The last ones. */
  readonly notes: AgentState['notes'];
  readonly counts: AgentState['signalCounts'];
  /** How often each policy denied a step. */
  readonly denials: AgentState['denials'];
  readonly output: JsonValue | undefined;
  /** The last answer of an agent that fitted. */
  readonly answer: GivenAnswer | undefined;
  /** Digest of the manifest the session began with, where it is under another now. */
  readonly began: string | undefined;
  /** What each subagent took, which is part of the sums. */
  readonly subagents: AgentState['subagents'];
  /** How much the last request held, where the manifest bounds it. */
  readonly sent: Sent | undefined;
}

export function endOfAgent({ outcome, reason, proposal, state }: AgentEnd): SessionEnd {
  const { usage, report } = state;
  const proposals = proposal === undefined ? state.proposals : [...state.proposals, proposal];
  return {
    ...{ outcome, reason, iterations: state.iterations, elapsed: state.elapsed },
    ...{ inputTokens: usage.inputTokens, outputTokens: usage.outputTokens },
    ...{ cachedInputTokens: usage.cachedInputTokens, reasoningTokens: usage.reasoningTokens },
    ...{ costPicoUsd: usage.costPicoUsd, callsLost: usage.callsLost, lost: usage.lost },
    ...{ confidence: report?.confidence, nextAction: report?.nextAction },
    ...{ sources: state.sources, proposals, notes: state.notes, counts: state.signalCounts },
    ...{ denials: state.denials, subagents: state.subagents },
    ...{ error: outcome === 'failed' ? reason : undefined, isLoop: true },
    ...{ output: undefined, answer: state.given, sent: state.sent, began: state.began },
    ...{ filtered: state.filtered, dataClasses: state.dataClasses },
  };
}

export function endOfTask(end: TaskEnd): SessionEnd {
  return {
    ...{ outcome: end.outcome, reason: end.reason, iterations: end.attempts, elapsed: end.elapsed },
    ...{ inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, reasoningTokens: 0 },
    ...{ costPicoUsd: 0n, callsLost: 0, lost: nothing },
    ...{ confidence: undefined, nextAction: undefined },
    ...{ error: end.outcome === 'failed' ? end.reason : end.error, isLoop: false },
    ...{ sources: end.sources, proposals: end.proposals, notes: [], counts: {}, output: end.output },
    ...{ answer: undefined, denials: {}, subagents: [] },
    ...{ sent: undefined, began: end.began, filtered: [], dataClasses: [] },
  };
}

export interface ResultParts {
  readonly version: string;
  readonly session: { readonly id: string; readonly epoch: number; readonly head: string };
  readonly manifest: SessionManifest & { readonly kind: 'Agent' | 'Task'; readonly name: string };
  readonly target: SessionTarget;
  readonly rung: Rung;
  readonly store: { readonly id: string; readonly guarantee: string };
}

/** Makes the result of one job's share (schemas/session-result.schema.json). */
export function makeResult(parts: ResultParts, end: SessionEnd): SessionResult {
  const { manifest, target, store } = parts;
  const { path, digest, kind, name } = manifest;
  const { base, head, mergeRequest } = target;
  return {
    format: 'pipewright/session-result/v1',
    version: parts.version,
    session: { id: parts.session.id, epoch: parts.session.epoch, head: parts.session.head },
    manifest: { path, digest, kind, name, ...(end.began === undefined ? {} : { began: end.began }) },
    target: { base, head, ...(mergeRequest === undefined ? {} : { mergeRequest }) },
    ...{ outcome: end.outcome, reason: end.reason, rung: parts.rung },
    store: { id: store.id, guarantee: store.guarantee },
    sources: [...end.sources],
    dataClasses: [...end.dataClasses],
    ...(end.filtered.length === 0 ? {} : { filters: end.filtered.map((each) => ({ ...each })) }),
    signals: end.notes.map(renderNote),
    signalCounts: { ...end.counts },
    ...(Object.keys(end.denials).length === 0 ? {} : { denials: { ...end.denials } }),
    usage: {
      ...{ iterations: end.iterations, inputTokens: end.inputTokens, outputTokens: end.outputTokens },
      ...(end.cachedInputTokens === 0 ? {} : { cachedInputTokens: end.cachedInputTokens }),
      ...(end.reasoningTokens === 0 ? {} : { reasoningTokens: end.reasoningTokens }),
      ...{ costPicoUsd: String(end.costPicoUsd), callsLost: end.callsLost },
      lostPicoUsd: String(end.lost.costPicoUsd),
      lostTokens: tokensOf(end.lost),
      elapsedMs: Math.round(end.elapsed),
      ...(end.subagents.length === 0 ? {} : { subagents: end.subagents.map((each) => ({ ...each })) }),
    },
    ...(end.sent === undefined ? {} : { context: renderSent(end.sent) }),
    completion: completionOf(end),
    // It fits a schema of type object.
    ...(end.answer === undefined ? {} : { answer: end.answer as NonNullable<SessionResult['answer']> }),
    // Any JSON value, for which the generator has no type.
    ...(end.output === undefined ? {} : { output: end.output as NonNullable<SessionResult['output']> }),
  };
}

function renderSent({ leftOut, size }: Sent): ResultContext {
  return { leftOut, ...(size === undefined ? {} : { tokens: size.tokens, counted: size.counted }) };
}

function renderNote({ iteration, signal, state, condition, message }: SignalNote & { iteration: number }) {
  return {
    ...{ iteration, signal, state },
    ...(condition === undefined ? {} : { condition }),
    ...(message === undefined ? {} : { message }),
  };
}

/** All that a session has spent, or may have. */
export function totalOf(end: SessionEnd): Amount {
  return sum(end, end.lost);
}

function completionOf(end: SessionEnd): CompletionMetadata {
  const { outcome, confidence, nextAction } = end;
  const spent = totalOf(end);
  return {
    signal: outcome === 'failed' || outcome === 'budget' ? 'blocked' : outcome,
    iteration_count: end.iterations,
    tokens_used: tokensOf(spent),
    cost_usd: inUsd(spent.costPicoUsd),
    ...(confidence === undefined ? {} : { confidence }),
    ...(nextAction === undefined ? {} : { next_action: nextAction }),
    ...errorOf(end),
  };
}

function errorOf({ outcome, reason, error, isLoop }: SessionEnd): Pick<CompletionMetadata, 'error'> {
  if (outcome === 'budget')
    return { error: { code: 'BUDGET_EXHAUSTED', message: reason, recoverable: true } };
  if (error === undefined) return {};
  return {
    error: {
      code: isLoop ? 'LOOP_FAILED' : 'TASK_FAILED',
      message: error,
      recoverable: isLoop || outcome !== 'failed',
    },
  };
}
