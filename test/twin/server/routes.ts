import { onProject } from '../../../components/twin/server/on-project.ts';
import type { Access, Method, Route } from '../../../components/twin/server/types.ts';

/** A route that answers what its handler got. */
export function echo(method: Method, path: string, access: Access = { role: 'anyone' }): Route {
  return {
    ...{ method, path, access },
    handle: ({ params, query, body, actor }) => ({
      status: 200,
      json: { route: `${method} ${path}`, params, query, body, user: actor?.user.username ?? null },
    }),
  };
}

/** A route below a project that answers who asked for which. */
export function ofProject(method: Method, path: string, access: Access): Route {
  return {
    ...{ method, path, access },
    handle: onProject(({ project, actor }) => ({
      status: 200,
      json: { project: project.path, user: actor?.user.username ?? null, token: actor?.token.kind ?? null },
    })),
  };
}
