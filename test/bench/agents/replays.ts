import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { apis, startMock } from '../../models/live/support.ts';
import { agentPath, agentYaml } from '../../session/agents.ts';
import { closeAll } from '../../support/at-end.ts';
import { pipewright } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { type Figure, figure } from '../figure.ts';

const key = 'key-of-a-provider-1234567890';

/**
 * Records runs of agents against all wire formats of aimock, then replays each in one process whose system calls are traced: its
 * result and its proposals must be those of the recording, and nothing may open a socket of the internet.
 */
export async function measureReplays(runs: number): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'pipewright-bench-replays-'));
  try {
    const recorded: string[] = [];
    for (let run = 0; run < runs; run += 1) recorded.push(await recordRun(join(folder, String(run)), run));
    writeFileSync(
      join(folder, 'list.json'),
      JSON.stringify(recorded.map((result, run) => [join(folder, String(run)), result])),
    );
    const trace = join(folder, 'trace');
    const child = [process.execPath, resolve('test/bench/agents/replay-child.ts'), join(folder, 'list.json')];
    const traced = spawnSync(
      'strace',
      ['-f', '--seccomp-bpf', '-qq', '-e', 'trace=socket,connect', '-o', trace, ...child],
      {
        encoding: 'utf8',
      },
    );
    if (traced.status !== 0) throw new Error(`the replays ended with ${traced.status}: ${traced.stderr}`);
    const same = Number(traced.stdout.trim());
    const calls = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => /AF_INET/.test(line));
    return [
      figure({
        ...{ id: 'replays-identical', value: same, unit: `of ${runs}`, better: 'higher', goal: runs },
        against: `recordings of ${apis.length} wire formats`,
      }),
      figure({
        ...{ id: 'sockets-opened-by-replays', value: calls.length, unit: 'calls', better: 'lower', goal: 0 },
        against:
          'strace: socket and connect of the process and all it starts, AF_INET and AF_INET6 (bubblewrap speaks AF_NETLINK in a namespace of its own)',
      }),
    ];
  } finally {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run of its own: how many turns it has, what is said and proposed in each. Gives what is compared. */
async function recordRun(cwd: string, run: number): Promise<string> {
  const api = apis[run % apis.length] ?? apis[0];
  const turns = 1 + (run % 4);
  const yaml = agentYaml().replace('provider: anthropic', `provider: ${api.name}`);
  writeFiles(cwd, { [agentPath]: yaml, [`src/${run}.ts`]: `export const a = ${run};\n` });
  commitAll(cwd);
  const mock = await startMock();
  for (let turn = 0; turn < turns; turn += 1) {
    const note = { name: 'propose_note', arguments: JSON.stringify({ body: `Note ${turn} of ${run}: ✓` }) };
    const list = {
      name: turn % 2 === 0 ? 'list-files' : 'read-file',
      arguments: turn % 3 === 2 ? '{bad' : '{}',
    };
    const toolCalls = [list, note].map((call, index) => ({ ...call, id: `call_${turn}_${index}` }));
    const usage = { input_tokens: 100 + run, output_tokens: 10 + turn };
    mock.on({ turnIndex: turn }, { content: `turn ${turn} of ${run}`, toolCalls, usage });
  }
  mock.on({ turnIndex: turns }, { content: 'Done.' });
  const args = [`--model-url=${mock.url}${api.path}`, `--model-api=${api.protocol}`, '--record=turns.jsonl'];
  const env = { [api.key]: key };
  const { exitCode, stderr } = await pipewright(['run', `--agent=${agentPath}`, ...args], { cwd, env });
  if (exitCode !== 0) throw new Error(`recording ${run} ended with ${exitCode}: ${stderr}`);
  await closeAll();
  return comparable(cwd);
}

/** Result and proposals of the last run, without what is of one job: its session and its time. */
export function comparable(cwd: string): string {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(cwd, `.pipewright/run/pipewright/${name}.json`), 'utf8'));
  const { session: _, usage, ...result } = read('result');
  const { proposals } = read('proposals');
  return JSON.stringify([result, { ...usage, elapsedMs: 0 }, proposals]);
}
