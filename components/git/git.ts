import type { Context, ExecResult } from '../kernel/context.ts';

/**
 * Runs git in a checkout that strangers may have written: no hooks, no file system monitor, no pager, no prompt,
 * and only the few variables git itself needs.
 */
export async function git(
  context: Context,
  directory: string,
  args: readonly string[],
  timeout = 30_000,
): Promise<ExecResult> {
  const hardened = [
    ...['-c', `safe.directory=${directory}`],
    ...['-c', 'core.hooksPath=/dev/null'],
    ...['-c', 'core.fsmonitor=false'],
  ];
  return context.exec('git', [...hardened, ...args], {
    cwd: directory,
    env: gitEnvironment(context),
    timeout,
  });
}

const passed = ['PATH', 'HOME', 'TMPDIR', 'SSL_CERT_FILE', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

function gitEnvironment(context: Context): Record<string, string> {
  const env: Record<string, string> = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  for (const name of passed) {
    const value = context.env[name] ?? context.env[name.toLowerCase()];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
