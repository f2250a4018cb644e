import type { Finding } from '../../kernel/finding.ts';
import { policyFindings as codes } from '../findings.ts';
import { type IssueOfDocument, placeIssues } from '../place-issues.ts';
import type { ParsedLevel, Policy } from '../types.ts';
import { partsOf, type Reach, reachOf } from './conditions.ts';
import { type Candidate, shadowOf } from './shadows.ts';
import { unknownWords } from './unknown-words.ts';

export interface Analysis {
  /** How many policies can hold, and of how many nobody can tell without trying values that are not finite. */
  readonly counts: Readonly<Record<Reach, number>>;
  readonly findings: readonly Finding[];
}

/**
 * What can be said about a level's policies without any request: those that never hold, that another one makes needless, words
 * that a fact never is, and permits without a condition. Facts with few values are tried with all of them; about all others nothing is claimed.
 */
export function analyse({ policies }: ParsedLevel): Analysis {
  const counts: Record<Reach, number> = { never: 0, sometimes: 0, always: 0, unknown: 0 };
  const issues: IssueOfDocument[] = [];
  const reaches = new Map(policies.map((policy) => [policy, reachOf(policy)]));
  const living = policies
    .filter((policy) => reaches.get(policy) !== 'never')
    .map((policy): Candidate => ({ policy, parts: partsOf(policy) }));
  for (const [policy, reach] of reaches) {
    counts[reach] += 1;
    const issue = reach === 'never' ? neverHolds(policy) : issueOf(policy, reach, living);
    const found = [...(issue === undefined ? [] : [issue]), ...unknownWords(policy)];
    issues.push(...found.map((one) => ({ at: policy.place, issue: one })));
  }
  return { counts, findings: placeIssues(issues) };
}

function neverHolds({ name }: Policy): IssueOfDocument['issue'] {
  return {
    ...{ code: codes.NEVER_HOLDS, path: ['spec', 'conditions'], target: 'key' },
    message: `the conditions of ${name} hold for no request that it is about`,
    fix: 'Correct the conditions, or the match; as it stands the policy does nothing.',
  };
}

function issueOf(
  policy: Policy,
  reach: Reach,
  living: readonly Candidate[],
): IssueOfDocument['issue'] | undefined {
  const own = living.find((one) => one.policy === policy);
  const shadow = own && shadowOf(own, living);
  if (shadow !== undefined) {
    const how = shadow.effect === policy.effect ? 'says the same of' : 'forbids';
    return {
      ...{ code: codes.SHADOWED, path: ['metadata', 'name'] },
      message: `${shadow.name} ${how} every request that ${policy.name} is decided by`,
      fix: 'Remove the policy, or make the other one narrower.',
    };
  }
  if (policy.effect === 'forbid' || reach !== 'always') return undefined;
  return {
    ...{ code: codes.UNCONDITIONAL, path: ['spec', 'effect'] },
    message: `${policy.name} permits whatever it is about, without a condition`,
  };
}
