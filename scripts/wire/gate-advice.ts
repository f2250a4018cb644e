import type { AdviseRequest } from '../../components/decide/advise.ts';
import { findAsked, isNothing, nothingAsked } from '../../components/decide/asked.ts';
import type { DecisionReport } from '../../components/decide/report.gen.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { Finding } from '../../components/kernel/finding.ts';

/** Asks the policies, which takes as long as all else together, only where there is something to ask. */
export async function adviseOn(
  { clock }: Pick<Context, 'clock'>,
  request: AdviseRequest,
): Promise<{ readonly report: DecisionReport; readonly findings: readonly Finding[] }> {
  const { version, commit, target, bundles } = request;
  if (isNothing(findAsked(request), bundles))
    return { report: nothingAsked(version, commit, target), findings: [] };
  const { advise } = await import('../../components/decide/advise.ts');
  return advise(clock, request);
}
