import { type ChildProcess, spawn } from 'node:child_process';
import { Duplex, Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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
        stdio: [
          ...([options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const),
          ...(options.descriptors ?? []).map(() => 'pipe' as const),
        ],
      });
      const run = watch(child, program, options, cancel);
      if (options.input !== undefined && child.stdin !== null) feed(child.stdin, options.input);
      connect(child, options.descriptors ?? []);
      child.once('error', (error) => {
        run.end();
        reject(processErrors.PROGRAM_MISSING({ program, reason: error.message }, error));
      });
      child.once('close', async (exitCode, signal) => {
        await run.taken;
        run.end();
        if (run.failure !== undefined) reject(run.failure);
        else if (cancel.aborted) reject(cancel.reason);
        else resolve({ exitCode, signal, ...run.result() });
      });
    });
}

/** A program that ends without reading all of its input has its own reason, and its exit code tells it. */
function feed(stdin: Writable, input: AsyncIterable<Uint8Array> | string): void {
  pipeline(typeof input === 'string' ? Readable.from([input]) : Readable.from(input), stdin).catch(() =>
    stdin.destroy(),
  );
}

/** Node makes a socket of each, which goes both ways: what goes the other way is let go, or it would never be closed. */
function connect(child: ChildProcess, descriptors: NonNullable<ExecOptions['descriptors']>): void {
  for (const [index, descriptor] of descriptors.entries()) {
    const stream = child.stdio[3 + index];
    if (!(stream instanceof Duplex)) continue;
    // Who closes it without reading has its own reason, and its exit code tells it.
    stream.on('error', () => stream.destroy());
    if (typeof descriptor === 'function') stream.setEncoding('utf8').on('data', descriptor);
    else stream.resume().end(descriptor);
  }
}

/**
 * Hands on one piece after another, the next when the last is done with. A loop, since Node lets a paused stream flow
 * again once its program has ended, and the last pieces would come at once.
 */
async function take(stdout: Readable, onBytes: NonNullable<ExecOptions['onBytes']>): Promise<void> {
  for await (const bytes of stdout) await onBytes(bytes);
}

interface Watch {
  failure: Error | undefined;
  /** Settles when all output has been handed on. */
  taken: Promise<void> | undefined;
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
    taken: undefined,
    result: () => ({ ...text, timedOut }),
    end: () => {
      // Its children may have ignored the signal that ended the program.
      if (stopped) killGroup(child, 'SIGKILL');
      for (const timer of timers) clearTimeout(timer);
      cancel.removeEventListener('abort', stop);
      options.cancel?.removeEventListener('abort', stop);
    },
  };
  const { onBytes } = options;
  if (onBytes !== undefined && child.stdout !== null) {
    state.taken = take(child.stdout, onBytes).catch((error: Error) => {
      state.failure ??= error;
      stop();
    });
  }
  for (const stream of onBytes === undefined ? (['stdout', 'stderr'] as const) : (['stderr'] as const)) {
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
  if (options.cancel?.aborted) stop();
  options.cancel?.addEventListener('abort', stop, { once: true });
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
