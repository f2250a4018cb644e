import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGitLab } from '../../../components/gitlab/client.ts';
import { createCommit } from '../../../components/gitlab/endpoints/commits.ts';
import { createEnvironment } from '../../../components/gitlab/endpoints/environments.ts';
import { createMergeRequest } from '../../../components/gitlab/endpoints/merge-requests.ts';
import { createRelease } from '../../../components/gitlab/endpoints/releases.ts';
import type { GitLab, GitLabToken } from '../../../components/gitlab/types.ts';
import type { Context } from '../../../components/kernel/context.ts';
import { routes } from '../../../components/twin/api/routes.gen.ts';
import { accessLevels } from '../../../components/twin/world/people.ts';
import type { Job, Pipeline } from '../../../components/twin/world/pipeline.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import {
  addJob,
  addPipeline,
  type CiOptions,
  type CiProject,
  jobTokenOf,
  startCi,
  storeArtifacts,
} from '../../twin/api/ci-project.ts';
import { addPersonalToken, addUser, addVariable } from '../../twin/server/harness.ts';
import { quickClock } from '../harness.ts';

export interface Scene {
  readonly api: CiProject;
  /** Path of the project. */
  readonly project: string;
  /** Number of the open merge request of the branch `topic`, and the commit it stands on. */
  readonly mergeRequest: number;
  readonly head: string;
  /** Of the merge request's branch, which is not protected. */
  readonly pipeline: Pipeline;
  /** A finished job with artifacts, and one that waits to be played. */
  readonly job: Job;
  readonly manual: Job;
  /** Service account with the role Developer. */
  readonly bot: GitLab;
  readonly botId: number;
  /** A client with another token. */
  readonly as: (token: GitLabToken | undefined) => GitLab;
  readonly asRole: (role: string) => GitLab;
  readonly asJob: GitLab;
  readonly context: Context;
}

const openApi = join(import.meta.dirname, '../../../../shared/data/gitlab/openapi-excerpt.yaml');

/** A private project with a bit of everything, on a twin with all its routes, and clients that don't wait. */
export async function startScene(options: CiOptions = {}): Promise<Scene> {
  const lint = async () => ({ valid: true, errors: [], warnings: [], mergedYaml: '', jobs: [] });
  const api = await startCi(routes, {
    ...(existsSync(openApi) && { openApiFile: openApi }),
    ...options,
    pipelines: { lint, ...options.pipelines },
  });
  const context = testContext(workspace(), { clock: quickClock().clock });
  const as: Scene['as'] = (token) => createGitLab(context, { apiUrl: `${api.url}/api/v4`, token });
  const { world, project } = api;
  const planner = addUser(world, { username: 'planner' });
  const bot = addUser(world, { username: 'bot', kind: 'service_account' });
  project.members.set(planner.id, accessLevels.planner);
  project.members.set(bot.id, accessLevels.developer);
  const tokenOf = (userId: number) => addPersonalToken(world, { userId, scopes: ['api'] }).value;
  const tokens: Readonly<Record<string, string>> = { ...api.tokens, planner: tokenOf(planner.id) };
  const asRole = (role: string) => as({ kind: 'private', value: tokens[role] ?? '' });
  const opened = await openMergeRequest(asRole('owner'), project.path);
  const filled = await fill(api, asRole('owner'), opened.head);
  return {
    ...{ api, project: project.path, ...opened, ...filled, as, asRole, context, botId: bot.id },
    bot: as({ kind: 'private', value: tokenOf(bot.id) }),
    asJob: as({
      kind: 'job',
      value: jobTokenOf(
        world,
        addJob(world, filled.pipeline, { status: 'running', userId: api.users.owner.id }),
      ),
    }),
  };
}

async function openMergeRequest(owner: GitLab, project: string) {
  const commit = await createCommit(owner, {
    ...{ project, branch: 'topic', message: 'Change' },
    actions: [{ action: 'create', filePath: 'a b.txt', content: new TextEncoder().encode('one\ntwo\n') }],
    found: async () => undefined,
  });
  const { iid } = await createMergeRequest(owner, {
    ...{ project, sourceBranch: 'topic', targetBranch: 'main', title: 'Change' },
  });
  return { mergeRequest: iid, head: commit.id };
}

async function fill({ world, project }: CiProject, owner: GitLab, sha: string) {
  const pipeline = addPipeline(world, project, { sha, ref: 'topic', protectedRef: false });
  const job = addJob(world, pipeline, { artifacts: storeArtifacts(world, { 'out/a b.txt': 'made' }) });
  const manual = addJob(world, pipeline, { name: 'deploy', status: 'manual', when: 'manual' });
  const at = project.path;
  await createEnvironment(owner, { project: at, name: 'production' });
  await createRelease(owner, { project: at, tag: '1.0.0', description: 'First' });
  addVariable(project, { key: 'SECRET', value: 'not-for-us' });
  const group = {
    id: 1,
    key: 'production',
    processMode: 'unordered',
    heldBy: undefined,
    createdAt: pipeline.createdAt,
  } as const;
  project.resourceGroups.set(group.key, { ...group });
  return { pipeline, job, manual };
}
