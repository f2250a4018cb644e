import type { PolicyRequest } from '../policy/types.ts';
import type { Judging } from './judging.ts';
import type { AgentDecision } from './report.gen.ts';
import { recordFacts, type Surroundings } from './requests.ts';

type Asked = Pick<AgentDecision, 'verdict' | 'reasons' | 'policies' | 'warnings' | 'facts'>;

/** More approvals than any policy asks for. */
const plenty = 1_000;

/**
 * Asks the policies. What only approvals or certificates that cannot be seen here could still allow is not denied: it is
 * open where a trusted project decides, which sees them, and undecided where there is none. An approval starts no pipeline,
 * so whoever reads this must know what is missing.
 */
export function askPolicies(
  {
    engine,
    around,
    decidedElsewhere,
    unread,
  }: Pick<Judging, 'engine' | 'around' | 'decidedElsewhere' | 'unread'>,
  request: (around: Surroundings) => PolicyRequest,
): Asked {
  const asked = request(around);
  const { effect, policies, warnings } = engine.decide(asked);
  const rows = {
    facts: recordFacts(asked.facts),
    policies: policies.map((row) => ({ ...row })),
    warnings: warnings.map((row) => ({ ...row })),
  };
  const verdict = decidedElsewhere ? 'open' : 'undecided';
  // A level can only narrow: what the others deny is denied, whatever those say that cannot be read.
  const hidden = unread.map((level) => `it depends on level ${level}, whose policies cannot be read here`);
  if (effect === 'allow' && hidden.length > 0) return { verdict, reasons: hidden, ...rows };
  if (effect === 'allow') return { verdict: 'allowed', reasons: [], ...rows };
  const missing = whatIsMissing(around, decidedElsewhere, (known) => engine.decide(request(known)).effect);
  if (missing === undefined) return { verdict: 'denied', reasons: [], ...rows };
  const reason = `it depends on ${missing}, which only the deciding side sees`;
  return { verdict, reasons: [reason, ...hidden], ...rows };
}

/** What would turn a denial, if that is nothing but what cannot be seen here. */
function whatIsMissing(
  around: Surroundings,
  decidedElsewhere: boolean,
  effectWith: (known: Surroundings) => 'allow' | 'deny',
): string | undefined {
  const approved =
    around.approvals === undefined ? { approvals: plenty, codeOwnersApproved: true } : undefined;
  const certified = decidedElsewhere ? { certified: 'gold' as const } : undefined;
  // Which tier an environment has only GitLab knows: of the tiers one is taken that stops nobody.
  const known = {
    ...around,
    ...((around.environmentTier ?? !decidedElsewhere) ? {} : { environmentTier: () => 'other' }),
  };
  const tries: readonly (readonly [string, Surroundings | undefined])[] = [
    ['the tier of its environment', known.environmentTier === around.environmentTier ? undefined : known],
    ['approvals', approved && { ...known, ...approved }],
    ['certificates', certified && { ...known, ...certified }],
    ['approvals and certificates', approved && certified && { ...known, ...approved, ...certified }],
  ];
  return tries.find(([, more]) => more !== undefined && effectWith(more) === 'allow')?.[0];
}
