import { onProject } from '../server/on-project.ts';
import { invalidParameter, invalidRecord } from '../server/reply.ts';
import type { Access, Call, ProjectCall, Route } from '../server/types.ts';
import { canSee, isAtLeastRole } from '../world/access.ts';
import type { Project } from '../world/project.ts';
import { addProject } from '../world/seed.ts';
import { changeFiles } from './change-files.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, numberOf, sortedBy, textOf, wordOf } from './given.ts';
import { projectJson, simpleProjectJson } from './json/project.ts';
import { newPath, pathOfName } from './new-project.ts';
import { applySettings, settingsProperties } from './project-settings.ts';

const source = 'docs.gitlab.com/api/projects';
const text = { type: 'string' };
const flag = { type: 'boolean' };
const anyone: Access = { role: 'anyone' };
const orders = ['id', 'name', 'path', 'created_at', 'updated_at', 'last_activity_at'] as const;
const filters = {
  ...{ search: text, membership: flag, owned: flag, simple: flag, archived: flag, statistics: flag },
  visibility: { enum: ['private', 'internal', 'public'] },
  order_by: { enum: orders },
  sort: { enum: ['asc', 'desc'] },
  min_access_level: { type: 'integer' },
};

export const projectsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects',
    access: anyone,
    schema: { source, query: filters },
    handle: (call) => ({ list: listProjects(call) }),
  },
  {
    method: 'POST',
    path: '/projects',
    access: { role: 'user' },
    schema: {
      source,
      body: {
        properties: {
          ...settingsProperties,
          ...{ path: text, namespace_id: { type: 'integer' }, initialize_with_readme: flag },
        },
      },
    },
    handle: async (call) => ({ json: await createProject(call), status: 201 }),
  },
  {
    method: 'GET',
    path: '/projects/:id',
    access: anyone,
    schema: { source, query: { license: flag, statistics: flag, with_custom_attributes: flag } },
    handle: onProject((call) => ({ json: shown(call, call.project) })),
  },
  {
    method: 'PUT',
    path: '/projects/:id',
    access: { role: 'maintainer' },
    schema: { source, body: { properties: settingsProperties } },
    handle: onProject(async (call) => {
      await changeProject(call);
      return { json: shown(call, call.project) };
    }),
  },
  {
    method: 'DELETE',
    path: '/projects/:id',
    access: { role: 'owner' },
    schema: { source },
    handle: onProject(async (call) => {
      await deleteProject(call);
      return { json: { message: '202 Accepted' }, status: 202 };
    }),
  },
];

function shown({ twin, actor }: Call, project: Project) {
  return projectJson(twin.world, project, actor?.user);
}

function listProjects(call: Call) {
  const { twin, query, actor } = call;
  const search = (textOf(query.search) ?? '').toLowerCase();
  const visibility = textOf(query.visibility);
  const level = numberOf(query.min_access_level) ?? 0;
  const own = (project: Project) => (actor && project.members.get(actor.user.id)) ?? 0;
  const found = [...twin.world.projects.values()]
    .filter((project) => canSee(actor?.user, project))
    .filter(({ name, path }) => `${name}\n${path.split('/').at(-1)}`.toLowerCase().includes(search))
    .filter((project) => visibility === undefined || project.visibility === visibility)
    .filter((project) => flagOf(query.membership) !== true || own(project) > 0)
    .filter((project) => flagOf(query.owned) !== true || own(project) >= 50)
    .filter((project) => own(project) >= level)
    // None is ever archived here.
    .filter(() => flagOf(query.archived) !== true);
  const direction = wordOf(query.sort, ['asc', 'desc']) ?? 'desc';
  const sorted = sortedBy(found, keys[textOf(query.order_by) ?? 'created_at'] ?? (({ id }) => id), direction);
  const isSimple = flagOf(query.simple) === true || actor === undefined;
  return sorted.map((project) => (isSimple ? simpleProjectJson(twin.world, project) : shown(call, project)));
}

const keys: Readonly<Record<string, (project: Project) => string | number>> = {
  name: ({ name }) => name,
  path: ({ path }) => path,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ lastActivityAt }) => lastActivityAt,
  last_activity_at: ({ lastActivityAt }) => lastActivityAt,
};

async function createProject(call: Call) {
  const { twin } = call;
  const sent = call.body;
  const user = userOf(call);
  const name = textOf(sent.name) ?? textOf(sent.path);
  if (name === undefined)
    throw invalidParameter('name, path are missing, at least one parameter must be provided');
  const path = newPath(twin.world, user, sent, textOf(sent.path) ?? pathOfName(name));
  const project = addProject(twin.world, { path, name, creatorId: user.id });
  try {
    applySettings(project, sent);
  } catch (error) {
    twin.world.projects.delete(project.id);
    throw error;
  }
  await twin.repositories.create(project);
  if (flagOf(sent.initialize_with_readme) === true) {
    const content = Buffer.from(`# ${name}\n`);
    const commit = { branch: textOf(sent.default_branch) ?? 'main', commit_message: 'Initial commit' };
    await changeFiles({ ...call, project }, commit, [{ action: 'create', path: 'README.md', content }]);
  }
  return shown(call, project);
}

async function changeProject(call: ProjectCall): Promise<void> {
  const { twin, project } = call;
  const sent = call.body;
  const branch = textOf(sent.default_branch);
  if (branch !== undefined && branch !== project.defaultBranch) {
    const there = (await twin.repositories.branches(project)).has(branch);
    if (!there) throw invalidRecord({ base: [`Could not change HEAD: branch '${branch}' does not exist`] });
  }
  const isOwners = sent.visibility !== undefined && sent.visibility !== project.visibility;
  if (isOwners && !isAtLeastRole(userOf(call), project, 'owner')) {
    throw invalidRecord({ visibility_level: ['can only be changed by an owner'] });
  }
  applySettings(project, sent);
  if (branch === undefined) return;
  project.defaultBranch = branch;
  await twin.repositories.pointHead(project);
}

/** Its repository's files stay until the twin ends: forks may read objects from them. */
async function deleteProject({ twin, project }: ProjectCall): Promise<void> {
  const { world } = twin;
  const pipelines = [...world.pipelines.values()].filter(({ projectId }) => projectId === project.id);
  for (const pipeline of pipelines)
    if (pipeline.finishedAt === undefined) await twin.pipelines.cancelPipeline(pipeline);
  world.projects.delete(project.id);
  for (const { id } of pipelines) world.pipelines.delete(id);
  for (const job of world.jobs.values()) if (job.projectId === project.id) world.jobs.delete(job.id);
}
