import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Exec, ExecOptions, ExecResult } from '../../components/kernel/context.ts';
import { processErrors } from '../../components/kernel/errors.ts';

export type ToStart =
  | {
      readonly id: number;
      readonly program: string;
      readonly args: readonly string[];
      readonly options: ExecOptions;
    }
  | { readonly stop: number };

export interface Started {
  readonly id: number;
  readonly result?: ExecResult;
  readonly failure?: { readonly code: string; readonly reason: string };
}

interface Waiting {
  readonly resolve: (result: ExecResult) => void;
  readonly reject: (reason: unknown) => void;
  readonly program: string;
  readonly options: ExecOptions;
}

interface Starter {
  calls: number;
  child: ChildProcess | undefined;
  readonly waiting: Map<number, Waiting>;
}

/** Of this process: test files that share one share it. */
const place = globalThis as { pipewrightStarter?: Starter };
place.pipewrightStarter ??= { calls: 0, child: undefined, waiting: new Map() };
const starter = place.pipewrightStarter;

/** Calls after which a process that starts programs pays for itself. */
const worthwhile = 40;

/**
 * The same `exec`, with git started by a small process beside this one: of a third of a gigabyte, as a test process has, each
 * start costs 4 ms more than of an empty one. What is more than arguments, a text and a result is started here.
 */
export function throughStarter(exec: Exec, cancel: AbortSignal): Exec {
  return (program, args, options) => {
    const { onBytes, onOutput, descriptors, cancel: own, input } = options;
    const isPlain = [onBytes, onOutput, descriptors, own].every((one) => one === undefined);
    if (program !== 'git' || !isPlain || typeof input === 'object') return exec(program, args, options);
    starter.calls += 1;
    if (starter.calls <= worthwhile || cancel.aborted) return exec(program, args, options);
    return ask(program, args, options, cancel);
  };
}

function ask(
  program: string,
  args: readonly string[],
  options: ExecOptions,
  cancel: AbortSignal,
): Promise<ExecResult> {
  const child = starter.child ?? begin();
  const id = starter.calls;
  const stop = () => child.send({ stop: id } satisfies ToStart);
  cancel.addEventListener('abort', stop, { once: true });
  return new Promise<ExecResult>((resolve, reject) => {
    starter.waiting.set(id, { resolve, reject, program, options });
    child.channel?.ref();
    child.send({ id, program, args, options } satisfies ToStart);
  })
    .catch((error: unknown) => {
      throw cancel.aborted ? cancel.reason : error;
    })
    .finally(() => {
      cancel.removeEventListener('abort', stop);
      if (starter.waiting.size === 0) child.channel?.unref();
    });
}

function begin(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'starter-process.ts'), { execArgv: [], env: {} });
  starter.child = child;
  child.unref();
  child.on('message', ({ id, result, failure }: Started) => {
    const waiting = starter.waiting.get(id);
    starter.waiting.delete(id);
    if (result !== undefined) waiting?.resolve(result);
    else waiting?.reject(failureOf(waiting, failure));
  });
  child.on('exit', () => {
    starter.child = undefined;
    for (const { reject } of starter.waiting.values())
      reject(new Error('the process that starts programs has ended'));
    starter.waiting.clear();
  });
  return child;
}

/** The failure that starting it here would have thrown. */
function failureOf({ program, options }: Waiting, failure: Started['failure']): unknown {
  const { code = '', reason = '' } = failure ?? {};
  if (code === 'PROCESS_OUTPUT_TOO_LARGE')
    return processErrors.OUTPUT_TOO_LARGE({ program, limit: options.maxBytes ?? 64 * 1024 * 1024 });
  if (code === 'PROCESS_PROGRAM_MISSING') return processErrors.PROGRAM_MISSING({ program, reason });
  return new Error(reason);
}
