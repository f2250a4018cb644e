import type { JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import { filterTurn } from '../filters/filter-turn.ts';
import { askAbout } from '../for-people.ts';
import { isRated, questionOf, roomFor } from '../oversee.ts';
import type { Ended } from '../records.ts';
import { callsOfTurn } from './loop-state.ts';
import type { AnswerRequest, ProposeRequest, ReportRequest, ToolRequest } from './message.gen.ts';
import { type Brought, type Serving, soFarIn } from './serving.ts';

export type CallRequest = ToolRequest | ProposeRequest | ReportRequest | AnswerRequest;

/** Only the number of its place in a turn is known of a call. */
const call = 'loop';

/**
 * Makes one call for a program by the belt that our own loop has. One that a person must approve, and one of which nobody
 * knows what came of it, is not answered: the session ends, and the program asks again when it is gone on with.
 */
export async function serveCall(
  context: Context,
  serving: Serving,
  request: CallRequest,
  asked: string,
): Promise<Brought | Ended> {
  const { run, chronicle, belt, guard, watch, elapsedBefore } = serving;
  const { oversight } = run.manifest;
  const state = chronicle.state();
  const { loop } = state;
  if (loop.open === asked && loop.said !== undefined)
    return { ...failed(`A person answers your call: ${loop.said}`), hears: true };
  const now = context.clock.now();
  const { name, input } = callIn(request);
  const turn = { ...nobodys, toolCalls: [{ id: call, name, arguments: input }] };
  const said = filterTurn(turn, guard.filter, context.redact);
  guard.note(said.seen);
  const harvest = await belt.call(said.turn.toolCalls, {
    ...{ soFar: soFarIn(serving), taken: state.proposals, calls: state.calls, approved: state.approved },
    ...{ blocked: said.blocked, inTurn: callsOfTurn(loop), room: roomFor(oversight, state.recent, now) },
    announce: (tool) => chronicle.append('tool-called', { tool, request: asked }),
    onApproved: (approved) => chronicle.append('approval-used', { digest: approved }),
  });
  const { waiting, unclear, results } = harvest;
  if (unclear !== undefined) return askAbout(unclear);
  if (waiting !== undefined) {
    const elapsed = Math.round(elapsedBefore + watch.elapsed());
    await chronicle.append('loop-held', { request: asked, waiting, elapsed });
    return { outcome: 'blocked', reason: questionOf(run.session, waiting) };
  }
  const [result] = results;
  const { text = '', failed: isFailed = true } = result ?? {};
  return {
    ...harvest,
    answer: { ok: true, result: { text, failed: isFailed } },
    ...(isRated(oversight) ? { at: now } : {}),
  };
}

const nobodys = { text: '', usage: { inputTokens: 0, outputTokens: 0 }, costPicoUsd: 0n };

function failed(text: string): Brought {
  return {
    answer: { ok: true, result: { text, failed: true } },
    results: [{ callId: call, text, failed: true }],
  };
}

function callIn(request: CallRequest): { readonly name: string; readonly input: JsonValue } {
  switch (request.type) {
    case 'tool':
      return { name: request.name, input: request.arguments as JsonValue };
    case 'propose':
      return { name: `propose_${request.kind.replaceAll('-', '_')}`, input: request.fields as JsonValue };
    case 'answer':
      return { name: 'answer', input: request.value as JsonValue };
    default: {
      const { type: _, id: __, ...report } = request;
      return { name: 'report', input: report as unknown as JsonValue };
    }
  }
}
