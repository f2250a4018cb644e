import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import type { ExceededLimit, SandboxLimits } from './types.ts';
import { watchProcesses } from './watch.ts';

export interface Guard {
  /** Kills the program: a limit was exceeded, or someone cancelled. */
  readonly kill: AbortSignal;
  /** What the sandbox waits for before it starts the command: a line when it may, nothing when it may not. */
  readonly permission: AsyncIterable<Uint8Array>;
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Of standard output that is handed on as bytes. */
  readonly onBytes: (bytes: Uint8Array) => void;
  readonly onStatus: (text: string) => void;
  /** Number of the sandbox's first process, as soon as there is one. */
  readonly first: number | undefined;
  /** Undefined where the command was never started. */
  readonly exitCode: number | undefined;
  /** Stops looking, and gives the first limit that was exceeded. Throws what kept it from looking. */
  readonly end: () => Promise<ExceededLimit | undefined>;
}

/**
 * Listens to what bubblewrap says and what comes out, looks at the processes and the clock, and ends all where it is too
 * much. The time runs from here.
 */
export function createGuard(context: Context, limits: SandboxLimits, cancel?: AbortSignal): Guard {
  const [stop, over] = [new AbortController(), new AbortController()];
  const stopped = AbortSignal.any([stop.signal, context.cancel, ...(cancel === undefined ? [] : [cancel])]);
  const begun = Promise.withResolvers<void>();
  const printed = { stdout: 0, stderr: 0 };
  let status = '';
  let exceeded: ExceededLimit | undefined;
  let watching: Promise<void> | undefined;
  const exceed = (limit: ExceededLimit) => {
    exceeded ??= limit;
    stop.abort();
  };
  const count = (stream: keyof typeof printed, bytes: number) => {
    printed[stream] += bytes;
    if (printed[stream] > limits.output) exceed('output');
  };
  const watch = async (first: number) => {
    try {
      const limit = await watchProcesses(context, first, limits, over.signal);
      if (limit !== undefined) exceed(limit);
    } catch (error) {
      stop.abort();
      throw errors.FAILED({ reason: `its processes cannot be counted: ${String(error)}` }, error);
    }
  };
  context.clock.sleep(limits.timeout, over.signal).then(
    () => exceed('timeout'),
    () => undefined,
  );
  // One line of JSON when it has started, one with the exit code when the command has run: bwrap(1), --json-status-fd.
  const said = (name: string) => {
    const number = new RegExp(`"${name}": *(\\d+)[ ,}]`).exec(status)?.[1];
    return number === undefined ? undefined : Number(number);
  };
  return {
    kill: stopped,
    permission: permit(begun.promise, stopped),
    onOutput: (stream, text) => count(stream, Buffer.byteLength(text)),
    onBytes: (bytes) => count('stdout', bytes.length),
    onStatus: (text) => {
      status += text;
      const first = said('child-pid');
      if (first === undefined || watching !== undefined) return;
      begun.resolve();
      watching = watch(first);
      // It is thrown by `end`.
      watching.catch(() => undefined);
    },
    get first() {
      return said('child-pid');
    },
    get exitCode() {
      return said('exit-code');
    },
    end: async () => {
      over.abort();
      await watching;
      return exceeded;
    },
  };
}

/** Bubblewrap has tied itself to our end by the time it says that it has begun. */
async function* permit(begun: Promise<void>, stopped: AbortSignal): AsyncGenerator<Uint8Array> {
  const stop = Promise.withResolvers<void>();
  stopped.addEventListener('abort', () => stop.resolve(), { once: true });
  if (!stopped.aborted) await Promise.race([begun, stop.promise]);
  if (!stopped.aborted) yield Buffer.from('start\n');
}
