import { setStatus } from '../gitlab/endpoints/statuses.ts';
import type { GitLab } from '../gitlab/types.ts';
import { Failure } from '../kernel/failure.ts';
import type { DecisionReport, Receipt, Verdict } from './report.gen.ts';
import type { TargetFacts } from './target.ts';

/** Under it the decision stands in the pipeline of the merge request, among its jobs. */
export const statusName = 'pipewright/decision';

/**
 * Shows a decision as a status of the very pipeline it is about: by name and commit, so twice is as good as once. Undefined
 * where nothing was proposed. A pipeline of a fork is the fork's, where this account writes nothing.
 */
export async function showStatus(
  gitlab: GitLab,
  { project, pipeline, fork }: TargetFacts,
  { verdict, bundles }: Pick<DecisionReport, 'verdict' | 'bundles'>,
): Promise<Receipt | undefined> {
  if (verdict === 'nothing') return undefined;
  if (fork) return { done: 'not done', reason: 'the pipeline is one of a fork, which has its own statuses' };
  const counts = new Map<Verdict, number>();
  for (const { verdict: one } of bundles.flatMap(({ proposals }) => proposals))
    counts.set(one, (counts.get(one) ?? 0) + 1);
  const words = (['allowed', 'denied', 'undecided'] as const)
    .filter((one) => counts.has(one))
    .map((one) => `${counts.get(one)} ${one}`);
  try {
    const { id } = await setStatus(gitlab, {
      ...{ project: project.id, sha: pipeline.sha, pipelineId: pipeline.id, name: statusName },
      state: verdict === 'allowed' ? 'success' : 'failed',
      description: words.length === 0 ? `its proposals: ${verdict}` : `of its proposals ${words.join(', ')}`,
    });
    return { done: 'updated', id };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'bug') throw error;
    return { done: 'failed', reason: error.message };
  }
}
