import type { JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { quote } from '../kernel/schema-terms.ts';
import { listed } from '../kernel/suggest.ts';
import type { ToolCall, ToolDescription } from '../models/types.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import type { SourceLabel, Surroundings, Tool } from '../tools/types.ts';
import { callTool } from './call-tool.ts';
import { type CompiledSchema, compileSchema } from './json-schema.ts';
import type { Answered, Report } from './records.ts';
import { readReport, reportTool } from './report-tool.ts';
import type { AgentManifest } from './types.ts';
import { wrapUntrusted } from './untrusted.ts';

/** Calls of one turn that are done; the rest is answered with a failure. */
const mostCalls = 16;

/** What the tool calls of one turn brought. */
export interface Harvest {
  readonly results: readonly Answered[];
  readonly proposals: readonly JsonValue[];
  readonly sources: readonly SourceLabel[];
  readonly report: Report | undefined;
  /** A tool that may have done something, and of which nobody knows whether it has. */
  readonly unclear: string | undefined;
}

/** The tools of an agent: our read-only ones that its manifest names, the desk's, and `report`. */
export interface ToolBelt {
  readonly descriptions: readonly ToolDescription[];
  /**
   * @param taken - proposals of the session so far
   * @param announce - told of each call that must not be made twice, before it is made; resolves when that is durable
   */
  readonly call: (
    calls: readonly ToolCall[],
    taken: readonly JsonValue[],
    announce: Announce,
  ) => Promise<Harvest>;
}

export type Announce = (tool: string) => Promise<void>;

export interface BeltParts {
  readonly manifest: AgentManifest;
  /** All that are offered here; the manifest names those that the agent is given. */
  readonly tools: readonly Tool[];
  readonly desk: ProposalDesk;
  readonly surroundings: Surroundings;
}

/** What one call brought. */
interface Outcome {
  readonly text: string;
  readonly failed: boolean;
  readonly sources?: readonly SourceLabel[];
  readonly unclear?: string;
  readonly proposal?: JsonValue;
  readonly report?: Report;
}

type Taken = readonly JsonValue[];

export function createToolBelt(
  context: Context,
  { manifest, desk, surroundings, ...parts }: BeltParts,
): ToolBelt {
  const tools = parts.tools.filter(({ id }) => manifest.tools.includes(id));
  const report = reportTool(manifest);
  const own = tools.map((tool) => describe(tool, context.redact));
  const descriptions: readonly ToolDescription[] = [...own, ...desk.tools, report];
  const check = createArgumentCheck();

  const callOne = async (
    { name, arguments: input }: ToolCall,
    taken: Taken,
    announce: Announce,
  ): Promise<Outcome> => {
    const tool = tools.find(({ id }) => id === name || id === name.replaceAll('_', '-'));
    if (tool !== undefined) {
      const wrong = await check(tool.id, tool.parameters, input);
      if (wrong !== undefined) return wrong;
      if (tool.replay === 'none') await announce(tool.id);
      const { text, failed, hasRead, isUnclear } = await callTool(context, tool, input, surroundings);
      const sources = hasRead ? [tool.source, ...(tool.alsoReads ?? [])] : [];
      return { text, failed, sources, ...(isUnclear ? { unclear: tool.id } : {}) };
    }
    if (desk.tools.some((each) => each.name === name)) {
      const answer = desk.take(name, input, taken);
      const said = { text: answer.said, failed: !answer.ok };
      return answer.ok ? { ...said, proposal: answer.proposal } : said;
    }
    if (name === report.name) {
      const wrong = await check(report.name, report.parameters, input);
      return wrong ?? { text: 'Noted.', failed: false, report: readReport(input) };
    }
    const known = descriptions.map((each) => each.name).join(', ');
    return { text: `There is no tool ${quote(name)}; there is ${known}.`, failed: true };
  };

  return {
    descriptions,
    call: async (calls, taken, announce) => {
      const outcomes: Outcome[] = [];
      const proposals = () => outcomes.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal]));
      for (const [index, call] of calls.entries()) {
        context.cancel.throwIfAborted();
        if (index >= mostCalls)
          outcomes.push({ text: `At most ${mostCalls} tools are called in one turn.`, failed: true });
        else if (outcomes.some(({ unclear }) => unclear !== undefined))
          outcomes.push({ text: 'Not called: what came of a call before it is not known.', failed: true });
        else outcomes.push(await callOne(call, [...taken, ...proposals()], announce));
      }
      return {
        results: outcomes.map(({ text, failed }, index) => ({
          callId: calls[index]?.id ?? '',
          text,
          failed,
        })),
        proposals: proposals(),
        sources: outcomes.flatMap(({ sources = [] }) => sources),
        report: outcomes.findLast(({ report: said }) => said !== undefined)?.report,
        unclear: outcomes.find(({ unclear }) => unclear !== undefined)?.unclear,
      };
    },
  };
}

type ArgumentCheck = (name: string, parameters: JsonValue, input: JsonValue) => Promise<Outcome | undefined>;

/** Holds arguments against the schema of a tool, compiled at its first call; gives what the model is told of them. */
function createArgumentCheck(): ArgumentCheck {
  const schemas = new Map<string, Promise<CompiledSchema>>();
  return async (name, parameters, input) => {
    const compiling = schemas.get(name) ?? compileSchema(parameters);
    schemas.set(name, compiling);
    const compiled = await compiling;
    if (!compiled.ok) throw new TypeError(`the parameters of ${name} are no JSON Schema: ${compiled.reason}`);
    const issues = compiled.check(input);
    if (issues.length === 0) return undefined;
    const texts = issues.map(({ message, expected }) =>
      expected === undefined ? message : `${message}, expected ${expected}`,
    );
    return { text: `The arguments do not fit: ${listed(texts, 10)}.`, failed: true };
  };
}

/** A description that a stranger wrote is a stranger's text wherever it stands. */
function describe(
  { id, description, describedBy, parameters }: Tool,
  redact: (text: string) => string,
): ToolDescription {
  const said = describedBy === undefined ? description : wrapUntrusted(description, describedBy, redact);
  return { name: id, description: said, parameters };
}
