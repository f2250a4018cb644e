import type { JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { quote } from '../kernel/schema-terms.ts';
import type { ToolCall, ToolDescription } from '../models/types.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import type { SourceLabel, Surroundings, Tool } from '../tools/types.ts';
import { createArgumentCheck } from './argument-check.ts';
import { namesOfProposal, namesOfTool } from './call-names.ts';
import { callTool } from './call-tool.ts';
import { createGuard, type Guard } from './filters/guard.ts';
import { needsApproval, waitingOf, whyNotCalled } from './oversee.ts';
import type { Answered, Denial, Report, Waiting } from './records.ts';
import { readReport, reportTool } from './report-tool.ts';
import { denialForModel, denialOf } from './steps.ts';
import type { AgentManifest, SoFar, Step, StepGate } from './types.ts';
import { wrapUntrusted } from './untrusted.ts';

/** Calls of one turn that are done; the rest is answered with a failure. */
export const mostCalls = 16;

/** What the tool calls of one turn brought. */
export interface Harvest {
  readonly results: readonly Answered[];
  readonly proposals: readonly JsonValue[];
  readonly sources: readonly SourceLabel[];
  readonly report: Report | undefined;
  readonly denials?: readonly Denial[];
  readonly waiting?: readonly Waiting[];
  /** A tool that may have done something, and of which nobody knows whether it has. */
  readonly unclear: string | undefined;
}

/** What a session has come to before a turn's calls. */
export interface Before {
  readonly soFar: SoFar;
  /** Proposals of the session so far. */
  readonly taken: readonly JsonValue[];
  /** Calls it has made, and those that the manifest's rate has room for. */
  readonly calls: number;
  readonly room: number;
  /** Calls of this turn that were made before; none where it is not said. */
  readonly inTurn?: number;
  /** Digests of calls that a person approved. */
  readonly approved: readonly string[];
  /** Called before an approved call is made; it is durable then that it was. */
  readonly onApproved: (digest: string) => Promise<void>;
  /** Told of each call that must not be made twice, before it is made; resolves when that is durable. */
  readonly announce: (tool: string) => Promise<void>;
  /** By the number of a call, what filters of the manifest block in its arguments. */
  readonly blocked?: ReadonlyMap<number, readonly string[]>;
}

/** The tools of an agent: our read-only ones that its manifest names, the desk's, and `report`. */
export interface ToolBelt {
  readonly descriptions: readonly ToolDescription[];
  readonly call: (calls: readonly ToolCall[], before: Before) => Promise<Harvest>;
}

export interface BeltParts {
  readonly manifest: AgentManifest;
  /** All that are offered here; the manifest names those that the agent is given. */
  readonly tools: readonly Tool[];
  readonly desk: ProposalDesk;
  readonly surroundings: Surroundings;
  /** What policies say to its steps. */
  readonly gate: StepGate;
  /** Without one nothing is filtered. */
  readonly guard?: Guard;
}

/** What one call brought. */
interface Outcome {
  readonly text: string;
  readonly failed: boolean;
  readonly sources?: readonly SourceLabel[];
  readonly unclear?: string;
  readonly proposal?: JsonValue;
  readonly report?: Report;
  readonly denial?: Denial;
  readonly waiting?: Waiting;
}

/** A call of a turn, and what came before it. */
interface Call {
  readonly name: string;
  readonly input: JsonValue;
  /** In this turn. */
  readonly index: number;
  readonly before: Before;
}

export function createToolBelt(
  context: Context,
  { manifest, desk, surroundings, gate, guard = createGuard([]), ...parts }: BeltParts,
): ToolBelt {
  const tools = parts.tools.filter(({ id }) => manifest.tools.includes(id));
  const report = reportTool(manifest);
  const own = tools.map((tool) => describe(tool, context.redact));
  const descriptions: readonly ToolDescription[] = [...own, ...desk.tools, report];
  const check = createArgumentCheck();

  const callOwn = async (tool: Tool, call: Call): Promise<Outcome> => {
    const refused =
      refuse(manifest, call, namesOfTool(tool)) ?? denyCall(gate, tool, call.before.soFar, context.redact);
    if (refused !== undefined) return refused;
    const wrong = await check(tool.id, tool.parameters, call.input);
    if (wrong !== undefined) return wrong;
    const waits = await askPerson(manifest, call, namesOfTool(tool), tool.risk);
    if (waits !== undefined) return waits;
    if (tool.replay === 'none') await call.before.announce(tool.id);
    const called = await callTool(context, tool, call.input, { surroundings, guard });
    const { text, failed, hasRead, isUnclear } = called;
    const sources = hasRead ? [tool.source, ...(tool.alsoReads ?? [])] : [];
    return { text, failed, sources, ...(isUnclear ? { unclear: tool.id } : {}) };
  };

  const propose = async ({ name, input, ...call }: Call): Promise<Outcome> => {
    const names = namesOfProposal(name);
    const refused = refuse(manifest, { name, input, ...call }, names);
    if (refused !== undefined) return refused;
    const answer = desk.take(name, input, call.before.taken);
    if (!answer.ok) return { text: answer.said, failed: true };
    const waits = await askPerson(manifest, { name, input, ...call }, names, undefined);
    return waits ?? { text: answer.said, failed: false, proposal: answer.proposal };
  };

  const callOne = async (call: Call): Promise<Outcome> => {
    const { name, input } = call;
    const tool = tools.find(({ id }) => id === name || id === name.replaceAll('_', '-'));
    if (tool !== undefined) return callOwn(tool, { ...call, name: tool.id });
    if (desk.tools.some((each) => each.name === name)) return propose(call);
    if (name === report.name) {
      const wrong = await check(report.name, report.parameters, input);
      return wrong ?? { text: 'Noted.', failed: false, report: readReport(input) };
    }
    const known = descriptions.map((each) => each.name).join(', ');
    return { text: `There is no tool ${quote(name)}; there is ${known}.`, failed: true };
  };

  return {
    descriptions,
    call: async (calls, before) => {
      const outcomes: Outcome[] = [];
      for (const [index, { name, arguments: input }] of calls.entries()) {
        context.cancel.throwIfAborted();
        const refused = blockedBy(before.blocked?.get(index));
        if (refused !== undefined) outcomes.push(refused);
        else if (index >= mostCalls)
          outcomes.push({ text: `At most ${mostCalls} tools are called in one turn.`, failed: true });
        else if (outcomes.some(({ unclear }) => unclear !== undefined))
          outcomes.push({ text: 'Not called: what came of a call before it is not known.', failed: true });
        else outcomes.push(await callOne({ name, input, index, before: after(before, outcomes) }));
      }
      return harvestOf(calls, outcomes);
    },
  };
}

function blockedBy(names: readonly string[] | undefined): Outcome | undefined {
  if (names === undefined) return undefined;
  const text = `The arguments hold ${names.join(', ')}, which the manifest blocks: nothing is done.`;
  return { text, failed: true };
}

/** What a call of this turn has read or proposed counts for the next one already. */
function after(before: Before, outcomes: readonly Outcome[]): Before {
  const proposals = defined(outcomes.map(({ proposal }) => proposal));
  const { soFar } = before;
  return {
    ...before,
    taken: [...before.taken, ...proposals],
    soFar: {
      ...soFar,
      sources: [...new Set([...soFar.sources, ...sourcesOf(outcomes)])].sort(),
      proposals: soFar.proposals + proposals.length,
    },
  };
}

function harvestOf(calls: readonly ToolCall[], outcomes: readonly Outcome[]): Harvest {
  const denials = defined(outcomes.map(({ denial }) => denial));
  const waiting = defined(outcomes.map((outcome) => outcome.waiting));
  return {
    results: outcomes.map(({ text, failed }, index) => ({ callId: calls[index]?.id ?? '', text, failed })),
    proposals: defined(outcomes.map(({ proposal }) => proposal)),
    sources: sourcesOf(outcomes),
    report: outcomes.findLast(({ report: said }) => said !== undefined)?.report,
    unclear: outcomes.find(({ unclear }) => unclear !== undefined)?.unclear,
    ...(denials.length === 0 ? {} : { denials }),
    ...(waiting.length === 0 ? {} : { waiting }),
  };
}

function sourcesOf(outcomes: readonly Outcome[]): readonly SourceLabel[] {
  return outcomes.flatMap(({ sources = [] }) => sources);
}

function defined<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined);
}

/** A call that the manifest itself does not let its agent make. */
function refuse(
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

/** A call that a person must approve first, and has not; one that was approved is made, and only once. */
async function askPerson(
  { oversight }: AgentManifest,
  { name, input, before }: Call,
  names: readonly string[],
  risk: Tool['risk'] | undefined,
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

/** Policies are written by people of the project, and go to the model as they are, without what must not be shown. */
function denyCall(
  gate: StepGate,
  { id, kind, risk, permission }: Tool,
  soFar: SoFar,
  redact: (text: string) => string,
): Outcome | undefined {
  const step: Step = { action: 'call_tool', tool: id, kind, risk, permission };
  const answer = gate(step, soFar);
  if (answer.allowed) return undefined;
  const text = redact(denialForModel(answer.reasons));
  return { text, failed: true, denial: denialOf(step, answer.reasons) };
}

/** A description that a stranger wrote is a stranger's text wherever it stands. */
function describe(
  { id, description, describedBy, parameters }: Tool,
  redact: (text: string) => string,
): ToolDescription {
  const said = describedBy === undefined ? description : wrapUntrusted(description, describedBy, redact);
  return { name: id, description: said, parameters };
}
