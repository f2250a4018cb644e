import type { GitLab } from '../types.ts';
import { getMergeRequest, updateMergeRequest } from './merge-requests.ts';
import type { OfMergeRequest } from './notes.ts';

export interface ConvergedLabels {
  /** Those it did not have and has now. */
  readonly added: readonly string[];
  /** Those it still does not have: GitLab leaves labels of whoever may not set them out without a word. */
  readonly refused: readonly string[];
}

/** Gives a merge request the labels it lacks; others stay, and names that are new become labels of the project. */
export async function convergeLabels(
  gitlab: GitLab,
  { project, mergeRequest }: OfMergeRequest,
  names: readonly string[],
): Promise<ConvergedLabels> {
  const before = await getMergeRequest(gitlab, { project, mergeRequest });
  const addLabels = [...new Set(names)].filter((name) => !before.labels.includes(name));
  if (addLabels.length === 0) return { added: [], refused: [] };
  const { labels } = await updateMergeRequest(gitlab, { project, mergeRequest, addLabels });
  return {
    added: addLabels.filter((name) => labels.includes(name)),
    refused: addLabels.filter((name) => !labels.includes(name)),
  };
}
