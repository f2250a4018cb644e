import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { agentPath, agentYaml, inOrder, runWith, turn } from '../../session/agents.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type Figure, figure, median } from '../figure.ts';

/** Milliseconds an iteration (a turn with one call) takes by a program that is the agent, over one of our own loop. */
export async function measureOtherLoop(iterations: number, rounds: number): Promise<readonly Figure[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'pipewright-bench-agents-'));
  const completion = `default_signal: complete\nmax_iterations: ${iterations + 5}`;
  const loop = '{pipewright: {loop: {entrypoint: agents/loop.mjs}}}';
  writeFiles(cwd, { 'agents/loop.mjs': readFileSync('test/consumer/loop/loop.mjs', 'utf8') });
  const own = agentYaml({ completion, extensions: '{}' });
  const other = agentYaml({ completion, extensions: loop });
  writeFiles(cwd, { [agentPath]: own });
  commitAll(cwd);
  const took = async (yaml: string, turns: number): Promise<number> => {
    writeFiles(cwd, { [agentPath]: yaml });
    const report = turn('', ['report', { confidence: 0.5 }]);
    const model = inOrder([...Array(turns - 1).fill(report), turn('Done.')]);
    const context = testContext(cwd);
    const keys = { current: undefined, earlier: [] };
    const store = createSessionStore(context, createDirectoryStore(context, '.pipewright/sessions'), keys);
    const session = randomUUID();
    const log = await store.open(session, 'begin');
    const start = performance.now();
    const { outcome, reason } = await runWith(context, { model, log, session });
    const time = performance.now() - start;
    await log.close();
    if (outcome !== 'complete') throw new Error(`it came to ${outcome}: ${reason}`);
    return time;
  };
  try {
    const [ours, theirs, starts]: number[][] = [[], [], []];
    for (let round = 0; round <= rounds; round += 1) {
      const [one, oneOfOther] = [await took(own, 1), await took(other, 1)];
      const each = (time: number, first: number) => (time - first) / (iterations - 1);
      const times = [each(await took(own, iterations), one), each(await took(other, iterations), oneOfOther)];
      // The first round loads what both need.
      if (round === 0) continue;
      ours?.push(times[0] ?? 0);
      theirs?.push(times[1] ?? 0);
      starts?.push(oneOfOther - one);
    }
    const [mine, its, start] = [ours, theirs, starts].map((times) => median(times ?? []));
    return [
      figure({
        ...{ id: 'loop-of-another-an-iteration', value: (its ?? 0) - (mine ?? 0), unit: 'ms' },
        ...{ better: 'lower', goal: 20 },
        against: `our own loop ${mine?.toFixed(1)} ms, a program in the sandbox ${its?.toFixed(1)} ms, which records a call by itself; its start adds ${start?.toFixed(0)} ms once`,
      }),
    ];
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
