import type * as NodeFs from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import type { Log } from './log.ts';

/** The part of node:fs/promises the product uses; a test replaces single calls to play a full disk. */
export type FileSystem = Pick<
  typeof NodeFs,
  | 'chmod'
  | 'copyFile'
  | 'lstat'
  | 'mkdir'
  | 'mkdtemp'
  | 'open'
  | 'readdir'
  | 'readFile'
  | 'readlink'
  | 'realpath'
  | 'rename'
  | 'rm'
  | 'stat'
  | 'symlink'
  | 'utimes'
  | 'writeFile'
>;

export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds of a clock that never goes back. */
  monotonic(): number;
  /** Resolves after that many milliseconds; rejects with the reason of the signal, the command's or its own, that ends it. */
  sleep(milliseconds: number, cancel?: AbortSignal): Promise<void>;
}

export interface ExecOptions {
  readonly cwd: string;
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /** Milliseconds until the child's process group is killed. */
  readonly timeout?: number;
  /** Called with each piece of output as it comes. */
  readonly onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
  /** Characters kept of each stream; the child is killed beyond them. Default 64 Mi. */
  readonly maxBytes?: number;
  /** What it reads from its standard input; nothing without. */
  readonly input?: AsyncIterable<Uint8Array> | string;
  /** Takes its standard output as bytes while it comes, and `stdout` of the result stays empty; it waits for the promise. */
  readonly onBytes?: (bytes: Uint8Array) => Promise<void> | void;
  /** Ends this program alone, as the context's `cancel` ends all; the result is the program's. */
  readonly cancel?: AbortSignal;
  /** What else it has open, from descriptor 3 on: a text or bytes that it reads to their end, or who takes what it writes. */
  readonly descriptors?: readonly (string | Uint8Array | ((text: string) => void))[];
}

export interface ExecResult {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Starts a program without a shell, in a process group of its own that dies with the command. */
export type Exec = (program: string, args: readonly string[], options: ExecOptions) => Promise<ExecResult>;

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Takes no more requests, ends the open connections and resolves when all are gone. */
  readonly close: () => Promise<void>;
}

/** Serves HTTP on the loopback interface; port 0 takes a free one. */
export type Listen = (handler: RequestListener, options: { readonly port: number }) => Promise<Listening>;

/** Where the keys of models are that this process was given and has no longer. */
export interface TakenKeys {
  /** Folder of the broker that has them. */
  readonly folder: string;
  /** Names of the variables they were in. */
  readonly keys: readonly string[];
}

/** Everything a module may touch of the outside. Made once, in scripts/main.ts; the first parameter everywhere. */
export interface Context {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly log: Log;
  /** Writes a result to standard output, redacted. */
  readonly print: (text: string) => void;
  /** Takes secrets out of a text; whatever leaves the process or is written to a file goes through it. */
  readonly redact: (text: string) => string;
  readonly clock: Clock;
  readonly fs: FileSystem;
  readonly exec: Exec;
  /** Requests to the outside, through the proxy and with the certificates that the environment names. */
  readonly fetch: typeof fetch;
  readonly listen: Listen;
  readonly cancel: AbortSignal;
  /** The process that has taken this one's keys; undefined where it had none. */
  readonly broker?: TakenKeys | undefined;
}
