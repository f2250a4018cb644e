import type { Evaluator, FactValues } from '../expressions/types.ts';
import { canonicalJson, type JsonValue } from '../kernel/canonical.ts';
import { listed } from '../kernel/suggest.ts';
import type { ProposalDesk } from '../proposals/types.ts';
import type { ExceededLimit, SandboxLimits, SandboxResult } from '../sandbox/types.ts';
import { cleanJson } from './clean-turn.ts';
import type { Condition, TaskManifest } from './types.ts';

/** What a script may use. */
export const taskLimits: Omit<SandboxLimits, 'timeout'> = {
  output: 1024 * 1024,
  scratch: 64 * 1024 * 1024,
  processes: 64,
  memory: 512 * 1024 * 1024,
  cpu: 30 * 60_000,
};

/** What one attempt came to. */
export type Attempted =
  | { readonly ok: true; readonly output: JsonValue; readonly proposals: readonly JsonValue[] }
  | { readonly ok: false; readonly reason: string };

export interface OutputParts {
  readonly manifest: TaskManifest;
  readonly desk: ProposalDesk;
  readonly conditions: Evaluator;
  readonly redact: (text: string) => string;
}

/**
 * Judges what a script left: its exit code, one JSON value that fits the schema, the proposals in it, and the
 * postconditions. Which exit codes are good is theirs to say where one of them asks for it; else it is 0.
 *
 * @param facts - `input` and `attempt`
 */
export function judgeOutput(parts: OutputParts, result: SandboxResult, facts: FactValues): Attempted {
  const { manifest, conditions } = parts;
  const failed = (reason: string): Attempted => ({ ok: false, reason: parts.redact(reason) });
  if (result.exceeded !== undefined) return failed(exceededInWords(result.exceeded, manifest));
  const asksForCode = manifest.postconditions.some(({ expression }) =>
    expression.facts.includes('exit_code'),
  );
  if (result.exitCode !== 0 && !asksForCode) return failed(`it ended with exit code ${result.exitCode}`);
  const read = readOutput(result.stdout, parts.redact);
  if (!read.ok) return failed(`its output is not one JSON value: ${read.reason}`);
  const { output } = read;
  const issues = manifest.checkOutput(output);
  if (issues.length > 0) return failed(`its output does not fit: ${listed(issues, 10)}`);
  const all = { ...facts, output, exit_code: result.exitCode ?? undefined };
  const broken = firstBroken(manifest.postconditions, conditions, all);
  if (broken !== undefined) return failed(`postcondition: ${broken}`);
  const taken = takeProposals(parts.desk, output);
  return taken.ok ? { ...taken, output } : failed(taken.reason);
}

function exceededInWords(limit: ExceededLimit, { timeoutSeconds }: TaskManifest): string {
  const mebibytes = (bytes: number) => `${bytes / 1024 / 1024} MiB`;
  const words: Readonly<Record<ExceededLimit, string>> = {
    timeout: `it took longer than ${timeoutSeconds} s`,
    output: `it wrote more than ${mebibytes(taskLimits.output)}`,
    cpu: `it used more than ${(taskLimits.cpu ?? 0) / 60_000} min of processor time`,
    processes: `it had more than ${taskLimits.processes} processes`,
    memory: `it used more than ${mebibytes(taskLimits.memory)} of memory`,
  };
  return words[limit];
}

type Read =
  | { readonly ok: true; readonly output: JsonValue }
  | { readonly ok: false; readonly reason: string };

function readOutput(text: string, redact: (text: string) => string): Read {
  if (text.trim() === '') return { ok: false, reason: 'there is none' };
  try {
    const clean = (part: string) => redact(part.toWellFormed());
    const output = cleanJson(JSON.parse(text), clean);
    if (output === undefined) return { ok: false, reason: 'it nests too deep' };
    // A number such as 1e999 is none that could be kept.
    canonicalJson(output);
    return { ok: true, output };
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      return { ok: false, reason: error.message };
    if (error instanceof RangeError) return { ok: false, reason: 'it nests too deep' };
    throw error;
  }
}

/** The first condition that does not hold, in its author's words where there are some; one without an answer does not. */
export function firstBroken(
  conditions: readonly Condition[],
  evaluator: Evaluator,
  facts: FactValues,
): string | undefined {
  const checked = evaluator.check(facts);
  for (const { expression, message } of conditions) {
    const answer = expression.evaluate(checked);
    if (answer === true) continue;
    const why = answer === false ? 'does not hold' : `has no answer: ${answer.message}`;
    return `${message === undefined ? '' : `${message}: `}${expression.source} ${why}`;
  }
  return undefined;
}

type TakenAll =
  | { readonly ok: true; readonly proposals: readonly JsonValue[] }
  | { readonly ok: false; readonly reason: string };

/** One that is refused fails the attempt: half of what a script proposes is not what it proposes. */
function takeProposals(desk: ProposalDesk, output: JsonValue): TakenAll {
  const asked = isMapping(output) && Object.hasOwn(output, 'proposals') ? output.proposals : undefined;
  // Where the manifest lets it propose nothing, a field of that name is output like any other.
  if (asked === undefined || desk.tools.length === 0) return { ok: true, proposals: [] };
  if (!Array.isArray(asked)) return { ok: false, reason: 'its `proposals` are no list' };
  const proposals: JsonValue[] = [];
  for (const [index, each] of asked.entries()) {
    const { tool, arguments: input } = isMapping(each) ? each : {};
    if (typeof tool !== 'string' || input === undefined)
      return { ok: false, reason: `its proposals[${index}] is no mapping of \`tool\` and \`arguments\`` };
    const answer = desk.take(tool, input, proposals);
    if (!answer.ok) return { ok: false, reason: `its proposals[${index}] is refused: ${answer.said}` };
    proposals.push(answer.proposal);
  }
  return { ok: true, proposals };
}

function isMapping(value: JsonValue): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
