import { type FileDiff, listDiffs } from '../gitlab/endpoints/diffs.ts';
import type { GitLab } from '../gitlab/types.ts';
import { type ChangedFile, type ChangedLines, changedLines } from '../proposals/changed-lines.ts';
import type { TargetFacts } from './target.ts';

/** The diff of a merge request as GitLab has it. */
export function readDiffs(
  gitlab: GitLab,
  { project, mergeRequest }: Pick<TargetFacts, 'project' | 'mergeRequest'>,
): Promise<readonly FileDiff[]> {
  return Array.fromAsync(listDiffs(gitlab, { project: project.id, mergeRequest: mergeRequest.iid }));
}

/** A file of it, with its text where GitLab tells it. */
export function diffOf({ oldPath, newPath, collapsed, tooLarge, diff }: FileDiff): ChangedFile {
  return { oldPath, newPath, diff: collapsed === true || tooLarge === true ? undefined : diff };
}

/** The lines that it adds or changes. */
export function linesOf(diffs: readonly FileDiff[]): ChangedLines {
  return changedLines(diffs.filter(({ deletedFile }) => !deletedFile).map(diffOf));
}
