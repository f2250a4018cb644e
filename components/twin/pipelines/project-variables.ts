import { matchesWildcard } from '../world/access.ts';
import type { Pipeline } from '../world/pipeline.ts';
import type { Project, Variable } from '../world/project.ts';

/**
 * The variables of a project's settings that a job gets: protected ones only in a protected pipeline, and of those
 * with one name the one whose scope fits the environment best. Without an environment only scope `*` fits.
 * Source: docs.gitlab.com/ci/environments/#limit-the-environment-scope-of-a-cicd-variable
 */
export function projectVariables(
  project: Project,
  { protectedRef }: Pick<Pipeline, 'protectedRef'>,
  environment: string | undefined,
): readonly Variable[] {
  const fitting = project.variables.filter((variable) => {
    if (variable.protected && !protectedRef) return false;
    const { environmentScope: scope } = variable;
    return scope === '*' || (environment !== undefined && matchesWildcard(scope, environment));
  });
  const ranked = fitting.toSorted((a, b) => rank(a, environment) - rank(b, environment));
  return [...new Map(ranked.map((variable) => [variable.key, variable])).values()];
}

/** Greater for a better fit: the name itself, then the longer text before and around the wildcards. */
function rank({ environmentScope: scope }: Variable, environment: string | undefined): number {
  return scope === environment ? Number.POSITIVE_INFINITY : scope.replaceAll('*', '').length;
}
