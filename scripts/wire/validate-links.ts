import { commitId, runsInGitLab, variables } from '../../components/gitlab/ci-context.ts';
import type { Context } from '../../components/kernel/context.ts';

/**
 * URL of the files of this checkout, ending in `/`; undefined outside of GitLab. Line numbers are those of the commit that
 * is checked out, which in pipelines of merged results is on no branch: GitLab shows it all the same.
 */
export function sourceUrl({ env }: Pick<Context, 'env'>): string | undefined {
  if (!runsInGitLab(env)) return undefined;
  const project = URL.parse(env[variables.projectUrl.name] ?? '');
  const commit = commitId(env[variables.commitSha.name]);
  if (project === null || commit === undefined || !/^https?:$/.test(project.protocol)) return undefined;
  // It becomes part of a link in Markdown, which a parenthesis would end.
  const path = project.pathname.replace(/\/+$/, '').replaceAll('(', '%28').replaceAll(')', '%29');
  return `${project.origin}${path}/-/blob/${commit}/`;
}
