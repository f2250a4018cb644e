import { createMask } from './mask.ts';

/** What a runner collects of a job's log when nobody configured it (`output_limit`, 4096 KB). */
const outputLimit = 4096 * 1024;

// The runner's own words (common/buildlogger, helpers/trace).
const tooLong = `\n\u001b[33;1mJob's log exceeded limit of ${outputLimit} bytes.\nJob execution will continue but no more output will be collected.\u001b[0;m\n`;

/** The log of one attempt while it is written. */
export interface Trace {
  /** Takes a piece of what the job prints, wherever it is cut. */
  readonly take: (bytes: Uint8Array) => void;
  /** Adds a line of the runner's own. */
  readonly say: (line: string) => void;
  /** Begins a section that a log viewer can fold, with its title. */
  readonly open: (section: string, title: string) => void;
  readonly close: (section: string) => void;
  /** Shows what was held back; call it last. */
  readonly end: () => void;
  /** All of it so far. */
  readonly text: () => string;
}

/**
 * A log without the secrets, cut where a runner cuts it.
 * @param now - milliseconds since the Unix epoch
 */
export function createTrace(
  sink: (text: string) => void,
  secrets: () => Iterable<string>,
  now: () => number,
): Trace {
  const mask = createMask(secrets);
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  let left = outputLimit;
  const show = (text: string) => {
    if (text === '' || left < 0) return;
    const size = Buffer.byteLength(text);
    const shown = size <= left ? text : cut(text, left) + tooLong;
    left -= size;
    pieces.push(shown);
    sink(shown);
  };
  const write = (text: string) => show(mask.push(text));
  const seconds = () => Math.floor(now() / 1000);
  return {
    take: (bytes) => write(decoder.decode(bytes, { stream: true })),
    say: (line) => write(`${line}\n`),
    open: (section, title) =>
      write(`section_start:${seconds()}:${section}\r${clear}${clear}${cyan(title)}\n`),
    close: (section) => write(`section_end:${seconds()}:${section}\r${clear}`),
    end: () => {
      write(decoder.decode());
      show(mask.end());
    },
    text: () => pieces.join(''),
  };
}

const clear = '\u001b[0K';

/** The runner's colour of titles. */
export function cyan(text: string): string {
  return `\u001b[36;1m${text}\u001b[0;m`;
}

/** Its colour of commands and of what went well. */
export function green(text: string): string {
  return `\u001b[32;1m${text}\u001b[0;m`;
}

/** Its colour of errors. */
export function red(text: string): string {
  return `\u001b[31;1m${text}\u001b[0;m`;
}

/** The first bytes of a text, none of a character that is cut. */
function cut(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}
