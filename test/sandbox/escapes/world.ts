import { spawn } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { SandboxLimits, SandboxResult, SandboxRun } from '../../../components/sandbox/types.ts';
import { atEnd } from '../../support/at-end.ts';
import { workspace } from '../../support/workspace.ts';
import { bash } from '../real.ts';
import { type Attempt, planAttempts } from './attempts.ts';

/** What lies around a sandbox for a script to get at. */
export interface World {
  readonly root: string;
  /** In the file, in the environment and in the arguments of processes of this machine. */
  readonly canary: string;
  readonly secret: string;
  /** Number of the process that has it in its environment. */
  readonly number: number;
  /** Of a server on the loopback interface. */
  readonly port: number;
  /** Names of sockets of this machine: one in no folder, and one in a folder. */
  readonly abstract: string;
  readonly path: string;
}

export async function makeWorld(): Promise<World> {
  const canary = `canary${crypto.randomUUID().replaceAll('-', '')}`;
  const outside = workspace({ secret: canary });
  const root = workspace({ 'a.txt': 'hello', '.git/config': canary });
  symlinkSync(join(outside, 'secret'), join(root, 'link'));
  symlinkSync(outside, join(root, 'folder'));
  const holder = spawn('sleep', ['300'], {
    env: { SECRET: canary, PATH: process.env.PATH },
    stdio: 'ignore',
  });
  atEnd(() => holder.kill('SIGKILL'));
  const [abstract, path] = [`pipewright-${canary}`, join(outside, 'socket')];
  const listen = (where: object) =>
    new Promise<number>((resolve) => {
      const server = createServer((socket) => socket.end('reached'));
      server.listen(where, () => {
        const address = server.address();
        resolve(typeof address === 'object' ? (address?.port ?? 0) : 0);
      });
      atEnd(() => void server.close());
    });
  const port = await listen({ port: 0, host: '127.0.0.1' });
  await listen({ path: `\0${abstract}` });
  await listen({ path });
  return { root, canary, secret: join(outside, 'secret'), number: holder.pid ?? 0, port, abstract, path };
}

export interface Tried extends Attempt {
  readonly exitCode: number;
  readonly said: string;
  /** Got out, or was refused otherwise than it should be. */
  readonly outcome: 'escaped' | 'refused' | 'unclear';
}

/** Tries all in one start of a sandbox, one after the other, each in a shell of its own. */
export async function tryAll(world: World): Promise<Tried[]> {
  const attempts = planAttempts(world);
  const files = Object.fromEntries(attempts.map(({ script }, index) => [`attempt-${index}`, script]));
  for (const [name, script] of Object.entries(files)) writeFileSync(join(world.root, name), script);
  const all = `for ((n = 0; n < ${attempts.length}; n++)); do
    said=$(timeout 5 bash ./attempt-$n 2>&1 </dev/null); printf '%s\\t%s\\t%s\\0' $n $? "\${said:0:300}"
  done 2>/dev/null`;
  const { stdout, exitCode } = await bash(all, { root: world.root });
  const lines = stdout.split('\0').slice(0, -1);
  if (lines.length !== attempts.length)
    throw new Error(`${lines.length} of ${attempts.length} ended, exit ${exitCode}`);
  return lines.map((line, index) => judge(attempts[index] as Attempt, line));
}

function judge(attempt: Attempt, line: string): Tried {
  const [, code = '', said = ''] = /^\d+\t(\d+)\t(.*)$/s.exec(line) ?? [];
  const exitCode = Number(code);
  const outcome = exitCode === 0 ? 'escaped' : attempt.refused.test(said) ? 'refused' : 'unclear';
  return { ...attempt, exitCode, said, outcome };
}

export interface Exhausting {
  readonly name: string;
  readonly script: string;
  readonly limits: Partial<SandboxLimits>;
  readonly ends: (result: SandboxResult) => boolean;
}

const mebibyte = 1024 * 1024;

/** What takes a sandbox down with it, so that each has one of its own. */
export const exhausting: readonly Exhausting[] = [
  ...(
    [
      [
        'a fork bomb',
        'f() { if (( $1 )); then f $(( $1 - 1 )) & f $(( $1 - 1 )) & wait; else sleep 60; fi; }; f 9',
        { processes: 40 },
        'processes',
      ],
      [
        'many threads that sleep',
        'for i in {1..500}; do sleep 60 & done; wait',
        { processes: 40 },
        'processes',
      ],
      [
        'much memory',
        `for i in {1..8}; do { printf -v x %0${24 * mebibyte}d 0; sleep 60; } & done; wait`,
        { memory: 64 * mebibyte },
        'memory',
      ],
      [
        'memory in files',
        'head -c 40M /dev/zero >/tmp/x; for i in {1..8}; do { printf -v x %020000000d 0; sleep 60; } & done; wait',
        { memory: 64 * mebibyte, scratch: 48 * mebibyte },
        'memory',
      ],
      ['endless output', 'exec yes', { output: 10_000 }, 'output'],
      ['no end', 'trap "" TERM INT HUP; while :; do sleep 60; done', { timeout: 500 }, 'timeout'],
      ['a stopped process', 'kill -STOP $$', { timeout: 500 }, 'timeout'],
      ['processor time', 'while :; do :; done', { cpu: 400 }, 'cpu'],
    ] as const
  ).map(([name, script, limits, limit]) => ({
    name,
    script,
    limits,
    ends: (result: SandboxResult) => result.exceeded === limit,
  })),
  {
    name: 'a large file',
    script: 'head -c 9000 /dev/zero >/tmp/x',
    limits: { fileSize: 8192 },
    ends: ({ exitCode }) => exitCode === 153,
  },
  {
    name: 'many open files',
    script: 'for ((i = 10; i < 200; i++)); do eval "exec $i</dev/null" || exit 9; done',
    limits: { files: 64 },
    ends: ({ exitCode }) => exitCode !== 0,
  },
];

export function tryExhausting(
  { script, limits }: Exhausting,
  change: Partial<Omit<SandboxRun, 'limits'>> = {},
): Promise<SandboxResult> {
  return bash(script, { ...change, limits });
}
