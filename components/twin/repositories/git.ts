import { join } from 'node:path';
import type { Context, ExecOptions, ExecResult } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';

export interface GitOptions extends Pick<ExecOptions, 'input' | 'onBytes' | 'cancel'> {
  /** Variables besides those every call gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Settings besides those every call gets: `['receive.denyDeletes=true']`. */
  readonly config?: readonly string[];
}

/** Git in one repository. */
export interface Git {
  readonly folder: string;
  /** Text of a file git keeps there itself; undefined where it cannot be read. */
  readonly file: (path: string) => Promise<string | undefined>;
  /** Whatever comes of it. */
  readonly try: (args: readonly string[], options?: GitOptions) => Promise<ExecResult>;
  /** Its output. @throws TWIN_GIT where it fails */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<string>;
  /** Its output as bytes; undefined where it fails. */
  readonly bytes: (args: readonly string[], options?: GitOptions) => Promise<Uint8Array | undefined>;
}

/** What people push can name neither hooks nor programs, and git collects no garbage while others read. */
const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.logAllRefUpdates=false',
  'safe.directory=*',
  'gc.auto=0',
  'maintenance.auto=false',
  'receive.autogc=false',
];

/** Git in a bare repository of the twin: nobody's configuration, no prompts, no hooks; paths are names, never patterns. */
export function gitIn(context: Context, folder: string): Git {
  const attempt: Git['try'] = (args, { env = {}, config = [], ...options } = {}) =>
    context.exec('git', [...[...settings, ...config].flatMap((setting) => ['-c', setting]), ...args], {
      ...options,
      cwd: folder,
      env: { ...gitEnvironment(context), ...env },
    });
  return {
    folder,
    file: (path) => context.fs.readFile(join(folder, path), 'utf8').catch(() => undefined),
    try: attempt,
    run: async (args, options) => {
      const result = await attempt(args, options);
      if (result.exitCode === 0) return result.stdout;
      const reason = result.stderr.trim().split('\n')[0] ?? '';
      throw twinErrors.GIT({
        command: args[0] ?? '',
        reason: reason === '' ? `exit code ${result.exitCode}` : reason,
      });
    },
    bytes: async (args, options) => {
      const pieces: Uint8Array[] = [];
      const keep = (bytes: Uint8Array) => void pieces.push(bytes);
      const result = await attempt(args, { ...options, onBytes: keep });
      return result.exitCode === 0 ? Buffer.concat(pieces) : undefined;
    },
  };
}

/** The whole environment git gets. */
export function gitEnvironment(context: Context): Record<string, string> {
  return {
    PATH: context.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
  };
}
