import type { Context } from '../kernel/context.ts';
import { type Confined, confine } from './confine.ts';
import type { OpenRun, SandboxResult } from './types.ts';

/** Milliseconds in which a program may end by itself once its input has ended. */
const grace = 1_000;

/** Starts a command in bubblewrap that is spoken with while it runs. What it throws is thrown by `ended`. */
export function confineOpen(
  context: Context,
  run: Omit<Confined, 'input'>,
  onOutput: (bytes: Uint8Array) => void,
  onErrors: (text: string) => void = () => undefined,
): OpenRun {
  const closed = new AbortController();
  const cancel = AbortSignal.any([closed.signal, ...(run.cancel === undefined ? [] : [run.cancel])]);
  const said = createQueue();
  const running = confine(
    context,
    { ...run, input: '', cancel },
    { input: said.pieces(), onOutput, onErrors },
  );
  const ended = running.finally(said.end);
  const quiet: Promise<SandboxResult | undefined> = ended.catch(() => undefined);
  return {
    write: (text) => said.add(Buffer.from(text)),
    ended,
    close: async () => {
      said.end();
      const waited = new AbortController();
      const late = context.clock.sleep(grace, waited.signal).catch(() => undefined);
      await Promise.race([quiet, late]);
      waited.abort(new Error('it has ended'));
      closed.abort(new Error('it was closed'));
      await quiet;
    },
  };
}

interface Queue {
  readonly add: (piece: Uint8Array) => void;
  readonly end: () => void;
  readonly pieces: () => AsyncGenerator<Uint8Array>;
}

function createQueue(): Queue {
  const waiting: Uint8Array[] = [];
  let isOver = false;
  let wake = () => {};
  return {
    add: (piece) => {
      if (!isOver) waiting.push(piece);
      wake();
    },
    end: () => {
      isOver = true;
      wake();
    },
    pieces: async function* () {
      for (;;) {
        const piece = waiting.shift();
        if (piece !== undefined) yield piece;
        else if (isOver) return;
        else
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
    },
  };
}
