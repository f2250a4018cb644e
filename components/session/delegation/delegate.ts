import type { Context } from '../../kernel/context.ts';
import { createArgumentCheck } from '../argument-check.ts';
import type { Before } from '../belt/types.ts';
import { namesOfDelegation } from '../call-names.ts';
import { withoutInvisible } from '../hidden/invisible.ts';
import { needsApproval, roomFor, waitingOf, whyNotCalled } from '../oversee.ts';
import type { Ended } from '../records.ts';
import { denialForModel, denialOf, soFarOf } from '../steps.ts';
import type { AgentManifest, Step, Subagent } from '../types.ts';
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
  parts: Delegating,
  placed: PlacedCall,
  approvals: Approvals,
): Promise<Made | undefined> {
  const { manifest } = parts.run;
  const { call } = placed;
  const parameters = delegateTool(manifest, context.redact)?.parameters ?? false;
  const wrong = await createArgumentCheck()(delegateName, parameters, call.arguments);
  if (wrong !== undefined) return failedCall(call, wrong.text);
  const { subagent: name, task } = readDelegation(call.arguments);
  const subagent = manifest.subagents.find((one) => one.name === name);
  if (subagent === undefined) return failedCall(call, 'There is no such subagent.');
  const refused =
    refuse(context, parts, placed, subagent) ?? (await askPerson(manifest, placed, subagent, approvals));
  if (refused !== undefined) return refused;
  await parts.chronicle.append('delegated', { subagent: name, task: withoutInvisible(task).text });
  return undefined;
}

/** What the manifest's lists and limits, and then the policies, say against it. */
function refuse(
  { redact, clock }: Pick<Context, 'redact' | 'clock'>,
  { run, chronicle }: Delegating,
  { call, index }: PlacedCall,
  { name, kind, model, tools }: Subagent,
): Made | undefined {
  const { oversight, provider } = run.manifest;
  const state = chronicle.state();
  const room = roomFor(oversight, state.recent, clock.now());
  const called = { inTurn: index, inSession: state.calls, room };
  const why = whyNotCalled(oversight, namesOfDelegation(name), called);
  if (why !== undefined) {
    const denial = { action: 'delegate' as const, what: name, policies: [why.rule ?? ''] };
    return failedCall(call, why.text, why.rule === undefined ? {} : { denials: [denial] });
  }
  const step: Step = { action: 'delegate', subagent: name, kind, provider, model, tools };
  const answer = run.gate(step, soFarOf(state, run.title));
  if (answer.allowed) return undefined;
  return failedCall(call, redact(denialForModel(answer.reasons)), {
    denials: [denialOf(step, answer.reasons)],
  });
}

/** A task that a person must approve first, and has not. Nothing is done by it itself, so that is asked for by name alone. */
async function askPerson(
  { oversight }: AgentManifest,
  { call }: PlacedCall,
  { name }: Subagent,
  { approved, onApproved }: Approvals,
): Promise<Made | undefined> {
  if (!needsApproval(oversight, namesOfDelegation(name), undefined)) return undefined;
  const waiting = waitingOf(delegateName, call.arguments);
  if (approved.includes(waiting.digest)) {
    await onApproved(waiting.digest);
    return undefined;
  }
  const text = 'A person must approve this call first, and is asked. It was not made.';
  return failedCall(call, text, { waiting: [waiting] });
}
