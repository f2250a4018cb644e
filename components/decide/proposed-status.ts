import { firstOf } from '../gitlab/endpoints/first-of.ts';
import { listStatuses, setStatus } from '../gitlab/endpoints/statuses.ts';
import type { GitLab } from '../gitlab/types.ts';
import type { Effect } from '../proposals/kind.ts';
import { findUnsafeLine } from '../proposals/text/find-unsafe.ts';
import { errors } from './errors.ts';
import type { Receipt } from './report.gen.ts';
import type { TargetFacts } from './target.ts';
import type { Written } from './texts.ts';

/**
 * Sets a status of the decided commit in its pipeline. Its name begins with ours and the agent's, so that it is neither that of the
 * decision nor of another agent. One that says the same is left alone: GitLab would put another in its place.
 *
 * @throws DECIDE_UNSAFE_TEXT
 */
export async function convergeStatus(
  gitlab: GitLab,
  { project, head, pipeline }: Pick<TargetFacts, 'project' | 'head' | 'pipeline'>,
  { name, state, description }: Extract<Effect, { readonly kind: 'status' }>,
  { agent }: Pick<Written, 'agent'>,
): Promise<Receipt> {
  const found = findUnsafeLine(description);
  if (found.length > 0) throw errors.UNSAFE_TEXT({ kind: 'status', found: found.join(', ') });
  const of = { project: project.id, sha: head, name: `pipewright/${agent}/${name}`, pipelineId: pipeline.id };
  const there = await firstOf(listStatuses(gitlab, of), (one) => one.name === of.name);
  if (there?.status === state && there.description === description)
    return { done: 'unchanged', id: there.id };
  const { id } = await setStatus(gitlab, { ...of, state, description });
  return { done: there === undefined ? 'created' : 'updated', id };
}
