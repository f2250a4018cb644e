import type { GitLab } from '../gitlab/types.ts';
import { Failure } from '../kernel/failure.ts';
import { policySuffix } from './asked.ts';
import { errors } from './errors.ts';
import { openCommit } from './repository-files.ts';
import type { TargetFacts } from './target.ts';

/**
 * Whether a merge request changes files of policies: those of the folder where its changes begin are held against those of its
 * head, by the names of objects. Undefined where GitLab does not tell where they begin. A folder with more files than anybody
 * reads counts as changed: its author must not make the decision of all others fail.
 */
export async function changesPolicies(
  gitlab: GitLab,
  {
    project,
    mergeRequest,
    head,
  }: Pick<TargetFacts, 'head'> & {
    readonly project: Pick<TargetFacts['project'], 'id'>;
    readonly mergeRequest: Pick<TargetFacts['mergeRequest'], 'diffRefs'>;
  },
  folder: string,
  most?: number,
): Promise<boolean | undefined> {
  const base = mergeRequest.diffRefs?.baseSha;
  if (base === undefined) return undefined;
  const limit = most === undefined ? {} : { most };
  const at = (commit: string) =>
    openCommit(gitlab, { project: project.id, commit, folders: [folder], ...limit });
  try {
    const [before, after] = await Promise.all([at(base), at(head)]);
    return [...before.paths, ...after.paths].some(
      (path) => path.endsWith(policySuffix) && before.idOf(path) !== after.idOf(path),
    );
  } catch (error) {
    if (error instanceof Failure && error.code === errors.TOO_MANY_FILES.code) return true;
    throw error;
  }
}
