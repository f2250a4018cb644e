import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { digestBytes, type JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import { recordLine } from '../../components/models/cassette.ts';
import type { Model, ModelTurn } from '../../components/models/types.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import { type AgentEnd, runAgent } from '../../components/session/run-agent.ts';
import type { SessionLog } from '../../components/stores/types.ts';
import { tools } from '../../components/tools/registry.gen.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { readRunnable } from '../../scripts/wire/run-manifest.ts';
import type { RunPlace } from '../../scripts/wire/run-place.ts';
import { directoryStore } from '../stores/support.ts';
import type { CliRun } from '../support/cli.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';

export const agentPath = 'agents/reviewer.ossa.yaml';

interface AgentParts {
  readonly completion?: string;
  readonly tools?: string;
  readonly role?: string;
  readonly extensions?: string;
}

/** An agent that may read all, and propose a note and an issue. */
export function agentYaml({
  completion = 'default_signal: complete',
  tools:
    named = '[{type: function, name: read_diff}, {type: function, name: read_file}, {type: function, name: list_files}]',
  role = 'You review one change.',
  extensions = '{pipewright: {proposals: {note: {topics: [review]}, issue: {max: 2}}}}',
}: AgentParts = {}): string {
  return `apiVersion: ossa/v0.3.5
kind: Agent
metadata: {name: reviewer, version: 1.0.0}
spec:
  role: ${role}
  llm: {provider: anthropic, model: claude-sonnet, temperature: 0}
  tools: ${named}
  completion:
    ${completion.replaceAll('\n', '\n    ')}
extensions: ${extensions}
`;
}

/** A repository with main, and a branch checked out that changes `src/price.ts`. */
export function repository(files: Readonly<Record<string, string>>): string {
  const cwd = workspace({ 'src/price.ts': 'export const vat = 0.19;\n', ...files });
  commitAll(cwd);
  git(cwd, 'switch', '--quiet', '--create', 'feature');
  writeFiles(cwd, { 'src/price.ts': 'export const vat = 19;\n' });
  git(cwd, 'commit', '--quiet', '--all', '--message', 'change');
  return cwd;
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

/** Runs an agent of a checkout against a model, with nothing of the command around it. */
export async function runWith(
  context: Context,
  { model, log, session }: { readonly model: Model; readonly log: SessionLog; readonly session: string },
): Promise<AgentEnd> {
  return runIn(context, await openCheckout(context, agentPath), { model, log, session });
}

/** The same in any place. */
async function runIn(
  context: Context,
  place: RunPlace,
  { model, log, session }: { readonly model: Model; readonly log: SessionLog; readonly session: string },
): Promise<AgentEnd> {
  const runnable = await readRunnable(place.manifest);
  if (!runnable.ok || runnable.manifest.kind !== 'Agent') throw new Error(JSON.stringify(runnable.findings));
  const { manifest, conditions, choices } = runnable;
  return runAgent(context, {
    ...{ manifest, conditions, model, log, session, tools, desk: createDesk(choices) },
    ...{ target: place.target, repository: place.repository, title: place.title, deadline: undefined },
    source: { path: place.manifest.path, digest: digestBytes(place.manifest.text) },
    onIteration: () => undefined,
  });
}

/** Records `turns.jsonl` by running the agent of a checkout against a scripted model. */
export async function record(cwd: string, turns: readonly ModelTurn[]): Promise<void> {
  const context = testContext(cwd);
  writeFileSync(
    join(cwd, 'turns.jsonl'),
    await recordIn(context, await openCheckout(context, agentPath), turns),
  );
}

/** What a cassette holds of an agent's run in a place against a scripted model. */
export async function recordIn(
  context: Context,
  place: RunPlace,
  turns: readonly ModelTurn[],
): Promise<string> {
  const session = randomUUID();
  const log = await directoryStore(context, join(workspace(), 'sessions')).open(session, 'begin');
  const lines: string[] = [];
  await runIn(context, place, { log, session, model: scripted(turns, (line) => lines.push(line)) });
  await log.close();
  return lines.join('');
}

export const runArguments = ['run', `--agent=${agentPath}`, '--cassette=turns.jsonl'];

export function sessionOf({ stdout }: CliRun): string {
  const id = /^session (\S+), job/m.exec(stdout)?.[1];
  expect(id, stdout).toBeDefined();
  return id ?? '';
}

export function readOutput(cwd: string, name: 'result' | 'proposals') {
  return JSON.parse(readFileSync(join(cwd, `.pipewright/run/pipewright/${name}.json`), 'utf8'));
}

/** Everything the log of a session holds, as text. */
export async function logText(cwd: string, session: string): Promise<string> {
  const store = directoryStore(testContext(cwd), '.pipewright/sessions');
  return JSON.stringify((await store.read(session)).records);
}
