import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { recordLine } from '../../components/models/cassette.ts';
import { openTokenCounter } from '../../components/models/count-tokens.ts';
import type { Model, ModelTurn } from '../../components/models/types.ts';
import { createSandbox } from '../../components/sandbox/create.ts';
import type { Sandbox } from '../../components/sandbox/types.ts';
import { type Budget, createBudget } from '../../components/session/budget/budget.ts';
import { type AgentEnd, runAgent } from '../../components/session/run-agent.ts';
import type { StepGate } from '../../components/session/types.ts';
import type { SessionLog } from '../../components/stores/types.ts';
import type { Tool } from '../../components/tools/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { openDesk } from '../../scripts/wire/run-desk.ts';
import { planProgram } from '../../scripts/wire/run-loop.ts';
import { readRunnable, sourceOf } from '../../scripts/wire/run-manifest.ts';
import type { RunPlace } from '../../scripts/wire/run-place.ts';
import { missingTools, openTools } from '../../scripts/wire/run-tools.ts';

// Agents, scripted models and sessions of them, for tests and for measurements.

export const agentPath = 'agents/reviewer.ossa.yaml';

interface AgentParts {
  readonly completion?: string;
  readonly tools?: string;
  readonly role?: string;
  readonly extensions?: string;
  /** `spec.state`. */
  readonly state?: string;
  readonly model?: string;
  /** Further lines of `spec`. */
  readonly more?: string;
}

/** An agent that may read all, and propose a note and an issue. */
export function agentYaml({
  completion = 'default_signal: complete',
  tools:
    named = '[{type: function, name: read_diff}, {type: function, name: read_file}, {type: function, name: list_files}]',
  role = 'You review one change.',
  extensions = '{pipewright: {proposals: {note: {topics: [review]}, issue: {max: 2}}}}',
  state,
  model = 'claude-sonnet',
  more = '',
}: AgentParts = {}): string {
  return `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: reviewer, version: 1.0.0}
spec:
  role: ${role}
  llm: {provider: anthropic, model: ${model}, temperature: 0}
  tools: ${named}
  completion:
    ${completion.replaceAll('\n', '\n    ')}${state === undefined ? '' : `\n  state: ${state}`}
${more === '' ? '' : `  ${more.replaceAll('\n', '\n  ')}\n`}extensions: ${extensions}
`;
}

type Call = readonly [name: string, input: JsonValue];

/** What a scripted model answers. */
export function turn(text: string, ...calls: readonly Call[]): ModelTurn {
  return {
    text,
    toolCalls: calls.map(([name, input], index) => ({ id: `c${index}`, name, arguments: input })),
    usage: { inputTokens: 100, outputTokens: 20 },
    costPicoUsd: 1_500_000n,
  };
}

/** A review with a note and an issue, in three turns. */
export const review: readonly ModelTurn[] = [
  turn('', ['read-diff', {}]),
  turn(
    'A factor of 100.',
    ['propose_note', { body: 'VAT is 19 now, not 0.19.' }],
    ['propose_issue', { title: 'VAT as a percentage', body: 'Pick one unit.' }],
    ['report', { confidence: 0.9, next_action: 'the author corrects it' }],
  ),
  turn('Done.'),
];

/** Answers by how often it has been asked in this conversation: so it is the same when a session is resumed. */
export function scripted(
  turns: readonly ModelTurn[],
  onCall: (line: string) => void = () => undefined,
): Model {
  return {
    id: 'scripted',
    generate: async (request) => {
      const asked = request.messages.filter(({ role }) => role === 'assistant').length;
      const answer = turns[asked];
      if (answer === undefined) throw new Error(`the script has no turn ${asked}`);
      onCall(recordLine(request, answer));
      return answer;
    },
  };
}

/** Answers in order, whatever it is asked: what it is sent may leave out that it was asked before. */
export function inOrder(
  turns: readonly ModelTurn[],
  onCall: (line: string) => void = () => undefined,
): Model {
  const left = turns.values();
  return {
    id: 'scripted',
    generate: async (request) => {
      const { value: answer } = left.next();
      if (answer === undefined) throw new Error('the script is over');
      onCall(recordLine(request, answer));
      return answer;
    },
  };
}

interface RunParts {
  readonly model: Model;
  readonly log: SessionLog;
  readonly session: string;
  readonly acceptsChanges?: boolean;
  readonly budget?: Budget;
  readonly gate?: StepGate;
  /** Tools that the manifest does not name; its subagents have them too. */
  readonly more?: readonly Tool[];
}

/** Policies that let everything pass; those of a checkout cost each run some calls of git. */
const openGate: StepGate = () => ({ allowed: true });

/** To look what this machine has takes longer than most sessions of tests. */
let shared: Sandbox | undefined;

const unlimited = createBudget({
  limits: {
    request: { inputTokens: undefined, outputTokens: undefined, tokens: undefined },
    session: { tokens: undefined, costPicoUsd: undefined },
    day: undefined,
  },
  ...{ price: undefined, ledger: undefined },
});

/** Runs an agent of a checkout against a model, with nothing of the command around it. */
export async function runWith(context: Context, parts: RunParts): Promise<AgentEnd> {
  return runIn(context, await openCheckout(context, agentPath), parts);
}

/** The same in any place. */
export async function runIn(
  context: Context,
  place: RunPlace,
  { model, log, session, acceptsChanges = false, budget = unlimited, gate = openGate, more = [] }: RunParts,
): Promise<AgentEnd> {
  shared ??= createSandbox(context);
  const sandbox = shared;
  const runnable = await readRunnable(place.manifest, await missingTools(place, sandbox));
  if (!runnable.ok || runnable.manifest.kind !== 'Agent') throw new Error(JSON.stringify(runnable.findings));
  const { conditions, choices, declared, loop, answer } = runnable;
  const withMore = (ids: readonly string[]) => [...ids, ...more.map(({ id }) => id)];
  const subagents = runnable.manifest.subagents.map((one) => ({ ...one, tools: withMore(one.tools) }));
  const manifest = { ...runnable.manifest, tools: withMore(runnable.manifest.tools), subagents };
  const opened = await openTools(context, place, { manifest, declared, sandbox });
  const { surroundings, close } = opened;
  const tools = [...opened.tools, ...more];
  const program = await planProgram(context, place, loop, sandbox);
  try {
    return await runAgent(context, {
      ...{ manifest, conditions, model, budget, openTokenCounter, log, session, tools, surroundings },
      desk: await openDesk(context, place, choices),
      ...{ target: place.target, title: place.title, deadline: undefined },
      ...{ source: sourceOf(context, place.manifest, runnable), acceptsChanges, gate },
      ...{ answer, program, onIteration: () => undefined },
    });
  } finally {
    await close();
  }
}
