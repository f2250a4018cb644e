import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Model } from '../../components/models/types.ts';
import type { AgentEnd } from '../../components/session/run-agent.ts';
import { runIn } from '../session/agents.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { type Case, openCase } from './cases.ts';

/** Runs the agent of a case against a model. */
export async function runCase(one: Case<unknown>, model: Model): Promise<AgentEnd> {
  const { cwd, place } = await openCase(one);
  const context = testContext(cwd);
  const session = randomUUID();
  const log = await directoryStore(context, join(workspace(), 'sessions')).open(session, 'begin');
  try {
    return await runIn(context, place, { log, session, model });
  } finally {
    await log.close();
  }
}
