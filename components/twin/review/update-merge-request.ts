import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { MergeRequest } from '../world/review.ts';
import { applyChanges, type Changes } from './changes.ts';
import { addSystemNote } from './notes.ts';
import { findOpen, type NotOpened } from './open-merge-request.ts';
import { addVersion } from './versions.ts';

/** Changes a merge request, with what that does to branches; undefined where all could be done. */
export async function updateMergeRequest(
  twin: Twin,
  project: Project,
  mergeRequest: MergeRequest,
  user: User,
  changes: Changes,
): Promise<NotOpened | undefined> {
  const { targetBranch = mergeRequest.targetBranch, ...rest } = changes;
  const source = twin.world.projects.get(mergeRequest.sourceProjectId);
  const reopens = rest.stateEvent === 'reopen' && mergeRequest.state === 'closed';
  const retargets = targetBranch !== mergeRequest.targetBranch;
  if (source !== undefined && (reopens || retargets)) {
    const { sourceBranch } = mergeRequest;
    const other = findOpen({ source, target: project, sourceBranch, targetBranch }, mergeRequest);
    if (other !== undefined) return other;
  }
  if (retargets && !(await branchExists(twin, project, targetBranch)))
    return { ok: false, why: 'invalid', message: `Target branch "${targetBranch}" does not exist` };
  applyChanges(twin.world, project, mergeRequest, user, rest);
  if (retargets) retarget(twin, mergeRequest, user, targetBranch);
  if (source !== undefined && (retargets || reopens)) await addVersion(twin, source, project, mergeRequest);
  return undefined;
}

async function branchExists({ repositories }: Twin, project: Project, branch: string): Promise<boolean> {
  return (await repositories.resolve(project, `refs/heads/${branch}`)) !== undefined;
}

function retarget({ world }: Twin, mergeRequest: MergeRequest, user: User, branch: string): void {
  const said = `changed target branch from \`${mergeRequest.targetBranch}\` to \`${branch}\``;
  mergeRequest.targetBranch = branch;
  addSystemNote(world, mergeRequest, user, said);
}
