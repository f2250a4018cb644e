import { randomUUID } from 'node:crypto';
import type { ModelTurn } from '../../components/models/types.ts';
import { answerSession } from '../../components/session/person-answer.ts';
import type { AgentEnd } from '../../components/session/run-agent.ts';
import type { Oversight } from '../../components/session/types.ts';
import { openCheckout } from '../../scripts/wire/run-checkout.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { runIn } from './agents.ts';
import { agentPath, agentYaml, repository, scripted } from './support.ts';

export const none: Oversight = {
  ...{ approval: { from: undefined, names: [] }, allowed: undefined, blocked: [], stopsOnDenial: false },
  ...{ callsOfTurn: undefined, callsOfSession: undefined, perMinute: undefined, perHour: undefined },
};

/** Runs turns in one job after the other; between them it is answered. */
export async function jobs(
  more: string,
  turns: readonly ModelTurn[],
  answers: readonly ((end: AgentEnd) => string)[],
) {
  const context = testContext(repository({ [agentPath]: agentYaml() }));
  const manifest = { path: agentPath, text: agentYaml({ more }) };
  const place = { ...(await openCheckout(context, agentPath)), manifest };
  const [store, session] = [directoryStore(context, workspace()), randomUUID()];
  const ends: AgentEnd[] = [];
  for (let job = 0; job <= answers.length; job += 1) {
    const log = await store.open(session, job === 0 ? 'begin' : 'resume');
    try {
      const [last, answer] = [ends.at(-1), answers[job - 1]];
      if (last !== undefined && answer !== undefined)
        await answerSession(log, session, { text: answer(last) });
      ends.push(await runIn(context, place, { model: scripted(turns), log, session }));
    } finally {
      await log.close();
    }
  }
  return ends;
}

export const result = (end: AgentEnd | undefined) =>
  end?.state.messages.flatMap((message) =>
    message.role === 'tool' ? [[message.failed, message.text]] : [],
  ) ?? [];
