import type { PipelineRequest } from '../../../components/twin/ports.ts';
import type { Route } from '../../../components/twin/server/types.ts';
import { accessLevels, type Role, type Scope } from '../../../components/twin/world/people.ts';
import { bytes, person } from '../repositories/setup.ts';
import { type ApiOptions, addPersonalToken, addProject, addUser, startApi } from '../server/harness.ts';

export type Json = Readonly<Record<string, unknown>>;

/** An API with ada's private project `group/project`, whose `main` has two files; pipelines are only noted. */
export async function startRepository(routes: readonly Route[], options: Partial<ApiOptions> = {}) {
  const pipelines: PipelineRequest[] = [];
  const api = await startApi({
    routes,
    repositories: 'real',
    strict: true,
    pipelines: {
      create: async (request) => {
        pipelines.push(request);
        return { ok: false, filtered: true, messages: [] };
      },
    },
    ...options,
  });
  const { world, twin } = api;
  const ada = addUser(world, { username: 'ada', name: 'Ada' });
  const project = addProject(world, { path: 'group/project', creatorId: ada.id, defaultBranch: 'main' });
  await twin.repositories.create(project);
  const written = await twin.repositories.write(project, {
    ...{ branch: 'main', message: 'First\n\nMore.', author: person, committer: person },
    actions: [
      { action: 'create', path: 'README.md', content: bytes('# Hello\n') },
      { action: 'create', path: 'src/a b.txt', content: bytes('one\ntwo\n') },
    ],
  });
  const first = written.ok ? written.sha : '';
  const tokenOf = (userId: number, ...scopes: Scope[]) =>
    addPersonalToken(world, { userId, scopes: scopes.length === 0 ? ['api'] : scopes }).value;
  /** Token of a new user with a role in the project. */
  const as = (role: Role, ...scopes: Scope[]) => {
    const user = addUser(world, { username: `${role}${world.users.size}` });
    if (role !== 'none') project.members.set(user.id, accessLevels[role]);
    return tokenOf(user.id, ...scopes);
  };
  return { ...api, ada, project, first, pipelines, tokenOf, as, token: tokenOf(ada.id) };
}
