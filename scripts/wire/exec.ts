import { type ChildProcess, spawn } from 'node:child_process';
import type { Exec, ExecOptions, ExecResult } from '../../components/kernel/context.ts';
import { processErrors } from '../../components/kernel/errors.ts';

const defaultMaxBytes = 64 * 1024 * 1024;
const killGraceMilliseconds = 5_000;

/**
 * Starts programs in process groups of their own, so that a cancelled command leaves none behind: SIGTERM to the
 * group, SIGKILL five seconds later, or to what is left of it when the program has ended.
 */
export function createExec(cancel: AbortSignal): Exec {
  return (program, args, options) =>
    new Promise((resolve, reject) => {
      cancel.throwIfAborted();
      const child = spawn(program, args, {
        cwd: options.cwd,
        env: { ...options.env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const run = watch(child, program, options, cancel);
      child.once('error', (error) => {
        run.end();
        reject(processErrors.PROGRAM_MISSING({ program, reason: error.message }, error));
      });
      child.once('close', (exitCode, signal) => {
        run.end();
        if (run.failure !== undefined) reject(run.failure);
        else if (cancel.aborted) reject(cancel.reason);
        else resolve({ exitCode, signal, ...run.result() });
      });
    });
}

interface Watch {
  failure: Error | undefined;
  readonly result: () => Pick<ExecResult, 'stdout' | 'stderr' | 'timedOut'>;
  readonly end: () => void;
}

function watch(child: ChildProcess, program: string, options: ExecOptions, cancel: AbortSignal): Watch {
  const limit = options.maxBytes ?? defaultMaxBytes;
  const text = { stdout: '', stderr: '' };
  const timers: NodeJS.Timeout[] = [];
  let timedOut = false;
  let stopped = false;
  const stop = () => {
    stopped = true;
    killGroup(child, 'SIGTERM');
    timers.push(setTimeout(() => killGroup(child, 'SIGKILL'), killGraceMilliseconds));
  };
  const state: Watch = {
    failure: undefined,
    result: () => ({ ...text, timedOut }),
    end: () => {
      // Its children may have ignored the signal that ended the program.
      if (stopped) killGroup(child, 'SIGKILL');
      for (const timer of timers) clearTimeout(timer);
      cancel.removeEventListener('abort', stop);
    },
  };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (piece: string) => {
      if (text[stream].length + piece.length > limit) {
        state.failure ??= processErrors.OUTPUT_TOO_LARGE({ program, limit });
        killGroup(child, 'SIGKILL');
        return;
      }
      text[stream] += piece;
      options.onOutput?.(stream, piece);
    });
  }
  cancel.addEventListener('abort', stop, { once: true });
  if (options.timeout !== undefined) {
    timers.push(
      setTimeout(() => {
        timedOut = true;
        stop();
      }, options.timeout),
    );
  }
  return state;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}
