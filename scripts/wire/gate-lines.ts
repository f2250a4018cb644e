import { type FoundBundle, isOnLines } from '../../components/decide/found-bundle.ts';
import { openRepository } from '../../components/git/objects.ts';
import type { Context } from '../../components/kernel/context.ts';
import { type ChangedLines, changedLines, parseDiff } from '../../components/proposals/changed-lines.ts';
import { findCommits } from './found-commits.ts';

/** Lines that the merge request of this checkout changes; the diff is read only where something is proposed on a line. */
export async function readChangedLines(
  context: Context,
  bundles: readonly FoundBundle[],
): Promise<ChangedLines> {
  if (!bundles.some(isOnLines)) return changedLines([]);
  const { top, target } = await findCommits(context);
  const repository = await openRepository(context, top, target);
  return changedLines(parseDiff(await repository.readDiff()));
}
