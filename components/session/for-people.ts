import type { AgentState } from './agent-state.ts';
import type { Harvest } from './belt/types.ts';
import { questionOf } from './oversee.ts';
import type { Decided, Ended } from './records.ts';
import type { AgentManifest } from './types.ts';

/** What only a person can decide ends this job's share, whatever the signals say. */
export function forPeople(
  { manifest, session }: { readonly manifest: AgentManifest; readonly session: string },
  { waiting, denials }: Pick<Harvest, 'waiting' | 'denials'>,
  decided: Decided,
): Decided {
  if (waiting !== undefined) return { ...decided, signal: 'blocked', reason: questionOf(session, waiting) };
  const [denied] = denials ?? [];
  if (denied === undefined || !manifest.oversight.stopsOnDenial) return decided;
  const reason = `${denied.policies.join(', ')} denied ${denied.what}, and the manifest wants a person then`;
  return { ...decided, signal: 'blocked', reason };
}

/** What only a person can find out. */
export function askAbout(tool: string): Ended {
  const reason = `its call of ${tool} was cut off, and nobody knows whether it was done: is it to be called again?`;
  return { outcome: 'blocked', reason };
}

/** The end that a state has come to by itself. */
export function endOf({ decided, unclear }: AgentState): Ended | undefined {
  if (unclear !== undefined) return askAbout(unclear);
  if (decided !== undefined && decided.signal !== 'continue' && decided.signal !== 'checkpoint')
    return { outcome: decided.signal, reason: decided.reason };
  return undefined;
}

/** The end of an agent that has been asked as often as its manifest lets it. */
export function endOfIterations(
  { maxIterations }: AgentManifest,
  { iterations }: AgentState,
): Ended | undefined {
  if (iterations < maxIterations) return undefined;
  return { outcome: 'blocked', reason: `it has had all of its ${maxIterations} iterations` };
}
