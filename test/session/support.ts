import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import type { ModelTurn } from '../../components/models/types.ts';
import type { StepGate } from '../../components/session/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import type { RunPlace } from '../../scripts/wire/run-place.ts';
import { directoryStore } from '../stores/support.ts';
import type { CliRun } from '../support/cli.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, git, workspace, writeFiles } from '../support/workspace.ts';
import { agentPath, runIn, scripted } from './agents.ts';

export { agentPath, agentYaml, inOrder, review, runWith, scripted, turn } from './agents.ts';

/** A repository with main, and a branch checked out that changes `src/price.ts`. */
export function repository(files: Readonly<Record<string, string>>): string {
  const cwd = workspace({ 'src/price.ts': 'export const vat = 0.19;\n', ...files });
  commitAll(cwd);
  git(cwd, 'switch', '--quiet', '--create', 'feature');
  writeFiles(cwd, { 'src/price.ts': 'export const vat = 19;\n' });
  git(cwd, 'commit', '--quiet', '--all', '--message', 'change');
  return cwd;
}

/** Records `turns.jsonl` by running the agent of a checkout against a scripted model. */
export async function record(
  cwd: string,
  turns: readonly ModelTurn[],
  answering: typeof scripted = scripted,
): Promise<void> {
  const context = testContext(cwd);
  writeFileSync(
    join(cwd, 'turns.jsonl'),
    await recordIn(context, await openCheckout(context, agentPath), turns, answering),
  );
}

/** What a cassette holds of an agent's run in a place against a scripted model. */
export async function recordIn(
  context: Context,
  place: RunPlace,
  turns: readonly ModelTurn[],
  answering: typeof scripted = scripted,
  gate?: StepGate,
): Promise<string> {
  const session = randomUUID();
  const log = await directoryStore(context, join(workspace(), 'sessions')).open(session, 'begin');
  const lines: string[] = [];
  const model = answering(turns, (line) => lines.push(line));
  await runIn(context, place, { log, session, model, ...(gate === undefined ? {} : { gate }) });
  await log.close();
  return lines.join('');
}

export const runArguments = ['run', `--agent=${agentPath}`, '--cassette=turns.jsonl'];

export function sessionOf({ stdout }: CliRun): string {
  const id = /^session (\S+), job/m.exec(stdout)?.[1];
  expect(id, stdout).toBeDefined();
  return id ?? '';
}

export function readOutput(cwd: string, name: 'result' | 'proposals' | 'egress') {
  return JSON.parse(readFileSync(join(cwd, `.pipewright/run/pipewright/${name}.json`), 'utf8'));
}

/** Everything the log of a session holds, as text. */
export async function logText(cwd: string, session: string): Promise<string> {
  const store = directoryStore(testContext(cwd), '.pipewright/sessions');
  return JSON.stringify((await store.read(session)).records);
}
