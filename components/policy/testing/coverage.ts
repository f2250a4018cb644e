import type { Finding } from '../../kernel/finding.ts';
import { policyFindings as codes } from '../findings.ts';
import { placeIssues } from '../place-issues.ts';
import { trace } from '../trace.ts';
import type { ParsedLevel, Policy, PolicyRequest } from '../types.ts';

/** Whether tests have seen both sides of a policy. */
export interface PolicyCoverage {
  readonly policy: Policy;
  /** It held. */
  readonly held: boolean;
  /** It did not, though it was about the request; one without conditions: it was not about the request. */
  readonly stayedOut: boolean;
}

/** Which policies of a level the requests of tests have decided both ways. One that cannot be evaluated shows neither. */
export function coverageOf(
  level: ParsedLevel,
  requests: readonly PolicyRequest[],
): readonly PolicyCoverage[] {
  const traces = requests.map((request) => trace([level], request));
  return level.policies.map((policy) => {
    const answers = traces.map((traced) => traced.find((one) => one.policy === policy)?.answer);
    const out = policy.conditions.length > 0 ? false : undefined;
    return { policy, held: answers.includes(true), stayedOut: answers.includes(out) };
  });
}

/** A finding for each policy that tests have not seen both sides of. */
export function uncovered(coverage: readonly PolicyCoverage[]): readonly Finding[] {
  const some = coverage.filter(({ held, stayedOut }) => !held || !stayedOut);
  return placeIssues(
    some.map(({ policy, held, stayedOut }) => {
      const missing = [...(held ? [] : ['decides']), ...(stayedOut ? [] : [sideOut(policy)])];
      const issue = {
        ...{ code: codes.UNCOVERED, path: ['metadata', 'name'] },
        message: `no test shows a request that ${policy.name} ${missing.join(', and none that it ')}`,
        fix: 'Add cases for it to a file *.test.yaml beside it.',
      };
      return { at: policy.place, issue };
    }),
  );
}

function sideOut({ conditions }: Policy): string {
  return conditions.length > 0 ? 'is about and does not decide' : 'is not about';
}
