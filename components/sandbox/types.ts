/** How far a child process is shut in. There is nothing between: below namespaces no repository script runs at all. */
export type Rung = 'namespaces' | 'none';

/** What is known of this machine's sandbox before anything runs in it. */
export interface SandboxState {
  readonly rung: Rung;
  /** Why the rung is none, in a sentence with what to do about it. */
  readonly reason?: string;
}

export interface SandboxLimits {
  /** Milliseconds until everything in it is killed. */
  readonly timeout: number;
  /** Bytes of its standard output, and of its standard error; it is killed beyond. */
  readonly output: number;
  /** Bytes it can write to its scratch folder, `/tmp`, which is memory; a file that does not fit is its own error. */
  readonly scratch: number;
  /** Processes and threads at one time; it is killed beyond. */
  readonly processes: number;
  /**
   * Bytes of memory of all its processes together, a page that two share counted twice; it is killed beyond. One process
   * alone is given no more (address space is not counted, data is).
   */
  readonly memory: number;
  /** Milliseconds of processor time of all its processes together; it is killed beyond. Not limited where not given. */
  readonly cpu?: number;
  /** Files a process may have open at one time; 1,024 where not given. */
  readonly files?: number;
  /** Bytes of one file it writes; what its scratch folder has room for where not given. */
  readonly fileSize?: number;
}

export interface SandboxRun {
  /** Folder that is mounted read-only as the working directory, `/checkout`; its `.git` is empty there. */
  readonly root: string;
  /**
   * Program and arguments inside; a path is relative to `root`, a name without a slash is looked up in `/usr`. One that
   * does not exist ends with 127 and one that cannot be started with 126, as in a shell.
   */
  readonly command: readonly [string, ...string[]];
  /**
   * The whole environment inside, over PATH, HOME, TMPDIR and LANG, which are made, and PWD and SHLVL, which its shell
   * adds; nothing is inherited.
   */
  readonly env: Readonly<Record<string, string>>;
  /** Standard input: a file of that text. */
  readonly input: string;
  readonly limits: SandboxLimits;
  readonly cancel?: AbortSignal;
  /** A socket of this machine that is shown at `/run/broker.sock`, its only way out; nothing is without. */
  readonly socket?: string;
}

export type ExceededLimit = 'timeout' | 'output' | 'processes' | 'memory' | 'cpu';

export interface SandboxResult {
  /** 128 + n where signal n ended it, as in a shell; null where a limit did. */
  readonly exitCode: number | null;
  /** At most `limits.output` bytes; what came before a limit ended it is kept. Neither redacted nor to be trusted. */
  readonly stdout: string;
  readonly stderr: string;
  /** The limit that ended it. */
  readonly exceeded?: ExceededLimit;
}

/** A program that is spoken with while it runs. */
export interface OpenRun {
  /** Gives it more of its standard input. What comes after its end is nobody's. */
  readonly write: (text: string) => void;
  /** Settles when nothing of it is left, as `run` does; its `stdout` is empty, since all was handed on. */
  readonly ended: Promise<SandboxResult>;
  /** Ends its standard input, and a second later the program; resolves when nothing of it is left. */
  readonly close: () => Promise<void>;
}

/** Runs programs shut in. */
export interface Sandbox {
  /** Looks what this machine has, once; cheap to ask again. */
  readonly state: () => Promise<SandboxState>;
  /**
   * Runs a program to its end; nothing of it is left when it returns.
   *
   * @throws SANDBOX_UNAVAILABLE where the rung is none; SANDBOX_ROOT, SANDBOX_INVALID for a folder, a variable or a
   *   command that cannot be given to one; SANDBOX_FAILED where the sandbox itself broke; the reason of a cancellation
   */
  readonly run: (run: SandboxRun) => Promise<SandboxResult>;
  /**
   * Starts a program that is written to and listened to while it runs. Its standard input is a socket, which no program can
   * open by a name; its limits hold for all of its life.
   *
   * @param onOutput - takes its standard output as it comes
   * @param onErrors - takes its standard error as it comes; what `ended` gives is the same
   * @throws as `run` does, for what is found before it starts; the rest is thrown by `ended`
   */
  readonly open: (
    run: Omit<SandboxRun, 'input'>,
    onOutput: (bytes: Uint8Array) => void,
    onErrors?: (text: string) => void,
  ) => Promise<OpenRun>;
}
