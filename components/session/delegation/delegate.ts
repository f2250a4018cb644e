import type { Context } from '../../kernel/context.ts';
import { createArgumentCheck } from '../argument-check.ts';
import type { Before } from '../belt/types.ts';
import { namesOfDelegation } from '../call-names.ts';
import { withoutInvisible } from '../hidden/invisible.ts';
import { needsApproval, roomFor, waitingOf, whyNotCalled } from '../oversee.ts';
import type { Ended } from '../records.ts';
import { denialForModel, denialOf, soFarOf } from '../steps.ts';
import type { Step, Subagent } from '../types.ts';
import { delegateName, delegateTool, readDelegation } from './delegate-tool.ts';
import type { Delegating } from './delegating.ts';
import { failedCall, type PlacedCall } from './make-one.ts';
import type { Made } from './open-turn.ts';
import { runSubagent } from './run-subagent.ts';

type Approvals = Pick<Before, 'approved' | 'onApproved'>;

/**
 * Gives a task to a subagent and brings what it answers. Whether it may be given is asked before it is begun and not again: each
 * step that the subagent takes is asked by itself.
 */
export async function delegate(
  context: Context,
  parts: Delegating,
  placed: PlacedCall,
  approvals: Approvals,
): Promise<Made | Ended> {
  const { run, chronicle } = parts;
  const { call } = placed;
  if (chronicle.state().open?.task === undefined) {
    const refused = await begin(context, parts, placed, approvals);
    if (refused !== undefined) return refused;
    run.onIteration(chronicle.state());
  }
  const name = chronicle.state().open?.task?.subagent;
  const subagent = run.manifest.subagents.find((one) => one.name === name);
  if (subagent === undefined) return failedCall(call, 'The manifest has no such subagent any more.');
  return runSubagent(context, parts, subagent, call);
}

/** Records the task; gives what the model is told where it may not be given. */
async function begin(
  context: Context,
  { run, chronicle }: Delegating,
  { call, index }: PlacedCall,
  approvals: Approvals,
): Promise<Made | undefined> {
  const { manifest } = run;
  const state = chronicle.state();
  const tool = delegateTool(manifest, context.redact);
  if (tool === undefined) return failedCall(call, 'There is no subagent.');
  const wrong = await createArgumentCheck()(delegateName, tool.parameters, call.arguments);
  if (wrong !== undefined) return failedCall(call, wrong.text);
  const { subagent: name, task } = readDelegation(call.arguments);
  const names = namesOfDelegation(name);
  const room = roomFor(manifest.oversight, state.recent, context.clock.now());
  const why = whyNotCalled(manifest.oversight, names, { inTurn: index, inSession: state.calls, room });
  if (why?.rule !== undefined)
    return failedCall(call, why.text, {
      denials: [{ action: 'delegate', what: name, policies: [why.rule] }],
    });
  if (why !== undefined) return failedCall(call, why.text);
  const subagent = manifest.subagents.find((one) => one.name === name);
  const step: Step = stepOf(manifest.provider, subagent as Subagent);
  const answer = run.gate(step, soFarOf(state, run.title));
  if (!answer.allowed)
    return failedCall(call, context.redact(denialForModel(answer.reasons)), {
      denials: [denialOf(step, answer.reasons)],
    });
  if (needsApproval(manifest.oversight, names, undefined)) {
    const waiting = waitingOf(delegateName, call.arguments);
    if (!approvals.approved.includes(waiting.digest))
      return failedCall(call, 'A person must approve this call first, and is asked. It was not made.', {
        waiting: [waiting],
      });
    await approvals.onApproved(waiting.digest);
  }
  await chronicle.append('delegated', { subagent: name, task: withoutInvisible(task).text });
  return undefined;
}

function stepOf(provider: string, { name, kind, model, tools }: Subagent): Step {
  return { action: 'delegate', subagent: name, kind, provider, model, tools };
}
