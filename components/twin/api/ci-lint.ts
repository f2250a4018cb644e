import { onProject } from '../server/on-project.ts';
import { notFound } from '../server/reply.ts';
import type { ProjectCall, Reply, Route } from '../server/types.ts';
import { onCode } from './code.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, textOf } from './given.ts';

/** Source: docs.gitlab.com/api/lint */
export const ciLintRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/projects/:id/ci/lint',
    access: { role: 'developer' },
    handle: onProject(async (call) => {
      const { content, ref, dry_run, include_jobs } = call.body;
      const at = textOf(ref) ?? call.project.defaultBranch ?? 'main';
      return lint(call, { text: textOf(content) ?? '', ref: at, contentRef: at }, dry_run, include_jobs);
    }),
  },
  {
    method: 'GET',
    path: '/projects/:id/ci/lint',
    access: { role: 'anyone', anonymous: false },
    handle: onCode(async (call) => {
      const { content_ref, sha, dry_run_ref, ref, dry_run, include_jobs } = call.query;
      const branch = call.project.defaultBranch ?? 'main';
      const contentRef = textOf(content_ref) ?? textOf(sha) ?? branch;
      const text = await configurationAt(call, contentRef);
      const at = textOf(dry_run_ref) ?? textOf(ref) ?? branch;
      return lint(call, { text, ref: at, contentRef }, dry_run, include_jobs);
    }),
  },
];

/** @throws Refusal 404 where there is no such commit, or no configuration in it */
async function configurationAt({ twin, project }: ProjectCall, ref: string): Promise<string> {
  const sha = await twin.repositories.resolve(project, ref);
  if (sha === undefined) throw notFound('Commit');
  const file = await twin.repositories.blob(project, sha, project.settings.ci_config_path);
  return file === undefined ? '' : new TextDecoder().decode(file);
}

async function lint(
  call: ProjectCall,
  { text, ref, contentRef }: { readonly text: string; readonly ref: string; readonly contentRef: string },
  dryRun: unknown,
  includeJobs: unknown,
): Promise<Reply> {
  const { twin, project } = call;
  // An empty repository has no commit; includes of its own files then find nothing.
  const sha = (await twin.repositories.resolve(project, contentRef)) ?? '0'.repeat(40);
  const result = await twin.pipelines.lint(project, {
    ...{ text, sha, ref, user: userOf(call), dryRun: flagOf(dryRun) ?? false },
  });
  const { valid, errors, warnings, mergedYaml, jobs } = result;
  return {
    json: {
      ...{ valid, errors, warnings, merged_yaml: mergedYaml },
      ...(flagOf(includeJobs) === true && { jobs }),
    },
    status: 200,
  };
}
