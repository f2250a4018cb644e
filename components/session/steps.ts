import { spentOf } from './agent-replay.ts';
import type { AgentState } from './agent-state.ts';
import { tokensOf } from './budget/amount.ts';
import { errors } from './errors.ts';
import type { Denial, Ended } from './records.ts';
import type { SoFar, Step, StepGate, StepReason } from './types.ts';

/** What policies are told of a session. A title is a stranger's text, which the session reads before all else. */
export function soFarOf(state: AgentState, title: string | undefined): SoFar {
  const spent = spentOf(state);
  const read = title === undefined ? state.sources : [...state.sources, 'merge-request' as const];
  return {
    sources: [...new Set(read)].sort(),
    costPicoUsd: spent.costPicoUsd,
    tokens: tokensOf(spent),
    iterations: state.iterations,
    proposals: state.proposals.length,
    confidence: state.report?.confidence,
  };
}

/** Of a task, which has no model and nothing to count. */
export const nothingYet: SoFar = {
  ...{ sources: [], costPicoUsd: 0n, tokens: 0, iterations: 0, proposals: 0, confidence: undefined },
};

/** @throws SESSION_RESUME_DENIED where policies do not let a session be gone on with */
export function assertResumable(gate: StepGate, session: string, soFar: SoFar): void {
  const answer = gate({ action: 'resume' }, soFar);
  if (!answer.allowed) throw errors.RESUME_DENIED({ session, why: inWords(answer.reasons) });
}

/** The end of a session that may not use a model, before a call of it is paid; undefined where it may. */
export function endWithoutModel(
  gate: StepGate,
  { provider, model }: { readonly provider: string; readonly model: string },
  soFar: SoFar,
): Ended | undefined {
  const step: Step = { action: 'use_model', provider, model };
  const answer = gate(step, soFar);
  if (answer.allowed) return undefined;
  const reason = `policies deny the model ${provider}/${model}: ${inWords(answer.reasons)}`;
  return { outcome: 'blocked', reason, denials: [denialOf(step, answer.reasons)] };
}

export function denialOf(step: Step, reasons: readonly StepReason[]): Denial {
  return { action: step.action, what: whatOf(step), policies: reasons.map(({ policy }) => policy) };
}

function whatOf(step: Step): string {
  switch (step.action) {
    case 'call_tool':
      return step.tool;
    case 'use_model':
      return `${step.provider}/${step.model}`;
    case 'delegate':
      return step.subagent;
    default:
      return '';
  }
}

/** What a model is told of a call that is denied, so that it can do something else. */
export function denialForModel(reasons: readonly StepReason[]): string {
  const lines = reasons.map(({ policy, message, fix }) => {
    return `- ${policy}: ${message}${fix === undefined ? '' : ` What would change that: ${fix}`}`;
  });
  return ['Policies deny this call, and will deny it again as long as nothing changes:', ...lines].join('\n');
}

function inWords(reasons: readonly StepReason[]): string {
  return reasons.map(({ policy, message }) => `${policy} (${message})`).join('; ');
}
