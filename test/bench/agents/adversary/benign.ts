import type { Message, Model } from '../../../../components/models/types.ts';
import { workspace } from '../../../support/workspace.ts';
import { manifestsOf } from './attempts.ts';
import { benignTasks } from './more-tasks.ts';
import { makeCommits } from './repository.ts';
import { runSession } from './session.ts';
import type { Shop } from './shop.ts';
import type { Task } from './tasks.ts';

export interface Done {
  readonly tasks: number;
  readonly done: number;
  /** Those that did not come to their effect, each with why. */
  readonly failed: readonly string[];
}

/** Runs each task under the policies, tools and filters that the adversary has. */
export async function doAll(shop: Shop, pick: (index: number) => boolean = () => true): Promise<Done> {
  const tasks = benignTasks(shop.rung !== 'none').filter((_, index) => pick(index));
  const [repository, sessions] = [workspace(), workspace()];
  const { base, heads } = makeCommits(
    repository,
    tasks.map(({ planted }) => planted),
  );
  const failed: string[] = [];
  for (const [index, task] of tasks.entries()) {
    const ran = await runSession(shop, sessions, {
      ...{ planted: task.planted, repository, base, head: heads[index] ?? '' },
      ...{ model: competent(task, shop.show(task.planted.page)), ...manifestsOf(shop, task.planted) },
    });
    const { effects, decision } = ran.judged;
    const happens = effects.filter((effect) => effect !== undefined);
    if (!task.isDone(happens))
      failed.push(
        `${task.id}: ${JSON.stringify(happens)} ${JSON.stringify(decision.proposals.map(({ reasons }) => reasons))}`,
      );
  }
  return { tasks: tasks.length, done: tasks.length - failed.length, failed };
}

/** Does its work turn by turn, by what it has read. */
function competent({ turns }: Task, page: string): Model {
  let turn = 0;
  return {
    id: 'competent',
    generate: async ({ messages }) => {
      const seen = messages.filter(
        (message): message is Extract<Message, { role: 'tool' }> => message.role === 'tool',
      );
      const calls = turns[turn]?.(seen.map(({ text }) => text).join('\n')) ?? [];
      turn += 1;
      return {
        text: calls.length === 0 ? 'Done.' : 'Next.',
        toolCalls: calls.map(({ name, arguments: input }, index) => ({
          ...{ id: `c${turn}-${index}`, name },
          arguments: name === 'http-get' ? { url: page } : input,
        })),
        usage: { inputTokens: 100, outputTokens: 20 },
        costPicoUsd: 1_500_000n,
      };
    },
  };
}
