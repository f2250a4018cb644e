import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JudgedBundle } from '../../../../components/decide/judging.ts';
import { openRepository } from '../../../../components/git/objects.ts';
import { once } from '../../../../components/kernel/once.ts';
import type { Model } from '../../../../components/models/types.ts';
import { createBudget } from '../../../../components/session/budget/budget.ts';
import { endOfAgent } from '../../../../components/session/result.ts';
import { runAgent } from '../../../../components/session/run-agent.ts';
import type { Tool } from '../../../../components/tools/types.ts';
import { openDesk } from '../../../../scripts/wire/run-desk.ts';
import { writeFiles } from '../../../../scripts/wire/run-files.ts';
import { sourceOf } from '../../../../scripts/wire/run-manifest.ts';
import type { RunPlace } from '../../../../scripts/wire/run-place.ts';
import { openTools } from '../../../../scripts/wire/run-tools.ts';
import { directoryStore } from '../../../stores/support.ts';
import { judge, readOnce } from './decided.ts';
import { agentPath } from './manifest.ts';
import type { Planted } from './places.ts';
import type { Shop } from './shop.ts';

export interface Asked {
  readonly planted: Planted;
  /** Folder of the repository, and the commits of the change. */
  readonly repository: string;
  readonly base: string;
  readonly head: string;
  /** The manifest that runs, and that of the target branch. */
  readonly manifest: string;
  readonly target: string;
  readonly model: Model;
  /** Whether nobody denies anything: neither policies to its steps, nor the deciding side to what it proposes. */
  readonly isUnguarded?: boolean;
}

/** What a session did, and what the deciding side makes of it. */
export interface Ran {
  readonly judged: JudgedBundle;
  /** Tools that were really run, with what they were given. */
  readonly called: readonly { readonly tool: string; readonly input: unknown }[];
  /** Programs that were started, addresses that were fetched, logs that were read. */
  readonly reached: readonly string[];
  /** What is left of it. */
  readonly left: Readonly<Record<'proposals' | 'result' | 'records', string>>;
  readonly outcome: string;
}

const unlimited = createBudget({
  limits: {
    request: { inputTokens: undefined, outputTokens: undefined, tokens: undefined },
    session: { tokens: undefined, costPicoUsd: undefined },
    day: undefined,
  },
  ...{ price: undefined, ledger: undefined },
});

/** A session as a job of the trusted project has it, with the real belt, policies, filters and desk, and the decision about it. */
export async function runSession(shop: Shop, sessions: string, asked: Asked): Promise<Ran> {
  const { context, sandbox } = shop;
  const { manifest: text, target, planted } = asked;
  const reached: string[] = [];
  const place = await placeOf(shop, asked, reached);
  const { runnable, manifest, gate, policies } = await readOnce(
    context,
    text,
    target,
    asked.isUnguarded === true,
  );
  const { declared, choices, conditions } = runnable;
  const watched = {
    ...sandbox,
    run: (run: Parameters<typeof sandbox.run>[0]) => {
      reached.push(`run ${run.command.join(' ')}`);
      return sandbox.run(run);
    },
  };
  const url = planted.remote?.url;
  const way = url === undefined ? undefined : await shop.remote.open(context, url);
  const parts = { manifest, declared, sandbox: watched };
  const opened = await openTools(context, place, {
    ...{ ...parts, ...(way === undefined ? {} : { openServer: async () => way }) },
  });
  const called: Ran['called'][number][] = [];
  const watch = (tool: Tool): Tool => ({
    ...tool,
    run: (input, surroundings) => {
      called.push({ tool: tool.id, input });
      return tool.run(input, surroundings);
    },
  });
  const store = directoryStore(context, sessions);
  const id = randomUUID();
  const log = await store.open(id, 'begin');
  try {
    const end = await runAgent(context, {
      ...{ manifest, conditions, model: asked.model, budget: unlimited, log, session: id, gate },
      ...{ tools: opened.tools.map(watch), surroundings: opened.surroundings },
      openTokenCounter: async () => (one) => one.length,
      desk: await openDesk(context, place, choices),
      ...{ target: place.target, title: planted.title, deadline: undefined, acceptsChanges: false },
      source: sourceOf(context, place.manifest, runnable),
      onIteration: () => undefined,
    });
    const { rung } = shop;
    const folder = join(sessions, `out-${id}`);
    const ran = { id, epoch: log.epoch, head: '1:x', rung, store, end: endOfAgent(end) };
    await writeFiles(context, folder, place, runnable, ran);
    await log.close();
    const proposals = readFileSync(join(folder, 'proposals.json'));
    const judging = { ...policies, head: asked.head, lines: await place.repository.readDiff() };
    return {
      ...{ called, reached, outcome: end.outcome },
      judged: judge(proposals, judging),
      left: {
        proposals: proposals.toString(),
        result: readFileSync(join(folder, 'result.json'), 'utf8'),
        records: JSON.stringify((await store.read(id)).records),
      },
    };
  } finally {
    await opened.close();
    await way?.close();
  }
}

async function placeOf(
  shop: Shop,
  { planted, repository: folder, base, head, manifest }: Asked,
  reached: string[],
): Promise<RunPlace> {
  const opened = await openRepository(shop.context, folder, { base, head });
  // The desk, the tool and the decision ask for the same: git is started once.
  const whole = once(() => opened.readDiff());
  const repository = {
    ...opened,
    readDiff: (path?: string) => (path === undefined ? whole() : opened.readDiff(path)),
  };
  const jobs = [
    {
      id: 1,
      name: planted.job,
      stage: 'test',
      status: 'failed',
      failureReason: 'script_failure',
      allowFailure: false,
    },
  ];
  const facts = {
    ...{ iid: 7, title: 'A change', description: undefined, isCut: false, labels: [], author: 'mallory' },
    ...{ sourceBranch: 'change', targetBranch: 'main', state: 'opened', draft: false, ...planted.facts },
  };
  return {
    ...{ manifest: { path: agentPath, text: manifest }, repository, title: planted.title },
    target: { base, head, mergeRequest: { project: 1, iid: 7 } },
    tools: {
      missing: {},
      surroundings: {
        repository,
        mergeRequest: async () => facts,
        jobs: { list: async () => jobs },
        jobLogs: {
          list: async () => jobs,
          read: async (job) => {
            reached.push(`log ${job}`);
            return planted.log;
          },
        },
        egress: {
          allow: [shop.page],
          fetch: (url) => {
            reached.push(`fetch ${url}`);
            return shop.fetch(url);
          },
        },
      },
    },
    checkout: () => shop.checkout(planted),
    programs: () => shop.checkout(planted),
    ...{ isDecided: true, deadline: undefined, close: async () => undefined },
    ask: () => Promise.reject(new Error('it is asked here')),
  };
}
