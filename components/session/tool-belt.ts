import type { JsonValue } from '../kernel/canonical.ts';
import type { Context } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { quote } from '../kernel/schema-terms.ts';
import { listed } from '../kernel/suggest.ts';
import type { ToolCall, ToolDescription } from '../models/types.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import type { RepositoryReader, SourceLabel, Tool, ToolResult } from '../tools/types.ts';
import { createGuard, type Guard } from './filters/guard.ts';
import { type CompiledSchema, compileSchema } from './json-schema.ts';
import type { Answered, Report } from './records.ts';
import { readReport, reportTool } from './report-tool.ts';
import type { AgentManifest } from './types.ts';

/** Calls of one turn that are done; the rest is answered with a failure. */
const mostCalls = 16;

/** What the tool calls of one turn brought. */
export interface Harvest {
  readonly results: readonly Answered[];
  readonly proposals: readonly JsonValue[];
  readonly sources: readonly SourceLabel[];
  readonly report: Report | undefined;
}

/** The tools of an agent: our read-only ones that its manifest names, the desk's, and `report`. */
export interface ToolBelt {
  readonly descriptions: readonly ToolDescription[];
  /**
   * @param taken - proposals of the session so far
   * @param blocked - by the number of a call, what the manifest blocks in its arguments
   */
  readonly call: (
    calls: readonly ToolCall[],
    taken: readonly JsonValue[],
    blocked?: ReadonlyMap<number, readonly string[]>,
  ) => Promise<Harvest>;
}

export interface BeltParts {
  readonly manifest: AgentManifest;
  readonly tools: readonly Tool[];
  readonly desk: ProposalDesk;
  readonly repository: RepositoryReader;
  /** Without one nothing is filtered. */
  readonly guard?: Guard;
}

/** What one call brought. */
interface Outcome {
  readonly text: string;
  readonly failed: boolean;
  readonly source?: SourceLabel;
  readonly proposal?: JsonValue;
  readonly report?: Report;
}

type Taken = readonly JsonValue[];

export function createToolBelt(
  context: Context,
  { manifest, desk, repository, guard = createGuard([]), ...parts }: BeltParts,
): ToolBelt {
  const tools = parts.tools.filter(({ id }) => manifest.tools.includes(id));
  const report = reportTool(manifest);
  const own = tools.map(({ id, description, parameters }) => ({ name: id, description, parameters }));
  const descriptions: readonly ToolDescription[] = [...own, ...desk.tools, report];
  const check = createArgumentCheck();

  const callOne = async ({ name, arguments: input }: ToolCall, taken: Taken): Promise<Outcome> => {
    const tool = tools.find(({ id }) => id === name.replaceAll('_', '-'));
    if (tool !== undefined) {
      const wrong = await check(tool.id, tool.parameters, input);
      return wrong ?? { ...(await runTool(context, tool, input, repository, guard)), source: tool.source };
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
    call: async (calls, taken, blocked) => {
      const outcomes: Outcome[] = [];
      const proposals = () => outcomes.flatMap(({ proposal }) => (proposal === undefined ? [] : [proposal]));
      for (const [index, call] of calls.entries()) {
        context.cancel.throwIfAborted();
        const names = blocked?.get(index)?.join(', ');
        if (names !== undefined)
          outcomes.push({
            text: `The arguments hold ${names}, which the manifest blocks: nothing is done.`,
            failed: true,
          });
        else if (index < mostCalls) outcomes.push(await callOne(call, [...taken, ...proposals()]));
        else outcomes.push({ text: `At most ${mostCalls} tools are called in one turn.`, failed: true });
      }
      return {
        results: outcomes.map(({ text, failed }, index) => ({
          callId: calls[index]?.id ?? '',
          text,
          failed,
        })),
        proposals: proposals(),
        sources: outcomes.flatMap(({ source }) => (source === undefined ? [] : [source])),
        report: outcomes.findLast(({ report: said }) => said !== undefined)?.report,
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

/**
 * A tool that the outside fails is a failed call, which the agent and its signals see; the session goes on. What it says then
 * is as much a stranger's as what it gives: it may quote what it could not read.
 */
async function runTool(
  context: Context,
  tool: Tool,
  input: JsonValue,
  repository: RepositoryReader,
  guard: Guard,
): Promise<ToolResult> {
  try {
    return guard.wrap(await tool.run(input, repository), tool.source, context.redact);
  } catch (error) {
    if (!(error instanceof Failure) || context.cancel.aborted) throw error;
    return guard.wrap({ text: error.message, failed: true }, tool.source, context.redact);
  }
}
