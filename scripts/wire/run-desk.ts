import { changedLines, parseDiff } from '../../components/proposals/changed-lines.ts';
import type { Choices } from '../../components/proposals/choices.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import type { ProposalDesk } from '../../components/proposals/types.ts';
import type { RunPlace } from './run-place.ts';

/** The desk of a session; the diff is read only where something may be proposed on its lines. */
export async function openDesk(
  { repository }: Pick<RunPlace, 'repository'>,
  choices: Choices,
): Promise<ProposalDesk> {
  if (choices.thread === undefined && choices.suggestion === undefined) return createDesk(choices);
  return createDesk(choices, changedLines(parseDiff(await repository.readDiff())));
}
