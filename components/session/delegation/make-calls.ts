import type { Context } from '../../kernel/context.ts';
import type { ToolCall } from '../../models/types.ts';
import { tellFiltered } from '../ask-model.ts';
import type { Harvest } from '../belt/types.ts';
import { askAbout } from '../for-people.ts';
import type { Ended, Work } from '../records.ts';
import { mostCalls, type ToolBelt } from '../tool-belt.ts';
import { delegate } from './delegate.ts';
import { delegateName } from './delegate-tool.ts';
import { type Delegating, observe } from './delegating.ts';
import { makeOne } from './make-one.ts';
import { type Made, type OpenTurn, openIn } from './open-turn.ts';

/** Whether a turn gives a task away, so that its calls may take as long as many turns. */
export function isDelegating(
  { descriptions }: ToolBelt,
  { toolCalls }: Pick<Work['turn'], 'toolCalls'>,
): boolean {
  const isOffered = descriptions.some(({ name }) => name === delegateName);
  return isOffered && toolCalls.some(({ name }) => name === delegateName);
}

/**
 * Makes the calls of a turn that delegates, one after the other, each recorded when it is done: a job that is cut off goes on behind
 * the last. Gives the end of this job's share where a subagent comes to one.
 */
export async function makeCalls(context: Context, parts: Delegating): Promise<Harvest | Ended> {
  const { chronicle } = parts;
  for (;;) {
    context.cancel.throwIfAborted();
    const { open } = openIn(chronicle.state());
    const call = open.turn.toolCalls[open.made.length];
    if (call === undefined) return harvestOf(open);
    const made = await makeCall(context, parts, open, call);
    if ('outcome' in made) return made;
    // As where a job was cut off in it: what a person says of it is its result.
    if (made.unclear !== undefined) return askAbout(made.unclear);
    const seen = observe(parts);
    await chronicle.append('call-made', { ...made, ...seen });
    tellFiltered(context, seen.filtered ?? []);
  }
}

async function makeCall(
  context: Context,
  parts: Delegating,
  { made, blocked }: OpenTurn,
  call: ToolCall,
): Promise<Made | Ended> {
  const { chronicle, belt } = parts;
  const index = made.length;
  const approvals = {
    approved: chronicle.state().approved,
    onApproved: (approved: string) => chronicle.append('approval-used', { digest: approved }),
  };
  const isRefused = index >= mostCalls || blocked.some((one) => one.call === index);
  if (call.name === delegateName && !isRefused)
    return delegate(context, parts, { call, index, blocked }, approvals);
  return makeOne(context, parts, belt, { call, index, blocked }, approvals);
}

/** All that the calls brought, as they would have together. */
function harvestOf({ made }: OpenTurn): Harvest {
  const denials = made.flatMap((one) => one.denials ?? []);
  const waiting = made.flatMap((one) => one.waiting ?? []);
  const given = made.findLast((one) => one.given !== undefined)?.given;
  const misfits = made.reduce((sum, one) => sum + (one.misfits ?? 0), 0);
  return {
    results: made.flatMap(({ results }) => results),
    proposals: made.flatMap(({ proposals }) => proposals),
    sources: [...new Set(made.flatMap(({ sources }) => sources))],
    report: made.findLast(({ report }) => report !== undefined)?.report,
    unclear: undefined,
    ...(given === undefined ? {} : { given }),
    ...(misfits === 0 ? {} : { misfits }),
    ...(denials.length === 0 ? {} : { denials }),
    ...(waiting.length === 0 ? {} : { waiting }),
  };
}
