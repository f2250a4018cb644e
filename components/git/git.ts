import type { Context, ExecOptions, ExecResult } from '../kernel/context.ts';

/**
 * Runs git in a checkout that strangers may have written: no hooks, no file system monitor, no pager, no prompt,
 * and only the few variables git itself needs.
 */
export async function git(
  context: Context,
  directory: string,
  args: readonly string[],
  { env = {}, ...options }: GitOptions = {},
): Promise<ExecResult> {
  const hardened = [
    ...['-c', `safe.directory=${directory}`],
    ...['-c', 'core.hooksPath=/dev/null'],
    ...['-c', 'core.fsmonitor=false'],
    // A repository among the files of another is nobody's.
    ...['-c', 'safe.bareRepository=explicit'],
  ];
  return context.exec('git', [...hardened, ...args], {
    cwd: directory,
    env: { ...gitEnvironment(context), ...env },
    timeout: 30_000,
    ...options,
  });
}

export interface GitOptions
  extends Pick<ExecOptions, 'timeout' | 'input' | 'onBytes' | 'cancel' | 'maxBytes'> {
  /** Variables besides the few that are passed. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Taken over as they are: curl knows proxies in lower case, `http_proxy` in no other. */
const passed = [
  ...['PATH', 'HOME', 'TMPDIR'],
  ...['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTPS_PROXY', 'https_proxy', 'http_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'],
];

function gitEnvironment({ env }: Context): Record<string, string> {
  const taken = passed.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  // Written in capitals it is for other programs: git shall use the proxy that they do.
  const plain = env.http_proxy ?? env.HTTP_PROXY;
  return {
    ...{ GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' },
    // A remote can be the name of a program (`ext::`), and what is missing can be fetched without being asked.
    ...{ GIT_ALLOW_PROTOCOL: 'https:http:ssh:file', GIT_NO_LAZY_FETCH: '1' },
    ...Object.fromEntries(taken),
    ...(plain === undefined ? {} : { http_proxy: plain }),
  };
}
