import type { Context } from '../../kernel/context.ts';
import type { ToolCall } from '../../models/types.ts';
import type { Before } from '../belt/types.ts';
import { roomFor } from '../oversee.ts';
import type { Blocked } from '../records.ts';
import { soFarOf } from '../steps.ts';
import { mostCalls, type ToolBelt } from '../tool-belt.ts';
import type { Delegating } from './delegating.ts';
import type { Made } from './open-turn.ts';

/** A call and its place in its turn. */
export interface PlacedCall {
  readonly call: ToolCall;
  readonly index: number;
  readonly blocked: readonly Blocked[];
}

/** Makes one call of a turn by a belt, after all that the records know. */
export async function makeOne(
  { clock }: Pick<Context, 'clock'>,
  { run, chronicle }: Pick<Delegating, 'run' | 'chronicle'>,
  belt: ToolBelt,
  { call, index, blocked }: PlacedCall,
  approvals: Pick<Before, 'approved' | 'onApproved'>,
): Promise<Made> {
  if (index >= mostCalls) return failedCall(call, `At most ${mostCalls} tools are called in one turn.`);
  const state = chronicle.state();
  const names = blocked.find((one) => one.call === index)?.names;
  return belt.call([call], {
    ...{ soFar: soFarOf(state, run.title), taken: state.proposals, calls: state.calls, inTurn: index },
    room: roomFor(run.manifest.oversight, state.recent, clock.now()),
    announce: (tool) => chronicle.append('tool-called', { tool }),
    ...(names === undefined ? {} : { blocked: new Map([[0, names]]) }),
    ...approvals,
  });
}

/** A call that brought nothing but words of ours. */
export function failedCall({ id }: ToolCall, text: string, more: Partial<Made> = {}): Made {
  return {
    results: [{ callId: id, text, failed: true }],
    ...{ proposals: [], sources: [], report: undefined, ...more },
  };
}
