import type { JsonValue } from '../../kernel/canonical.ts';
import type { ExceededLimit, Sandbox, SandboxLimits } from '../../sandbox/types.ts';
import { sandboxed } from '../declared/known.ts';
import { answered, refused, usualLimit } from '../text.ts';
import type { SourceLabel, Tool, ToolResult } from '../types.ts';

/** A script that a manifest declares as a tool. */
export interface DeclaredFunction {
  readonly entrypoint: string;
  readonly description: string;
  readonly parameters?: object;
  readonly timeout_seconds?: number;
  /** Whether it wants the way out of the session. */
  readonly egress?: boolean;
}

export interface FunctionParts {
  readonly sandbox: Pick<Sandbox, 'run'>;
  /** Folder with the files that its scripts see; made when the first of them is called. */
  readonly root: () => Promise<string>;
  /** How a script is started. */
  readonly plan: (root: string, entrypoint: string) => Promise<readonly [string, ...string[]]>;
  /** What a script may have read. */
  readonly alsoReads: readonly SourceLabel[];
  /** The way out, for those that want it. */
  readonly socket?: string | undefined;
}

const usualSeconds = 30;

/** Milliseconds in which the sandbox starts and ends. */
const grace = 15_000;

const limits: Omit<SandboxLimits, 'timeout'> = {
  output: 1024 * 1024,
  scratch: 64 * 1024 * 1024,
  processes: 64,
  memory: 512 * 1024 * 1024,
};

/** Characters of its standard error that tell why it failed. */
const toldOfErrors = 2_000;

/**
 * A script of the repository as a tool: arguments as JSON on its standard input, what it answers on its standard output. It
 * has no network but a way out that only reads, no variable of the job, and files that it can only read: calling it twice
 * does no harm.
 */
export function createFunctionTool(id: string, declared: DeclaredFunction, parts: FunctionParts): Tool {
  const { entrypoint, description, parameters, timeout_seconds: seconds = usualSeconds } = declared;
  const socket = declared.egress === true ? parts.socket : undefined;
  const none = { type: 'object', additionalProperties: false, properties: {} };
  return {
    id,
    description,
    parameters: (parameters ?? none) as JsonValue,
    source: 'function',
    alsoReads: [...parts.alsoReads, ...(socket === undefined ? [] : (['http'] as const))],
    timeout: seconds * 1_000 + grace,
    outputLimit: usualLimit,
    readOn: 'ask for less by its arguments',
    // Policies let what reaches out of a session do less.
    kind: socket === undefined ? 'function' : 'http',
    permission: sandboxed,
    risk: 'medium',
    replay: 'pure',
    run: async (input) => {
      const root = await parts.root();
      const command = await parts.plan(root, entrypoint);
      const result = await parts.sandbox.run({
        ...{ root, command, env: {}, input: `${JSON.stringify(input)}\n` },
        limits: { ...limits, timeout: seconds * 1_000 },
        ...(socket === undefined ? {} : { socket }),
      });
      if (result.exceeded !== undefined)
        return failed(exceededInWords(result.exceeded, seconds), result.stderr);
      if (result.exitCode !== 0) return failed(`It ended with exit code ${result.exitCode}.`, result.stderr);
      return answered(result.stdout.trim() === '' ? '(no output)' : result.stdout);
    },
  };
}

function failed(text: string, stderr: string): ToolResult {
  const quoted = stderr.trim().slice(-toldOfErrors).toWellFormed();
  return { ...refused(text), ...(quoted === '' ? {} : { quoted }) };
}

function exceededInWords(limit: ExceededLimit, seconds: number): string {
  const words: Readonly<Record<ExceededLimit, string>> = {
    timeout: `It took longer than ${seconds} s.`,
    output: 'It wrote more than 1 MiB.',
    processes: `It had more than ${limits.processes} processes.`,
    memory: 'It used more than 512 MiB of memory.',
    cpu: 'It used more processor time than it may.',
  };
  return words[limit];
}
