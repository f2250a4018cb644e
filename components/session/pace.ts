import type { Context } from '../kernel/context.ts';
import type { AgentState } from './agent-state.ts';
import type { Watch } from './deadline.ts';
import { waitFor } from './oversee.ts';
import type { Ended } from './records.ts';
import type { AgentManifest } from './types.ts';

/** Waits until the manifest's rates have room for a call; gives the end where that is longer than there is time. */
export async function pace(
  context: Context,
  { oversight }: AgentManifest,
  { recent }: AgentState,
  watch: Watch,
): Promise<Ended | undefined> {
  const wait = waitFor(oversight, recent, context.clock.now());
  if (wait === 0) return undefined;
  const over = watch.isOver(wait);
  const seconds = Math.ceil(wait / 1_000);
  if (over !== undefined)
    return { ...over, reason: `the manifest limits its calls, and the next one may be made in ${seconds} s` };
  context.log.info(`waiting ${seconds} s: the manifest limits how many calls are made in a while`);
  await context.clock.sleep(wait);
  return undefined;
}
