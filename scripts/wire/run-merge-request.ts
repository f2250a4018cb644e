import { join } from 'node:path';
import { decideRun } from '../../components/decide/allow-run.ts';
import { readPolicyFiles } from '../../components/decide/commit-files.ts';
import { findApprovers, whyNotNow } from '../../components/decide/target.ts';
import { openFolders } from '../../components/git/folder-files.ts';
import { materialise } from '../../components/git/materialise.ts';
import { openRepository } from '../../components/git/objects.ts';
import { fetchInto } from '../../components/git/remote.ts';
import { connectionOfJob } from '../../components/gitlab/ci-tokens.ts';
import { createGitLab } from '../../components/gitlab/client.ts';
import { getBranch } from '../../components/gitlab/endpoints/branches.ts';
import { unlessMissing } from '../../components/gitlab/endpoints/define.ts';
import type { MergeRequest } from '../../components/gitlab/endpoints/merge-request.ts';
import { getMergeRequest } from '../../components/gitlab/endpoints/merge-requests.ts';
import { getProject, type Project } from '../../components/gitlab/endpoints/projects.ts';
import type { GitLab } from '../../components/gitlab/types.ts';
import type { Context } from '../../components/kernel/context.ts';
import { once } from '../../components/kernel/once.ts';
import { errors } from '../../components/session/errors.ts';
import { remoteOf, tokenVariable } from './apply-connection.ts';
import { readLevelsAbove } from './apply-policies.ts';
import type { RunPlace } from './run-place.ts';
import { statedBy } from './stated-inputs.ts';
import { toolsOfMergeRequest } from './tool-places.ts';
import { version } from './version.ts';

export interface OfMergeRequest {
  readonly project: number;
  readonly mergeRequest: number;
}

/** What the service account sees of a merge request. */
interface Seen {
  readonly project: Project;
  readonly mergeRequest: MergeRequest;
  readonly base: string;
  readonly head: string;
  /** Tip of the target branch, of which manifest, scripts and policies are. */
  readonly tip: string;
}

/**
 * A merge request of another project as the place of a session in the trusted project. Its commits are fetched into a
 * repository of their own and read as objects: nothing of the source branch is ever checked out or started, and manifest,
 * scripts and policies are of the target branch.
 * @throws SESSION_MERGE_REQUEST_UNREADABLE, SESSION_BASE_UNKNOWN, SESSION_MANIFEST_MISSING, GIT_…, GITLAB_…
 */
export async function openMergeRequest(
  context: Context,
  of: OfMergeRequest,
  file: string,
): Promise<RunPlace> {
  const connection = connectionOfJob(context, tokenVariable);
  const gitlab = createGitLab(context, connection);
  const seen = await look(gitlab, of);
  const { base, head, tip, project, mergeRequest } = seen;
  const folder = await context.fs.mkdtemp(join(context.env.TMPDIR ?? '/tmp', 'pipewright-run-'));
  const close = () => context.fs.rm(folder, { recursive: true, force: true });
  try {
    const repository = join(folder, 'repository');
    const remote = { ...remoteOf(context, connection), project: project.pathWithNamespace };
    await fetchInto(context, repository, remote, { commits: [head, base, tip] });
    const range = { base, head };
    const target = await openRepository(context, repository, { base: tip, head: tip });
    const text = await target.readFile(file);
    if (text === undefined) throw errors.MANIFEST_MISSING({ file, branch: mergeRequest.targetBranch });
    const manifest = { path: file, text };
    const reader = await openRepository(context, repository, range);
    const checkout = once(async () => {
      const tree = join(folder, 'tree');
      await context.fs.mkdir(tree);
      await materialise(context, repository, tip, tree);
      return tree;
    });
    return {
      ...{ manifest, close, title: mergeRequest.title, deadline: connection.deadline },
      target: { ...range, mergeRequest: { project: project.id, iid: mergeRequest.iid } },
      repository: reader,
      tools: toolsOfMergeRequest(gitlab, mergeRequest, reader),
      ...{ checkout, programs: checkout },
      isDecided: true,
      ask: async ({ policies, organisation, levels, ...stated }) => {
        const [files] = await openFolders(context, repository, [tip], [policies]);
        return decideRun(context.clock, {
          ...{ manifest: { ...manifest, changed: false }, commit: tip, version },
          ...(await readLevelsAbove(context, gitlab, { organisation, levels })),
          policies: await readPolicyFiles(files, policies),
          around: {
            ...(await surroundings(gitlab, of, seen)),
            ...statedBy(stated),
            now: context.clock.now(),
          },
        });
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function look(gitlab: GitLab, of: OfMergeRequest): Promise<Seen> {
  const refuse = (reason: string) =>
    errors.MERGE_REQUEST_UNREADABLE({ project: of.project, iid: of.mergeRequest, reason });
  const project = await unlessMissing(getProject(gitlab, of));
  if (project === undefined) throw refuse('the token sees no such project');
  const mergeRequest = await unlessMissing(getMergeRequest(gitlab, of));
  if (mergeRequest === undefined) throw refuse('there is none of that number');
  const closed = whyNotNow(mergeRequest);
  if (closed !== undefined) throw refuse(closed);
  const { diffRefs, targetBranch } = mergeRequest;
  if (diffRefs === undefined) throw errors.BASE_UNKNOWN({ iid: of.mergeRequest });
  const branch = await unlessMissing(getBranch(gitlab, { project: project.id, branch: targetBranch }));
  if (branch === undefined) throw refuse('its target branch is gone');
  return { project, mergeRequest, base: diffRefs.baseSha, head: diffRefs.headSha, tip: branch.commit.id };
}

async function surroundings(gitlab: GitLab, of: OfMergeRequest, { project, mergeRequest }: Seen) {
  const { sourceProjectId, targetProjectId, author } = mergeRequest;
  return {
    ...{ place: 'trusted' as const, project: project.pathWithNamespace },
    fork: sourceProjectId !== targetProjectId,
    mergeRequest: { iid: mergeRequest.iid, targetBranch: mergeRequest.targetBranch },
    changesPolicies: undefined,
    approvals: (await findApprovers(gitlab, of, [author.id])).length,
  };
}
