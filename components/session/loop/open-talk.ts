import type { JsonValue } from '../../kernel/canonical.ts';
import type { Context } from '../../kernel/context.ts';
import type { SandboxLimits } from '../../sandbox/types.ts';
import { createMessageLines } from '../../tools/mcp/message-lines.ts';
import { createInbox } from './inbox.ts';
import type { Heard, Program } from './types.ts';

/** Bytes of one line. */
export const longestLine = 2 * 1024 * 1024;

/** Characters of its standard error that are kept, and those at which it is ended. */
const [keptErrors, mostErrors] = [64 * 1024, 4 * 1024 * 1024];

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
  const errors = collect(keptErrors);
  let unread = 0;
  const take = (message: JsonValue) => {
    unread = 0;
    inbox.take(message);
  };
  const lines = createMessageLines(take, inbox.end, longestLine);
  const listen = (bytes: Uint8Array) => {
    if (inbox.isOver()) return;
    unread += bytes.length;
    lines(bytes);
    if (unread > 2 * longestLine) inbox.end('it has written without end, and no message');
  };
  const hear = (text: string) => {
    if (errors.add(text) > mostErrors) inbox.end('it has written too much to its standard error');
  };
  const limits = { ...loopLimits, timeout: Math.min(timeout, longest) };
  const running = await sandbox.open({ root, command, env: {}, limits }, listen, hear);
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

/** Keeps the beginning of a text and its end, where programs say why they have failed. */
function collect(most: number) {
  let [head, tail, length] = ['', '', 0];
  return {
    /** @returns how much has come in all */
    add: (piece: string) => {
      const room = most / 2 - head.length;
      head += piece.slice(0, room);
      tail = `${tail}${piece.slice(room)}`.slice(-most / 2);
      length += piece.length;
      return length;
    },
    text: () => {
      const left = length - head.length - tail.length;
      return left === 0 ? `${head}${tail}` : `${head}\n(${left} characters are left out)\n${tail}`;
    },
  };
}
