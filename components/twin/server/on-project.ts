import type { Call, ProjectCall, Route } from './types.ts';

/** Makes a handler of a route below `/projects/:id`, where the server has found the project, fit for a {@link Route}. */
export function onProject(
  handle: (call: ProjectCall) => ReturnType<Route['handle']>,
): (call: Call) => ReturnType<Route['handle']> {
  return (call) => {
    if (!isProjectCall(call)) throw new Error('a handler of a project stands at a path without one');
    return handle(call);
  };
}

function isProjectCall(call: Call): call is ProjectCall {
  return 'project' in call;
}
