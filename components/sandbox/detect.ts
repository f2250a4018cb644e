import type { Context, ExecResult } from '../kernel/context.ts';
import { Failure } from '../kernel/failure.ts';
import { confine } from './confine.ts';
import { systemPath } from './launch.ts';
import { judgeProbe, namespaces, type OwnNamespaces, probeScript } from './probe.ts';
import { createFilter, parseMachine } from './seccomp/filter.ts';
import type { SandboxLimits, SandboxState } from './types.ts';

/** What a run needs to know of this machine. */
export type Detected =
  | (SandboxState & { readonly rung: 'none'; readonly reason: string })
  | {
      readonly rung: 'namespaces';
      readonly filter: Uint8Array;
      /** Files of `/proc` that this kernel has and nobody inside needs. */
      readonly hidden: readonly string[];
    };

/**
 * What containerd covers in every container (oci/spec.go, `MaskedPaths`), and what else only root may read: where the
 * job is root, so are its scripts outside of their namespace, and root's files are theirs.
 */
const unneeded = [
  ...['kcore', 'keys', 'latency_stats', 'timer_list', 'sched_debug', 'interrupts'],
  ...[
    'key-users',
    'kmsg',
    'kpagecgroup',
    'kpagecount',
    'kpageflags',
    'pagetypeinfo',
    'slabinfo',
    'vmallocinfo',
  ],
];

const limits: SandboxLimits = {
  timeout: 10_000,
  output: 100_000,
  scratch: 1_000_000,
  processes: 32,
  memory: 256 * 1024 * 1024,
};

const none = (reason: string): Detected => ({ rung: 'none', reason });

/**
 * Finds out whether this machine shuts a script in, by looking from inside, with the flags of every run: what a tool
 * or a kernel says it can do is not taken for what it does. Whatever is in doubt is none.
 */
export async function detect(context: Context): Promise<Detected> {
  const system = await say(context, 'uname', '-sm');
  const [name = '', machineName = ''] = system?.stdout.trim().split(' ') ?? [];
  if (name !== 'Linux')
    return none(`it needs Linux, this is ${name || 'unknown'}; run it in a job's container`);
  const machine = parseMachine(machineName);
  if (machine === undefined)
    return none(`its seccomp filter knows x86_64 and aarch64, this is ${machineName}; use a runner of those`);
  const tool = await say(context, 'bwrap', '--version');
  if (tool === undefined)
    return none('bubblewrap is not installed; install the package bubblewrap, or use our image');
  const version = /(\d+)\.(\d+)/.exec(tool.stdout);
  if (version === null || Number(version[1]) * 1000 + Number(version[2]) < 8)
    return none(`bubblewrap is ${tool.stdout.trim() || 'of no known version'}; install 0.8 or later`);
  const found = { filter: createFilter(machine), hidden: await readHidden(context) };
  const wrong = await probe(context, found);
  return wrong === undefined ? { rung: 'namespaces', ...found } : none(wrong);
}

/** Undefined where the program is not there. */
async function say(context: Context, program: string, argument: string): Promise<ExecResult | undefined> {
  try {
    return await context.exec(program, [argument], { cwd: '/', env: { PATH: systemPath }, timeout: 5_000 });
  } catch (error) {
    context.cancel.throwIfAborted();
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function readHidden(context: Context): Promise<string[]> {
  const there = await Promise.all(
    unneeded.map((name) =>
      context.fs.stat(`/proc/${name}`).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  );
  return unneeded.filter((_, index) => there[index]);
}

async function probe(
  context: Context,
  found: { readonly filter: Uint8Array; readonly hidden: readonly string[] },
): Promise<string | undefined> {
  try {
    const own = await Promise.all(namespaces.map((name) => context.fs.readlink(`/proc/self/ns/${name}`)));
    const result = await confine(context, {
      ...found,
      root: undefined,
      command: ['bash', '-c', probeScript],
      env: {},
      input: '',
      limits,
    });
    if (result.exceeded !== undefined)
      return `a trial run exceeded its ${result.exceeded}; use a runner with more room`;
    const ours = Object.fromEntries(namespaces.map((name, index) => [name, own[index]])) as OwnNamespaces;
    const wrong = judgeProbe(result.stdout, ours, { processes: limits.processes * 2, memory: limits.memory });
    if (wrong.length === 0) return undefined;
    return `a trial run was not shut in (${wrong.join('; ')}); report it with the version of bubblewrap and of the kernel`;
  } catch (error) {
    context.cancel.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    return `${adviceFor(reason)} (${reason})`;
  }
}

/** The places where a start fails, by the words of bubblewrap's messages, and what a runner's owner does about each. */
const advice: readonly (readonly [RegExp, string])[] = [
  [
    /mount proc/,
    "the container's engine covers parts of /proc; allow a new one: `procMount: Unmasked` in Kubernetes, `systempaths=unconfined` among Docker's security options",
  ],
  [
    /namespace|uid map|gid map|mount.*(slave|oldroot|tmpfs)|loopback|userns|Operation not permitted|Permission denied/i,
    'this runner lets jobs make no user namespaces; allow them: user.max_user_namespaces above 0, kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0, and a seccomp profile of the container with clone, unshare and mount',
  ],
  [
    /not found|No such file/,
    'a program that it needs is missing (bash, cat, nice, readlink in a merged /usr); use our image',
  ],
];

function adviceFor(reason: string): string {
  return advice.find(([words]) => words.test(reason))?.[1] ?? 'bubblewrap cannot start here';
}
