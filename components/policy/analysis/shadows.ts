import { fitsGlob } from '../match.ts';
import type { Match, Policy } from '../types.ts';
import { assignmentsOf, finiteFacts } from './assignments.ts';
import { hold, type Parts } from './conditions.ts';

/** Combinations that are looked through for two policies: pairs are many. */
const mostOfPair = 5_000;

/**
 * The policy that makes another one needless: wherever that one holds, it holds as well, and says the same with no less
 * weight; or it forbids all that the other permits. Undefined where there is none, or where nobody can tell.
 */
export function shadowOf(own: Candidate, others: readonly Candidate[]): Policy | undefined {
  const at = others.indexOf(own);
  const found = others.find((other, index) => {
    if (other === own || !outweighs(other.policy, own.policy) || !covers(own, other)) return false;
    // Of two that cover each other the later one is needless.
    return index < at || !outweighs(own.policy, other.policy) || !covers(other, own);
  });
  return found?.policy;
}

/** A policy taken apart, once for all the others it is held against. */
export interface Candidate {
  readonly policy: Policy;
  readonly parts: Parts;
}

function outweighs(other: Policy, policy: Policy): boolean {
  if (other.effect === 'permit') return policy.effect === 'permit';
  return other.severity === 'error' || (policy.effect === 'forbid' && policy.severity === 'warning');
}

/** Whether the other holds wherever the policy does. */
function covers({ policy, parts: own }: Candidate, { policy: other, parts: wanted }: Candidate): boolean {
  if (!matchCovers(policy.match, other.match)) return false;
  const texts = new Set([...own.finite, ...own.free].map(({ source }) => source));
  // What both ask for needs no proof, also where it is not finite.
  if (wanted.free.some(({ source }) => !texts.has(source))) return false;
  const known = finiteFacts(policy.match);
  const open = wanted.finite.filter(({ source }) => !texts.has(source));
  if (open.some(({ facts }) => facts.some((name) => !known.has(name)))) return false;
  if (open.length === 0) return true;
  const names = [...own.finite, ...open].flatMap(({ facts }) => facts);
  const { resources } = policy.match;
  const rows = assignmentsOf(names, known, mostOfPair)?.filter(
    (row) => resources?.some((resource) => resource === row['resource.kind']) ?? true,
  );
  return rows?.every((row) => !hold(own.finite, row) || hold(open, row)) ?? false;
}

/** Whether each request that fits the narrow match fits the wide one. */
function matchCovers(narrow: Match, wide: Match): boolean {
  const [few, many] = [narrow.agents ?? {}, wide.agents ?? {}];
  return (
    isWithin(narrow.actions, wide.actions) &&
    isWithin(narrow.resources, wide.resources) &&
    isWithin(few.kinds, many.kinds) &&
    isWithin(few.tiers, many.tiers) &&
    isWithinPatterns(few.names, many.names) &&
    isWithinPatterns(narrow.environments, wide.environments)
  );
}

function isWithin(few: readonly string[] | undefined, many: readonly string[] | undefined): boolean {
  return many === undefined || (few?.every((one) => many.includes(one)) ?? false);
}

/** Only what is certain: a pattern within another one is not looked for. */
function isWithinPatterns(few: readonly string[] | undefined, many: readonly string[] | undefined): boolean {
  if (many === undefined) return true;
  return (
    few?.every((one) => many.includes(one) || (!one.includes('*') && many.some((p) => fitsGlob(p, one)))) ??
    false
  );
}
