import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { approvalsRoutes } from '../../../components/twin/api/approvals.ts';
import { discussionsRoutes } from '../../../components/twin/api/discussions.ts';
import { issuesRoutes } from '../../../components/twin/api/issues.ts';
import { labelsRoutes } from '../../../components/twin/api/labels.ts';
import { mergeRequestDiffsRoutes } from '../../../components/twin/api/merge-request-diffs.ts';
import { mergeRequestsRoutes } from '../../../components/twin/api/merge-requests.ts';
import { notesRoutes } from '../../../components/twin/api/notes.ts';
import { statusesRoutes } from '../../../components/twin/api/statuses.ts';
import type { PipelineRequest } from '../../../components/twin/ports.ts';
import { receivePush } from '../../../components/twin/pushes.ts';
import { addBarePipeline } from '../../../components/twin/review/bare-pipeline.ts';
import { accessLevels, type Role, type User } from '../../../components/twin/world/people.ts';
import type { PipelineStatus } from '../../../components/twin/world/pipeline.ts';
import type { Project, ProjectSettings, Visibility } from '../../../components/twin/world/project.ts';
import {
  type Answered,
  type Api,
  addPersonalToken,
  addProject,
  addUser,
  protectBranch,
  startApi,
} from '../server/harness.ts';

export const people = ['owner', 'maintainer', 'developer', 'reporter', 'guest', 'stranger'] as const;
export type Who = (typeof people)[number];

export type Json = Record<string, unknown> & { readonly iid: number; readonly id: number };

export interface Scene extends Api {
  readonly project: Project;
  readonly users: Readonly<Record<Who, User>>;
  readonly tokens: Readonly<Record<Who, string>>;
  /** Pipelines that were asked for, oldest first. */
  readonly asked: PipelineRequest[];
  /** Calls the API below the project: `as('guest', 'GET', '/merge_requests')`. */
  readonly as: <Answer = Json>(
    who: Who,
    method: string,
    path: string,
    json?: unknown,
  ) => Promise<Answered<Answer>>;
  /** Commits files to a branch, which begins at `main`, as a push does. */
  readonly push: (
    branch: string,
    files: Readonly<Record<string, string>>,
    options?: PushOptions,
  ) => Promise<Pushed>;
  /** A merge request of the developer from a branch with one changed file. */
  readonly open: (branch?: string, body?: Readonly<Record<string, unknown>>) => Promise<Json>;
}

interface PushOptions {
  readonly project?: Project;
  readonly user?: User;
  readonly message?: string;
  readonly options?: readonly string[];
  readonly quiet?: boolean;
}

export interface Pushed {
  readonly sha: string;
  readonly messages: readonly string[];
}

export interface SceneOptions {
  readonly visibility?: Visibility;
  readonly settings?: Partial<ProjectSettings>;
  readonly version?: string;
  readonly tier?: 'free' | 'premium';
  /** What becomes of pipelines that are asked for. */
  readonly pipelineStatus?: PipelineStatus;
}

const openApiFile = join(import.meta.dirname, '../../../../shared/data/gitlab/openapi-excerpt.yaml');

/** A project `group/app` with one member of each role and all routes of reviewing; pipelines are only written down. */
export async function startScene(options: SceneOptions = {}): Promise<Scene> {
  const asked: PipelineRequest[] = [];
  const { version = '18.5.0', tier = 'free', pipelineStatus = 'success' } = options;
  const api: Api = await startApi({
    routes: [
      ...[...mergeRequestsRoutes, ...mergeRequestDiffsRoutes, ...notesRoutes, ...discussionsRoutes],
      ...[...approvalsRoutes, ...issuesRoutes, ...labelsRoutes, ...statusesRoutes],
    ],
    repositories: 'real',
    version,
    tier,
    ...(existsSync(openApiFile) && { openApiFile }),
    pipelines: {
      create: async (request) => {
        asked.push(request);
        const { project, ref, sha, source, user, mergeRequest } = request;
        const pipeline = addBarePipeline(api.world, {
          ...{ project, ref, sha, source, user, tag: false, beforeSha: '0'.repeat(40), mergeRequest },
          status: pipelineStatus,
        });
        return { ok: true, pipeline };
      },
      touch: (pipeline) => {
        pipeline.status = pipeline.jobs.findLast(({ retried }) => !retried)?.status ?? pipeline.status;
      },
    },
  });
  const { world, twin } = api;
  const users = Object.fromEntries(
    people.map((username) => [username, addUser(world, { username })]),
  ) as Record<Who, User>;
  const tokens = Object.fromEntries(
    people.map((who) => [who, addPersonalToken(world, { userId: users[who].id, scopes: ['api'] }).value]),
  ) as Record<Who, string>;
  const project = addProject(world, {
    path: 'group/app',
    creatorId: users.owner.id,
    defaultBranch: 'main',
    visibility: options.visibility ?? 'private',
    settings: options.settings ?? {},
  });
  for (const who of people.slice(1, -1)) project.members.set(users[who].id, accessLevels[who as Role]);
  protectBranch(world, project, 'main');
  await twin.repositories.create(project);
  const as: Scene['as'] = (who, method, path, json) =>
    api.call(method, `/projects/${project.id}${path}`, { token: tokens[who], json });
  const push: Scene['push'] = async (branch, files, given = {}) => {
    const { project: into = project, user = users.developer, message = `change ${branch}` } = given;
    const result = await commit(twin, into, branch, files, user, message);
    const ref = `refs/heads/${branch}`;
    if (given.quiet === true) return { sha: result.sha, messages: [] };
    const { messages } = await receivePush(
      twin,
      into,
      { ref, before: result.before, after: result.sha, options: given.options ?? [] },
      user,
    );
    return { sha: result.sha, messages };
  };
  await push('main', { 'a.txt': lines(20) }, { user: users.owner, quiet: true });
  const open: Scene['open'] = async (branch = 'feature', body = {}) => {
    await push(
      branch,
      { 'a.txt': lines(20).replace('line 10', 'changed'), [`${branch}.txt`]: 'new\n' },
      { quiet: true },
    );
    const wanted = { title: 'Change', source_branch: branch, target_branch: 'main', ...body };
    const { status, json, text } = await as('developer', 'POST', '/merge_requests', wanted);
    if (status !== 201) throw new Error(`no merge request: ${status} ${text}`);
    return json;
  };
  return { ...api, project, users, tokens, asked, as, push, open };
}

/** `line 1` to `line n`. */
export function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
}

async function commit(
  { repositories }: Api['twin'],
  project: Project,
  branch: string,
  files: Readonly<Record<string, string>>,
  user: User,
  message: string,
) {
  const start = await repositories.resolve(project, 'refs/heads/main');
  const tip = await repositories.resolve(project, `refs/heads/${branch}`);
  const from = tip ?? start;
  const actions = await Promise.all(
    Object.entries(files).map(async ([path, text]) => {
      const known = from === undefined ? undefined : await repositories.blob(project, from, path);
      return { action: known === undefined ? 'create' : 'update', path, content: Buffer.from(text) } as const;
    }),
  );
  const author = { name: user.name, email: user.email };
  const written = await repositories.write(project, {
    ...{ branch, message, author, committer: author, actions },
    ...(tip === undefined && start !== undefined && { startSha: start }),
  });
  if (!written.ok) throw new Error(written.message);
  return written;
}
