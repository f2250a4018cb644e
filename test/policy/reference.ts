import type { Match, PolicyRequest } from '../../components/policy/types.ts';

/** Answer of one condition in plain code. */
export type Answer = boolean | 'error';

/** A policy as plain closures, without an index and without CEL: what the engine is held against. */
export interface PlainPolicy {
  readonly name: string;
  readonly effect: 'permit' | 'forbid';
  readonly severity?: 'error' | 'warning';
  readonly match: Match;
  readonly conditions: readonly ((facts: PolicyRequest['facts']) => Answer)[];
}

export interface PlainLevel {
  readonly name: string;
  readonly policies: readonly PlainPolicy[];
}

export interface PlainDecision {
  readonly effect: 'allow' | 'deny';
  /** Sorted; those that could not be evaluated begin with `!`. */
  readonly ids: readonly string[];
  readonly warnings: readonly string[];
}

/** Decides as design says: the widest level and each with a permit for the action must permit, any forbid or error of one denies. */
export function decidePlainly(levels: readonly PlainLevel[], request: PolicyRequest): PlainDecision {
  const denied: string[] = [];
  const permitted: string[] = [];
  const warnings: string[] = [];
  for (const [index, { name, policies }] of levels.entries()) {
    const judged = policies.map((policy) => ({ policy, answer: ask(policy, request) }));
    const idsOf = (rows: typeof judged) =>
      rows.map(({ policy, answer }) => `${answer === 'error' ? '!' : ''}${name}/${policy.name}`);
    const forbids = judged.filter(({ policy, answer }) => policy.effect === 'forbid' && answer !== false);
    denied.push(...idsOf(forbids.filter(({ policy }) => policy.severity !== 'warning')));
    warnings.push(...idsOf(forbids.filter(({ policy }) => policy.severity === 'warning')));
    const permits = judged.filter(({ policy }) => policy.effect === 'permit');
    const holding = permits.filter(({ answer }) => answer === true);
    permitted.push(...idsOf(holding));
    const must = index === 0 || permits.some(({ policy }) => policy.match.actions.includes(request.action));
    if (!must || holding.length > 0) continue;
    denied.push(...idsOf(permits.filter(({ answer }) => answer === 'error')), `${name}/no-permit`);
  }
  const effect = denied.length === 0 ? 'allow' : 'deny';
  return { effect, ids: (effect === 'allow' ? permitted : denied).sort(), warnings: warnings.sort() };
}

function ask({ match, conditions }: PlainPolicy, request: PolicyRequest): Answer {
  if (!fits(match, request)) return false;
  for (const condition of conditions) {
    const answer = condition(request.facts);
    if (answer !== true) return answer;
  }
  return true;
}

function fits({ actions, agents = {}, resources, environments }: Match, request: PolicyRequest): boolean {
  const { name, kind, tier } = request.agent;
  const { environment } = request;
  return (
    actions.includes(request.action) &&
    (resources?.includes(request.resource) ?? true) &&
    (agents.kinds?.includes(kind) ?? true) &&
    (agents.tiers?.includes(tier) ?? true) &&
    (agents.names?.some((pattern) => fitsPattern(pattern, name)) ?? true) &&
    (environments?.some((pattern) => environment !== undefined && fitsPattern(pattern, environment)) ?? true)
  );
}

function fitsPattern(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`).test(name);
}
