import { validate } from '#validators/loop-message';
import type { JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import { renderPath } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import type { SandboxLimits } from '../../sandbox/types.ts';
import { createMessageLines } from '../../tools/mcp/message-lines.ts';
import type { LoopMessage } from './message.gen.ts';
import type { Heard, Program } from './types.ts';

/** Bytes of one line. */
export const longestLine = 2 * 1024 * 1024;

/** Characters of its standard error that are kept. */
const mostErrors = 64 * 1024;

export const loopLimits: Omit<SandboxLimits, 'timeout'> = {
  output: 256 * 1024 * 1024,
  scratch: 64 * 1024 * 1024,
  processes: 64,
  memory: 512 * 1024 * 1024,
};

/** Jobs end before it: until then a program lives as long as its session's share. */
const longest = 24 * 60 * 60 * 1_000;

/** A program that is spoken with: a message, an answer, the next message. */
export interface Talk {
  /** What it says next, within so many milliseconds. @throws what broke the sandbox; the reason of a cancellation */
  readonly next: (within: number) => Promise<Heard>;
  readonly tell: (message: object) => void;
  /** Ends the program; what it has written to its standard error is complete then. */
  readonly close: () => Promise<void>;
  readonly errors: () => string;
}

/**
 * Starts the program of a manifest in the sandbox. It may say one thing at a time: whoever asks again before he is answered
 * is not listened to any more, so nothing piles up here and the order of its requests is never in doubt.
 * @throws what the sandbox throws where it cannot start one
 */
export async function openTalk(context: Context, program: Program, timeout: number): Promise<Talk> {
  const { sandbox, root, command } = program;
  const inbox = createInbox();
  const errors = collect(mostErrors);
  const lines = createMessageLines(inbox.take, inbox.end, longestLine);
  const limits = { ...loopLimits, timeout: Math.min(timeout, longest) };
  const running = await sandbox.open({ root, command, env: {}, limits }, lines, errors.add);
  running.ended.then(
    ({ exitCode, exceeded }) =>
      inbox.end(
        exceeded === undefined ? `it has ended with exit code ${exitCode}` : `it exceeded its ${exceeded}`,
      ),
    inbox.fail,
  );
  return {
    errors: errors.text,
    tell: (message) => {
      inbox.answered();
      running.write(`${JSON.stringify(message)}\n`);
    },
    close: running.close,
    next: async (within) => {
      const waited = new AbortController();
      const silent = context.clock.sleep(within, waited.signal).then((): Heard => ({ kind: 'silent' }));
      // Whichever comes second is nobody's.
      silent.catch(() => undefined);
      try {
        return await Promise.race([inbox.next(), silent]);
      } finally {
        waited.abort(new Error('it has said something'));
      }
    },
  };
}

/** Holds the greeting and the one message that is not answered yet. */
function createInbox() {
  const held: LoopMessage[] = [];
  let [hasGreeted, isBusy] = [false, false];
  let over: (() => Heard) | undefined;
  let wake = () => {};
  const stop = (how: () => Heard) => {
    over ??= how;
    wake();
  };
  const end = (reason: string) => stop(() => ({ kind: 'over', reason }));
  const whyNot = (given: JsonValue): string | undefined => {
    const [issue] = checkSchema(validate, given);
    if (issue !== undefined) return `it has said what is no message: ${inWords(issue)}`;
    const isGreeting = (given as unknown as LoopMessage).type === 'hello';
    if (isGreeting === hasGreeted) return isGreeting ? 'it has greeted twice' : 'it has not greeted first';
    return isBusy ? 'it has asked again before it was answered' : undefined;
  };
  return {
    end,
    fail: (error: unknown) =>
      stop(() => {
        throw error;
      }),
    answered: () => {
      isBusy = false;
    },
    take: (given: JsonValue) => {
      if (over !== undefined) return;
      const why = whyNot(given);
      if (why !== undefined) return end(why);
      isBusy = hasGreeted;
      hasGreeted = true;
      held.push(given as unknown as LoopMessage);
      wake();
    },
    next: async (): Promise<Heard> => {
      for (;;) {
        const message = held.shift();
        if (message !== undefined) return { kind: 'message', message };
        if (over !== undefined) return over();
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

function inWords({ path, message, expected }: ReturnType<typeof checkSchema>[number]): string {
  const at = path.length === 0 || message.includes(renderPath(path)) ? '' : `${renderPath(path)}: `;
  return `${at}${message}${expected === undefined ? '' : `, expected ${expected}`}`.slice(0, 500);
}

function collect(most: number) {
  let [text, left] = ['', 0];
  return {
    add: (piece: string) => {
      const room = most - text.length;
      text += piece.slice(0, room);
      left += Math.max(0, piece.length - room);
    },
    text: () => (left === 0 ? text : `${text}\n(and ${left} more characters)`),
  };
}
