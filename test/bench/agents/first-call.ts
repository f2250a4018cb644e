import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agentPath, agentYaml } from '../../session/agents.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type Figure, figure } from '../figure.ts';

const entry = resolve('dist/main.js');

/** Seconds from the start of the program to the moment its first request is at the model's server. */
export async function measureFirstCall(rounds: number): Promise<readonly Figure[]> {
  const cwd = mkdtempSync(join(tmpdir(), 'pipewright-bench-agents-'));
  writeFiles(cwd, { [agentPath]: agentYaml(), 'src/a.ts': 'export const a = 1;\n' });
  commitAll(cwd);
  let onRequest: () => void = () => undefined;
  const server = createServer((_request, response) => {
    onRequest();
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const args = ['run', `--agent=${agentPath}`, `--model-url=http://127.0.0.1:${port}/v1`];
  const env = { PATH: process.env.PATH, HOME: cwd, ANTHROPIC_API_KEY: 'none-at-all' };
  try {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const start = performance.now();
      let asked = Number.NaN;
      onRequest = () => {
        asked = performance.now() - start;
      };
      const child = spawn(process.execPath, [entry, ...args], { cwd, env, stdio: 'ignore' });
      await new Promise((done) => child.once('close', done));
      if (Number.isNaN(asked)) throw new Error('the model was not asked');
      if (round > 0) times.push(asked / 1_000);
    }
    return [
      figure({
        ...{
          id: 'start-to-first-model-call',
          value: Math.min(...times),
          unit: 's',
          better: 'lower',
          goal: 2,
        },
        against: `${rounds} jobs, ${Math.min(...times).toFixed(2)} to ${Math.max(...times).toFixed(2)} s`,
      }),
    ];
  } finally {
    server.close();
    rmSync(cwd, { recursive: true, force: true });
  }
}
