import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ciSchemaOf } from '../../../components/twin/check/schema.ts';
import {
  type ConfigurationLook,
  createPipelineFactory,
  type PipelineFactory,
} from '../../../components/twin/pipelines/factory.ts';
import type { PipelineRequest, Repositories } from '../../../components/twin/ports.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import { accessLevels, type Role, type User } from '../../../components/twin/world/people.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import type { MergeRequest } from '../../../components/twin/world/review.ts';
import { addProject, addUser, type NewProject, protectBranch } from '../../../components/twin/world/seed.ts';
import { createWorld, nextIid, type World, type WorldOptions } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

export type Files = Readonly<Record<string, string>>;

/** A GitLab of one test: alice owns every project in it. */
export interface Place {
  readonly world: World;
  readonly repositories: Repositories;
  readonly factory: PipelineFactory;
  readonly alice: User;
  readonly user: (name: string) => User;
  /** A private project with these files on a protected main; its owner is alice. */
  readonly project: (files: Files, settings?: Partial<NewProject>) => Promise<Project>;
  /** Commits files to a branch, which begins at main where it is new, and gives the commit. */
  readonly commit: (project: Project, branch: string, files: Files, message?: string) => Promise<string>;
  readonly member: (project: Project, user: User, role: Role) => void;
  readonly mergeRequest: (
    source: Project,
    branch: string,
    more?: Partial<MergeRequest>,
    target?: Project,
  ) => Promise<MergeRequest>;
  /** Asks for a pipeline of main by alice, unless told otherwise. */
  readonly request: (project: Project, more?: Partial<PipelineRequest>) => Promise<PipelineRequest>;
}

export interface PlaceOptions extends Partial<WorldOptions> {
  readonly schemaFile?: string;
  readonly serverAliases?: readonly string[];
  /** Files of artifacts by `job/file`. */
  readonly artifacts?: Files;
  readonly look?: ConfigurationLook;
}

export function makePlace(options: PlaceOptions = {}): Place {
  const { schemaFile, serverAliases = [], artifacts = {}, look, ...worldOptions } = options;
  const folder = workspace();
  const context = testContext(folder);
  const world = createWorld({ folder, clock: context.clock, ...worldOptions });
  world.url = 'http://127.0.0.1:40001';
  const repositories = createRepositories(context, world);
  const factory = createPipelineFactory({
    ...{ context, world, repositories, serverAliases, schema: ciSchemaOf(context, schemaFile) },
    ...(look === undefined ? {} : { look }),
    artifactText: async (_planned, job, file) => artifacts[`${job}/${file}`],
  });
  const alice = addUser(world, { username: 'alice', name: 'Alice A' });
  const commit: Place['commit'] = async (project, branch, files, message = 'Add files') => {
    const written = await repositories.write(project, {
      branch,
      message,
      author: { name: 'Alice A', email: 'alice@example.com' },
      committer: { name: 'Alice A', email: 'alice@example.com' },
      actions: await Promise.all(
        Object.entries(files).map(async ([path, content]) => {
          const tip = await repositories.resolve(project, branch);
          const there = tip !== undefined && (await repositories.blob(project, tip, path)) !== undefined;
          return {
            action: there ? 'update' : 'create',
            path,
            content: new TextEncoder().encode(content),
          } as const;
        }),
      ),
    });
    if (!written.ok) throw new Error(written.message);
    project.defaultBranch ??= branch;
    return written.sha;
  };
  return {
    ...{ world, repositories, factory, alice, commit },
    user: (username) => addUser(world, { username }),
    member: (project, user, role) => void project.members.set(user.id, accessLevels[role]),
    project: async (files, settings = {}) => {
      const project = addProject(world, { path: 'acme/app', creatorId: alice.id, ...settings });
      await repositories.create(project);
      await commit(project, 'main', files);
      protectBranch(world, project, 'main');
      return project;
    },
    mergeRequest: async (source, branch, more = {}, target = source) => {
      const head = (await repositories.resolve(source, branch)) ?? '';
      const start = (await repositories.resolve(target, 'main')) ?? '';
      if (source !== target) await repositories.fetchFrom(target, source, head, 'refs/keep/head');
      const base = (await repositories.mergeBase(target, start, head)) ?? start;
      const mergeRequest = newMergeRequest(world, source, branch, target, more, { head, base, start });
      target.mergeRequests.set(mergeRequest.iid, mergeRequest);
      return mergeRequest;
    },
    request: async (project, more = {}) => {
      const ref = more.ref ?? 'main';
      const sha = more.sha ?? (await repositories.resolve(project, ref)) ?? '';
      return { project, ref, sha, source: 'push', user: alice, ...more };
    },
  };
}

function newMergeRequest(
  world: World,
  source: Project,
  branch: string,
  target: Project,
  more: Partial<MergeRequest>,
  { head, base, start }: { readonly head: string; readonly base: string; readonly start: string },
): MergeRequest {
  const now = new Date(world.clock.now()).toISOString();
  return {
    id: world.nextId('merge_request'),
    iid: nextIid(target, 'merge_request'),
    ...{ projectId: target.id, sourceProjectId: source.id, sourceBranch: branch, targetBranch: 'main' },
    ...{
      title: 'Change it',
      description: '',
      state: 'opened',
      authorId: 1,
      assigneeIds: [],
      reviewerIds: [],
    },
    ...{ labels: [], approvals: new Set<number>(), notes: [], squash: false, removeSourceBranch: false },
    versions: [
      { id: world.nextId('version'), headSha: head, baseSha: base, startSha: start, createdAt: now },
    ],
    ...{ mergedById: undefined, mergeCommitSha: undefined, mergedAt: undefined, closedAt: undefined },
    ...{
      createdAt: now,
      updatedAt: now,
      kind: 'merge_request',
      closedById: undefined,
      squashCommitSha: undefined,
    },
    ...{ discussionLocked: false, subscriptions: new Map(), todos: new Set(), timeEstimate: 0, timeSpent: 0 },
    ...more,
  };
}

/** Asks for a merge request's pipeline in the project of its source. */
export function ofMergeRequest({ iid, projectId, versions }: MergeRequest): Partial<PipelineRequest> {
  return {
    ref: `refs/merge-requests/${iid}/head`,
    sha: versions.at(-1)?.headSha ?? '',
    source: 'merge_request_event',
    mergeRequest: { projectId, iid },
  };
}

/** The files of a folder by path. */
export function filesIn(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = entries.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}
