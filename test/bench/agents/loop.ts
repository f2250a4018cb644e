import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAnthropic } from '@ai-sdk/anthropic';
import { generateText, isStepCount, jsonSchema, tool } from 'ai';
import { createDirectoryStore } from '../../../components/stores/directory.ts';
import { createSessionStore } from '../../../components/stores/log/open.ts';
import { apis, openApi, startMock } from '../../models/live/support.ts';
import { agentPath, agentYaml, runWith } from '../../session/agents.ts';
import { closeAll } from '../../support/at-end.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type Figure, figure } from '../figure.ts';

const [anthropic] = apis;
const usage = { input_tokens: 100, output_tokens: 10 };

/** Milliseconds an iteration of our loop, with records that are durable, takes over one of the AI SDK's, on the same mock. */
export async function measureLoop(iterations: number, rounds: number): Promise<readonly Figure[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'pipewright-bench-agents-'));
  const completion = `default_signal: complete\nmax_iterations: ${iterations + 5}`;
  writeFiles(cwd, { [agentPath]: agentYaml({ completion }), 'src/a.ts': 'export const a = 1;\n' });
  commitAll(cwd);
  try {
    const mock = await startMock();
    // A tool that is done in the process, so that no program that is started is measured.
    const call = { name: 'report', arguments: '{"confidence":0.5}' };
    for (let turn = 0; turn < iterations - 1; turn += 1)
      mock.on({ turnIndex: turn }, { toolCalls: [{ ...call, id: `toolu_${turn}` }], usage });
    mock.on({ turnIndex: iterations - 1 }, { content: 'Done.', usage });
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      const times = [await runOurs(cwd, mock.url), await runTheirs(mock.url, iterations)];
      // The first round loads what both need.
      if (round > 0)
        for (const [index, list] of [ours, theirs].entries()) list.push((times[index] ?? 0) / iterations);
    }
    // The fastest round: whatever else the machine does only adds to one.
    const [own, peer] = [Math.min(...ours), Math.min(...theirs)];
    return [
      figure({
        ...{ id: 'loop-overhead-an-iteration', value: own - peer, unit: 'ms', better: 'lower', goal: 20 },
        against: `AI SDK's own loop ${peer.toFixed(1)} ms, which keeps nothing; ours ${own.toFixed(1)} ms, with durable records`,
      }),
    ];
  } finally {
    await closeAll();
    rmSync(cwd, { recursive: true, force: true });
  }
}

async function runOurs(cwd: string, url: string): Promise<number> {
  const context = testContext(cwd);
  const session = randomUUID();
  const keys = { current: undefined, earlier: [] };
  const store = createSessionStore(context, createDirectoryStore(context, '.pipewright/sessions'), keys);
  const log = await store.open(session, 'begin');
  const model = await openApi(anthropic, { url: `${url}/v1` });
  const start = performance.now();
  const { outcome } = await runWith(context, { model, log, session });
  const took = performance.now() - start;
  await log.close();
  if (outcome !== 'complete') throw new Error(`our loop came to ${outcome}`);
  return took;
}

async function runTheirs(url: string, iterations: number): Promise<number> {
  const create = createAnthropic({ baseURL: `${url}/v1`, apiKey: 'none' });
  const report = tool({
    description: 'Says how far one is.',
    inputSchema: jsonSchema({ type: 'object', properties: { confidence: { type: 'number' } } }),
    execute: async () => 'Noted.',
  });
  const start = performance.now();
  const { steps } = await generateText({
    ...{ model: create('claude-sonnet'), prompt: 'Begin.', tools: { report } },
    maxOutputTokens: 4_096,
    stopWhen: isStepCount(iterations + 5),
  });
  const took = performance.now() - start;
  if (steps.length !== iterations) throw new Error(`the AI SDK made ${steps.length} steps`);
  return took;
}
