import { onProject } from '../server/on-project.ts';
import { forbidden, notFound } from '../server/reply.ts';
import type { Access, Call, ProjectCall, Route } from '../server/types.ts';
import { mayReadCode } from '../world/access.ts';

/** To read a repository, or what is as secret. Guests of a private project do not: {@link onCode} sees to it. */
export const readsCode: Access = { role: 'anyone' };
/** GitLab lets job tokens read some of it. Source: docs.gitlab.com/ci/jobs/ci_job_token */
export const jobsReadCode: Access = { ...readsCode, jobToken: true };
export const writesCode: Access = { role: 'developer' };

/** A handler for those who may read the code. */
export function onCode(
  handle: (call: ProjectCall) => ReturnType<Route['handle']>,
): (call: Call) => ReturnType<Route['handle']> {
  return onProject((call) => {
    const { project, actor } = call;
    if (!mayReadCode(actor?.user, project)) throw forbidden();
    return handle(call);
  });
}

/** The commit that a name stands for; without a name that of the default branch. */
export async function findCommit(
  { twin, project }: ProjectCall,
  name: string | undefined,
): Promise<string | undefined> {
  const { defaultBranch } = project;
  const wanted =
    name === undefined || name === 'HEAD' ? defaultBranch && `refs/heads/${defaultBranch}` : name;
  return wanted ? twin.repositories.resolve(project, wanted) : undefined;
}

/** @throws Refusal 404 */
export async function commitOf(
  call: ProjectCall,
  name: string | undefined,
  what = 'Commit',
): Promise<string> {
  const sha = await findCommit(call, name);
  if (sha === undefined) throw notFound(what);
  return sha;
}
