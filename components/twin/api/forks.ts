import type { ProjectCall, Route } from '../server/types.ts';
import { canSee, protectionOf } from '../world/access.ts';
import { addProject, protectBranch } from '../world/seed.ts';
import { onCode, readsCode } from './code.ts';
import { userOf } from './find-in-call.ts';
import { textOf } from './given.ts';
import { forksOf, projectJson } from './json/project.ts';
import { newPath } from './new-project.ts';
import { applySettings } from './project-settings.ts';

const source = 'docs.gitlab.com/api/project_forks';
const text = { type: 'string' };
const creation = {
  properties: {
    ...{ name: text, path: text, description: text, namespace: { type: ['string', 'integer'] } },
    ...{ namespace_id: { type: 'integer' }, namespace_path: text },
    visibility: { enum: ['private', 'internal', 'public'] },
  },
};

export const forksRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/projects/:id/forks',
    access: readsCode,
    schema: { source, query: { search: text } },
    handle: onCode(({ twin, project, actor, query }) => {
      const search = (textOf(query.search) ?? '').toLowerCase();
      const seen = forksOf(twin.world, project).filter((fork) => canSee(actor?.user, fork));
      const found = seen.filter(({ name }) => name.toLowerCase().includes(search));
      return { list: found.map((fork) => projectJson(twin.world, fork, actor?.user)) };
    }),
  },
  {
    method: 'POST',
    path: '/projects/:id/fork',
    // Whoever reads the code may fork it.
    access: { role: 'user' },
    schema: { source, body: creation },
    handle: onCode(async (call) => ({ json: await fork(call), status: 201 })),
  },
];

/** A fork is there at once: GitLab does it in the background and shows `import_status` meanwhile. */
async function fork(call: ProjectCall) {
  const { twin, project } = call;
  const sent = call.body;
  const user = userOf(call);
  const ownName = project.path.slice(project.path.lastIndexOf('/') + 1);
  const path = newPath(twin.world, user, sent, textOf(sent.path) ?? ownName, 409);
  const copy = addProject(twin.world, {
    ...{ path, name: textOf(sent.name) ?? project.name, creatorId: user.id, forkedFromId: project.id },
    ...{
      description: project.description,
      visibility: project.visibility,
      defaultBranch: project.defaultBranch,
    },
    settings: {
      ci_config_path: project.settings.ci_config_path,
      build_timeout: project.settings.build_timeout,
    },
  });
  try {
    applySettings(copy, sent);
    await twin.repositories.fork(project, copy);
  } catch (error) {
    twin.world.projects.delete(copy.id);
    throw error;
  }
  const branch = copy.defaultBranch;
  if (branch !== undefined && protectionOf(copy.protectedBranches, branch) === undefined) {
    protectBranch(twin.world, copy, branch);
  }
  return projectJson(twin.world, copy, user);
}
