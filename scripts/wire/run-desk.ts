import type { Context } from '../../components/kernel/context.ts';
import { changedLines, parseDiff } from '../../components/proposals/changed-lines.ts';
import type { Choices } from '../../components/proposals/choices.ts';
import { createDesk } from '../../components/proposals/desk.ts';
import type { ProposalDesk } from '../../components/proposals/types.ts';
import type { RunPlace } from './run-place.ts';

/** The desk of a session; diff and list of files are read only where something may be proposed about them. */
export async function openDesk(
  { redact }: Pick<Context, 'redact'>,
  { repository }: Pick<RunPlace, 'repository'>,
  choices: Choices,
): Promise<ProposalDesk> {
  const onLines = choices.thread !== undefined || choices.suggestion !== undefined;
  const lines = onLines ? changedLines(parseDiff(await repository.readDiff())) : undefined;
  if (choices.commit === undefined) return createDesk(choices, { lines });
  // Links and submodules are not among them: the deciding side, which sees all, looks again.
  const files = new Map((await repository.listFiles()).map((path) => [path, '100644']));
  return createDesk(choices, { lines, files, redact });
}
