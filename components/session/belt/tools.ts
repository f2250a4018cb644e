import type { Context } from '../../kernel/context.ts';
import type { ToolDescription } from '../../models/types.ts';
import type { Surroundings, Tool } from '../../tools/types.ts';
import type { ArgumentCheck } from '../argument-check.ts';
import { namesOfTool } from '../call-names.ts';
import { callTool } from '../call-tool.ts';
import type { Guard } from '../filters/guard.ts';
import { denialForModel, denialOf } from '../steps.ts';
import type { AgentManifest, SoFar, Step, StepGate } from '../types.ts';
import { wrapUntrusted } from '../untrusted.ts';
import { askPerson, refuse } from './refusals.ts';
import type { Call, Outcome, Pouch } from './types.ts';

export interface ToolParts {
  readonly manifest: AgentManifest;
  /** All that are offered here; the manifest names those that the agent is given. */
  readonly tools: readonly Tool[];
  readonly surroundings: Surroundings;
  /** What policies say to its steps. */
  readonly gate: StepGate;
  readonly guard: Guard;
  readonly check: ArgumentCheck;
}

/** The tools that read: ours, scripts of the repository, those of MCP servers. */
export function createTools(
  context: Context,
  { manifest, surroundings, gate, guard, check, ...parts }: ToolParts,
): Pouch {
  const tools = parts.tools.filter(({ id }) => manifest.tools.includes(id));
  const make = async (tool: Tool, call: Call): Promise<Outcome> => {
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
  return {
    descriptions: tools.map((tool) => describe(tool, context.redact)),
    find: (name) => {
      const tool = tools.find(({ id }) => id === name || id === name.replaceAll('_', '-'));
      return tool && ((call) => make(tool, { ...call, name: tool.id }));
    },
  };
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
