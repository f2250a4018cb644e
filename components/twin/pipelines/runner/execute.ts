import { join } from 'node:path';
import type { Context } from '../../../kernel/context.ts';
import { withoutControls } from '../../../kernel/log.ts';
import type { Desk } from './desk.ts';
import type { AttemptFolders } from './folders.ts';
import { killAll, notes, signalScript, supervise } from './shells.ts';

/** Why an attempt was ended before its script was. */
export type StopReason = 'cancel' | 'timeout' | 'lost';

export type Executed =
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: Exclude<StopReason, 'timeout'> }
  | { readonly kind: 'system'; readonly message: string };

export interface ExecuteOptions {
  readonly desk: Desk;
  readonly folders: AttemptFolders;
  readonly timeoutSeconds: number;
  /** Seconds the script has of these, where that is less: an `after_script` still runs then. */
  readonly scriptSeconds: number | undefined;
  /** Seconds between SIGTERM and SIGKILL. */
  readonly graceSeconds: number;
  /** Aborted with reason `'cancel'` or `'lost'`. */
  readonly stop: AbortSignal;
  /** Takes what the scripts print. */
  readonly output: (bytes: Uint8Array) => void;
}

/** Runs the job that lies in the control folder, and waits until nothing of it is left. */
export async function executeJob(context: Context, options: ExecuteOptions): Promise<Executed> {
  const { folders, desk, stop } = options;
  if (stop.aborted) return { kind: reasonOfStop(stop) };
  const ended = new AbortController();
  const places = [folders.control, folders.project, folders.builds];
  const running = context.exec('sh', ['-c', supervise, 'sh', ...places], {
    cwd: folders.control,
    env: desk.environment,
    onBytes: options.output,
  });
  const [result, reason] = await Promise.all([
    running.finally(() => ended.abort('ended')),
    endEarly(context, options, ended.signal),
  ]);
  const code = await readNote(context, folders, notes.code);
  if (reason === 'cancel' || reason === 'lost') return { kind: reason };
  if (reason === 'timeout')
    return { kind: 'timeout', seconds: options.scriptSeconds ?? options.timeoutSeconds };
  if (code !== undefined) return { kind: 'exit', exitCode: Number(code) };
  const said = withoutControls(result.stderr.trim().split('\n').at(-1) ?? '');
  const words = said === '' ? '' : `: ${said}`;
  return { kind: 'system', message: `the shell that runs its script ended before it${words}` };
}

/** Ends the attempt where something asks for it before it has ended itself, and says what it was. */
async function endEarly(
  context: Context,
  options: ExecuteOptions,
  ended: AbortSignal,
): Promise<StopReason | undefined> {
  const { folders } = options;
  const run = (script: string, ...args: string[]) =>
    context.exec('sh', ['-c', script, 'sh', folders.control, ...args], {
      cwd: folders.control,
      env: options.desk.environment,
    });
  const reason = await whatEnds(context, options, ended);
  if (reason === undefined) return undefined;
  const note = reason === 'timeout' && options.scriptSeconds !== undefined ? 'script-timeout' : reason;
  await context.fs.writeFile(join(folders.control, notes.stop), note);
  if (reason === 'lost') {
    await run(killAll, folders.project, folders.builds);
    return reason;
  }
  await run(signalScript, 'TERM');
  await context.clock.sleep(options.graceSeconds * 1000, ended).then(
    () => run(signalScript, 'KILL'),
    () => undefined,
  );
  return reason;
}

async function whatEnds(
  context: Context,
  { stop, folders, timeoutSeconds, scriptSeconds }: ExecuteOptions,
  ended: AbortSignal,
): Promise<StopReason | undefined> {
  const either = AbortSignal.any([ended, stop]);
  const asked = () => {
    if (ended.aborted || !stop.aborted) return undefined;
    return reasonOfStop(stop);
  };
  const sleep = (seconds: number) =>
    context.clock.sleep(Math.min(seconds * 1000, longestTimer), either).then(() => 'timeout' as const, asked);
  const first = await sleep(scriptSeconds ?? timeoutSeconds);
  const done = (await readNote(context, folders, notes.code)) !== undefined;
  // The time is the script's; what comes after it has its own limit.
  return first === 'timeout' && done ? await sleep(Number.POSITIVE_INFINITY) : first;
}

/** Who stops an attempt says why; whatever is no lost runner is a cancellation. */
export function reasonOfStop({ reason }: AbortSignal): 'cancel' | 'lost' {
  return reason === 'lost' ? 'lost' : 'cancel';
}

/** Beyond it, Node's timers fire at once. */
const longestTimer = 2 ** 31 - 1;

async function readNote(
  context: Context,
  { control }: AttemptFolders,
  name: string,
): Promise<string | undefined> {
  const text = await context.fs.readFile(join(control, name), 'utf8').catch(() => undefined);
  return text?.trim();
}
