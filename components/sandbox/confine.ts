import type { Context } from '../kernel/context.ts';
import { errors } from './errors.ts';
import { createGuard, type Guard } from './guard.ts';
import { assertCommand, planLaunch, renderEnvironment, systemPath } from './launch.ts';
import { descriptors, etc, type Layout, planArguments } from './layout.ts';
import type { SandboxResult, SandboxRun } from './types.ts';
import { hasEnded } from './watch.ts';

/** What is to be run, with the root looked at and the filter made. */
export interface Confined extends Omit<SandboxRun, 'root'>, Omit<Layout, 'scratch'> {
  readonly filter: Uint8Array;
}

/** Milliseconds in which killed processes are gone: thousands take seconds, one that waits for a disk takes longer. */
const endWithin = 30_000;

/** What is said to a program while it runs, and who takes what it answers. */
export interface Conversation {
  readonly input: AsyncIterable<Uint8Array>;
  readonly onOutput: (bytes: Uint8Array) => void;
  readonly onErrors: (text: string) => void;
}

/** Runs a command in bubblewrap. @throws SANDBOX_INVALID, SANDBOX_FAILED; the reason of a cancellation */
export async function confine(
  context: Context,
  run: Confined,
  conversation?: Conversation,
): Promise<SandboxResult> {
  assertCommand(run.command);
  run.cancel?.throwIfAborted();
  const { limits } = run;
  const environment = renderEnvironment(run.env);
  const guard = createGuard(context, limits, run.cancel);
  const isOpen = conversation !== undefined;
  const executed = context.exec(
    'bash',
    planLaunch(planArguments({ ...run, scratch: limits.scratch }), run.command, limits, isOpen),
    {
      cwd: '/',
      env: { PATH: systemPath, LC_ALL: 'C' },
      // The guard ends it earlier, and keeps what came.
      maxBytes: Number.MAX_SAFE_INTEGER,
      onOutput: (stream, text) => {
        guard.onOutput(stream, text);
        if (stream === 'stderr') conversation?.onErrors(text);
      },
      ...(isOpen
        ? { input: after(guard.permission, conversation.input), onBytes: listen(guard, conversation) }
        : { input: guard.permission }),
      cancel: guard.kill,
      descriptors: planDescriptors({ ...run, environment }, guard),
    },
  );
  try {
    await executed.catch(() => undefined);
    const gone = guard.first === undefined || (await hasEnded(context, guard.first, endWithin));
    const result = await executed;
    if (!gone)
      throw errors.FAILED({ reason: `its processes have not ended ${endWithin} ms after they were killed` });
    run.cancel?.throwIfAborted();
    const exceeded = await guard.end();
    const [stdout, stderr] = [cut(result.stdout, limits.output), cut(result.stderr, limits.output)];
    if (exceeded !== undefined) return { exitCode: null, stdout, stderr, exceeded };
    if (guard.exitCode === undefined)
      throw errors.FAILED({ reason: lastLine(result.stderr) ?? 'bubblewrap ended without a word' });
    return { exitCode: guard.exitCode, stdout, stderr };
  } finally {
    await guard.end().catch(() => undefined);
  }
}

function listen(guard: Guard, { onOutput }: Conversation): (bytes: Uint8Array) => void {
  return (bytes) => {
    guard.onBytes(bytes);
    onOutput(bytes);
  };
}

/** The permission, and then what is said; without it nothing is. */
async function* after(
  permission: AsyncIterable<Uint8Array>,
  input: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let isPermitted = false;
  for await (const line of permission) {
    isPermitted = true;
    yield line;
  }
  if (isPermitted) yield* input;
}

function planDescriptors(
  { filter, environment, input }: Pick<Confined, 'filter' | 'input'> & { readonly environment: string },
  guard: Guard,
) {
  const contents = { status: guard.onStatus, filter, environment, input, ...etc };
  const inOrder = Object.entries(descriptors).sort(([, one], [, other]) => one - other);
  return inOrder.map(([name]) => contents[name as keyof typeof descriptors]);
}

/** Cut to that many bytes of UTF-8, between two characters. */
function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read);
}

function lastLine(text: string): string | undefined {
  return text.trim().split('\n').at(-1)?.slice(0, 500) || undefined;
}
