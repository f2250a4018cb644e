import { unlessMissing } from '../gitlab/endpoints/define.ts';
import { firstOf } from '../gitlab/endpoints/first-of.ts';
import { answerStatusCheck, listStatusChecks } from '../gitlab/endpoints/status-checks.ts';
import { errors as gitlabErrors } from '../gitlab/errors.ts';
import type { GitLab } from '../gitlab/types.ts';
import { Failure } from '../kernel/failure.ts';
import type { Receipt, Verdict } from './report.gen.ts';
import type { TargetFacts } from './target.ts';

/** The check that is answered where a decision is shown and no other is named. */
export const usualCheck = 'pipewright';

/** What GitLab says where its licence has no such checks, or the token may not see them. */
const withheld: readonly string[] = [gitlabErrors.UNAUTHORIZED.code, gitlabErrors.FORBIDDEN.code];

/**
 * Answers the external status check of that name for the decided head, so that one that must succeed binds the merge to the
 * decision. Where nobody has asked for it by name, that there is none is no failure.
 *
 * @param named - its name, where it was asked for
 */
export async function answerCheck(
  gitlab: GitLab,
  { project, mergeRequest, head }: Pick<TargetFacts, 'project' | 'mergeRequest' | 'head'>,
  verdict: Verdict,
  named: string,
): Promise<Receipt> {
  const name = named === '' ? usualCheck : named;
  const of = { project: project.id, mergeRequest: mergeRequest.iid };
  const absent = (reason: string): Receipt => ({ done: named === '' ? 'not done' : 'failed', reason });
  try {
    const check = await unlessMissing(firstOf(listStatusChecks(gitlab, of), (one) => one.name === name));
    if (check === undefined)
      return absent(`no external status check ${name} applies to it; they are of GitLab Ultimate`);
    const status = verdict === 'allowed' || verdict === 'nothing' ? 'passed' : 'failed';
    if (check.status === status) return { done: 'unchanged', id: check.id };
    await answerStatusCheck(gitlab, { ...of, check: check.id, sha: head, status });
    return { done: 'updated', id: check.id };
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === 'bug') throw error;
    if (withheld.includes(error.code)) return absent(error.message);
    return { done: 'failed', reason: error.message };
  }
}
