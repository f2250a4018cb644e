import type { GitLab } from '../gitlab/types.ts';
import { policySuffix } from './asked.ts';
import { openCommit } from './repository-files.ts';
import type { TargetFacts } from './target.ts';

/**
 * Whether a merge request changes files of policies: those of the folder where its changes begin are held against those of its
 * head, by the names of objects. Undefined where GitLab does not tell where they begin.
 */
export async function changesPolicies(
  gitlab: GitLab,
  { project, mergeRequest, head }: TargetFacts,
  folder: string,
): Promise<boolean | undefined> {
  const base = mergeRequest.diffRefs?.baseSha;
  if (base === undefined) return undefined;
  const at = (commit: string) => openCommit(gitlab, { project: project.id, commit, folders: [folder] });
  const [before, after] = await Promise.all([at(base), at(head)]);
  return [...before.paths, ...after.paths].some(
    (path) => path.endsWith(policySuffix) && before.idOf(path) !== after.idOf(path),
  );
}
