import { needsApproval, waitingOf, whyNotCalled } from '../oversee.ts';
import type { AgentManifest } from '../types.ts';
import type { Call, Outcome } from './types.ts';

/** A call with arguments that filters block. */
export function blockedBy(names: readonly string[] | undefined): Outcome | undefined {
  if (names === undefined) return undefined;
  const text = `The arguments hold ${names.join(', ')}, which the manifest blocks: nothing is done.`;
  return { text, failed: true };
}

/** A call that the manifest itself does not let its agent make. */
export function refuse(
  { oversight }: AgentManifest,
  { name, index, before }: Call,
  names: readonly string[],
): Outcome | undefined {
  const { calls, room, inTurn = 0 } = before;
  const called = { inTurn: inTurn + index, inSession: calls + index, room: room - index };
  const why = whyNotCalled(oversight, names, called);
  if (why === undefined) return undefined;
  const { text, rule } = why;
  if (rule === undefined) return { text, failed: true };
  return { text, failed: true, denial: { action: 'call_tool', what: name, policies: [rule] } };
}

/**
 * A call that a person must approve first, and has not; one that was approved is made, and only once.
 * @param risk - undefined of a proposal
 */
export async function askPerson(
  { oversight }: AgentManifest,
  { name, input, before }: Call,
  names: readonly string[],
  risk: Parameters<typeof needsApproval>[2],
): Promise<Outcome | undefined> {
  if (!needsApproval(oversight, names, risk)) return undefined;
  const waiting = waitingOf(name, input);
  if (before.approved.includes(waiting.digest)) {
    await before.onApproved(waiting.digest);
    return undefined;
  }
  const text = 'A person must approve this call first, and is asked. It was not made.';
  return { text, failed: true, waiting };
}
