import type { Context } from '../kernel/context.ts';
import type { ExceededLimit, SandboxLimits } from './types.ts';

type Outside = Pick<Context, 'fs' | 'clock'>;

/** How often is looked for the end at once. */
const soonGone = 10;

/** Milliseconds between two looks; in that time a fork bomb makes some hundred processes. */
const interval = 25;

/**
 * Looks at all processes of a sandbox until it has ended or `over` is aborted, and gives the limit that they are beyond.
 * What cannot be seen cannot be limited: an error other than that a process is gone is thrown.
 *
 * @param first - number of the sandbox's first process, seen from here
 */
export async function watchProcesses(
  context: Outside,
  first: number,
  limits: SandboxLimits,
  over: AbortSignal,
): Promise<ExceededLimit | undefined> {
  for (;;) {
    // Nothing has started yet when it is begun with.
    await context.clock.sleep(interval, over).catch(() => undefined);
    if (over.aborted) return undefined;
    const exceeded = await exceededBy(context, first, limits);
    if (exceeded !== undefined) return exceeded;
  }
}

/**
 * Through the sandbox's own `/proc`, which shows its processes and no others, and which nothing inside can change: the
 * way leads over its first process (proc_pid_root(5)), and is open to whoever started it.
 */
async function exceededBy(
  context: Outside,
  first: number,
  limits: SandboxLimits,
): Promise<ExceededLimit | undefined> {
  const root = `/proc/${first}/root`;
  // Until it has its own root, that is ours, and so are the processes seen there.
  if (!(await hasOwnRoot(context, root))) return undefined;
  const names = await unlessGone(context.fs.readdir(`${root}/proc`));
  const all = (names ?? []).filter((name) => /^\d+$/.test(name));
  // The first process is bubblewrap's.
  const numbers = all.filter((name) => name !== '1');
  if (numbers.length > limits.processes) return 'processes';
  const texts = await Promise.all(
    numbers.map((number) => unlessGone(context.fs.readFile(`${root}/proc/${number}/status`, 'utf8'))),
  );
  const usages = texts.map((text) => parseUsage(text ?? ''));
  if (sum(usages.map(({ threads }) => threads)) > limits.processes) return 'processes';
  if (sum(usages.map(({ memory }) => memory)) > limits.memory) return 'memory';
  if (limits.cpu === undefined) return undefined;
  const stats = await Promise.all(
    all.map((number) => unlessGone(context.fs.readFile(`${root}/proc/${number}/stat`, 'utf8'))),
  );
  return sum(stats.map((stat) => parseProcessorTime(stat ?? ''))) > limits.cpu ? 'cpu' : undefined;
}

/**
 * Milliseconds of processor time that `/proc/<pid>/stat` tells, its own and that of children it has collected, so that over
 * all processes nothing is counted twice and what has ended is counted (proc_pid_stat(5); a tick is 10 ms to programs).
 */
export function parseProcessorTime(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return sum(fields.slice(11, 15).map(Number)) * 10;
}

async function hasOwnRoot({ fs }: Outside, root: string): Promise<boolean> {
  const [ours, its] = await Promise.all([fs.stat('/'), unlessGone(fs.stat(`${root}/`))]);
  return its !== undefined && (its.dev !== ours.dev || its.ino !== ours.ino);
}

interface Usage {
  readonly threads: number;
  /** Bytes that belong to no file: its own, and those of memory it shares. */
  readonly memory: number;
}

/** Reads `/proc/<pid>/status` (proc_pid_status(5); sizes are in KiB). A process that has ended uses nothing. */
export function parseUsage(status: string): Usage {
  const number = (name: string) => Number(new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  return { threads: number('Threads'), memory: (number('RssAnon') + number('RssShmem')) * 1024 };
}

/**
 * Resolves when the sandbox's first process has ended, and all others with it: the kernel lets it go last
 * (pid_namespaces(7)). Whoever should collect it may be slow to, so one that waits for that counts as ended. Waits on
 * where the command is cancelled, when no clock sleeps any more.
 *
 * @returns false where it has not in that many milliseconds
 */
export async function hasEnded(context: Outside, first: number, within: number): Promise<boolean> {
  const end = context.clock.monotonic() + within;
  for (let looks = 1; ; looks += 1) {
    const stat = await unlessGone(context.fs.readFile(`/proc/${first}/stat`, 'utf8'));
    if (stat === undefined || /\) [ZX] /.test(stat)) return true;
    if (context.clock.monotonic() > end) return false;
    // As a rule it is gone within the millisecond, and a sleep takes longer.
    if (looks > soonGone) await context.clock.sleep(1).catch(() => undefined);
  }
}

async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
