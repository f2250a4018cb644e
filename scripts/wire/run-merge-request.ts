import { join } from 'node:path';
import { decideRun } from '../../components/decide/allow-run.ts';
import { readPolicyFiles } from '../../components/decide/commit-files.ts';
import { countApprovals, whyNotNow } from '../../components/decide/target.ts';
import { errors as gitErrors } from '../../components/git/errors.ts';
import { fetchCommits, reasonOf } from '../../components/git/fetch-commits.ts';
import { openFolders } from '../../components/git/folder-files.ts';
import { git } from '../../components/git/git.ts';
import { materialise } from '../../components/git/materialise.ts';
import { openRepository } from '../../components/git/objects.ts';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
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
import { tokenVariable } from './apply-connection.ts';
import { readOrganisation } from './apply-policies.ts';
import type { RunPlace } from './run-place.ts';
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
    const repository = await fetchInto(context, join(folder, 'repository'), seen, connection.token.value);
    const range = { base, head };
    const target = await openRepository(context, repository, { base: tip, head: tip });
    const text = await target.readFile(file);
    if (text === undefined) throw errors.MANIFEST_MISSING({ file, branch: mergeRequest.targetBranch });
    const manifest = { path: file, text };
    const reader = await openRepository(context, repository, range);
    return {
      ...{ manifest, close, title: mergeRequest.title, deadline: connection.deadline },
      target: { ...range, mergeRequest: { project: project.id, iid: mergeRequest.iid } },
      repository: reader,
      tools: toolsOfMergeRequest(gitlab, mergeRequest, reader),
      checkout: once(async () => {
        const tree = join(folder, 'tree');
        await context.fs.mkdir(tree);
        await materialise(context, repository, tip, tree);
        return tree;
      }),
      ask: async ({ policies, organisation }) => {
        const [files] = await openFolders(context, repository, [tip], [policies]);
        return decideRun(context.clock, {
          ...{ manifest, commit: tip, version },
          organisation: await readOrganisation(context, organisation),
          policies: await readPolicyFiles(files, policies),
          around: { ...(await surroundings(gitlab, of, seen)), now: context.clock.now() },
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
    approvals: await countApprovals(gitlab, of, [author.id]),
  };
}

/** An empty repository with three commits and no work tree of theirs. Its address is ours; the token is in no argument. */
async function fetchInto(
  context: Context,
  folder: string,
  { project, base, head, tip }: Seen,
  token: string,
): Promise<string> {
  const { server } = requireCi(context, 'server');
  await context.fs.mkdir(folder);
  const url = `${server.url.replace(/\/+$/, '')}/${project.pathWithNamespace}.git`;
  for (const args of [
    ['init', '--quiet', '--template='],
    ['config', '--local', 'remote.origin.url', url],
  ]) {
    const done = await git(context, folder, args);
    if (done.exitCode !== 0) throw gitErrors.NO_REPOSITORY({ folder, reason: reasonOf(done) });
  }
  const basic = Buffer.from(`oauth2:${token}`).toString('base64');
  const settings = {
    [`http.${server.url}/.extraHeader`]: `Authorization: Basic ${basic}`,
    // Another host would be shown the header, too.
    'http.followRedirects': 'false',
  };
  const reason = await fetchCommits(context, folder, [base, head, tip], { env: asVariables(settings) });
  if (reason !== undefined) throw gitErrors.COMMIT_MISSING({ commit: head, reason: context.redact(reason) });
  return folder;
}

/** Settings of one call of git, from its environment: git-config(1), GIT_CONFIG_COUNT. */
function asVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(settings);
  const pairs = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(entries.length), ...Object.fromEntries(pairs) };
}
