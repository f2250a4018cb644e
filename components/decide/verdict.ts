import type { Verdict } from './report.gen.ts';

/** Of several: what could not be decided outweighs a denial, since nobody knows what it would have been; what is open, nothing. */
export function verdictOf(verdicts: readonly Verdict[]): Verdict {
  for (const verdict of ['undecided', 'denied', 'open', 'allowed'] as const)
    if (verdicts.includes(verdict)) return verdict;
  return 'nothing';
}
