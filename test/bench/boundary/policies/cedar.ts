import {
  type AuthorizationAnswer,
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyRequest } from '../../../../components/policy/types.ts';
import type { MeasuredEngine } from './engine.ts';
import type { MeasuredPolicy, Term } from './policy-set.ts';

/** Cedar has no fractions in JSON: these facts are given in hundredths. */
const hundredths = ['context.cost_usd', 'context.confidence'];

/** Cedar with the whole set preparsed, as its own API has it; what it takes is made before the clock runs. */
export function createCedar(
  policies: readonly MeasuredPolicy[],
): MeasuredEngine<StatefulAuthorizationCall, AuthorizationAnswer> {
  const preparsedPolicySetId = `bench-${policies.length}`;
  const staticPolicies = Object.fromEntries(policies.map((policy) => [policy.name, cedarOf(policy)]));
  const answer = preparsePolicySet(preparsedPolicySetId, { staticPolicies });
  if (answer.type === 'failure') throw new Error(JSON.stringify(answer.errors));
  return {
    prepare: (request) => ({ ...callOf(request), entities: [], preparsedPolicySetId }),
    decide: (call) => statefulIsAuthorized(call),
    verdict: (given) => {
      if (given.type === 'failure') throw new Error(JSON.stringify(given.errors));
      const { decision: effect, diagnostics } = given.response;
      if (diagnostics.errors.length > 0) throw new Error(JSON.stringify(diagnostics.errors));
      return { allowed: effect === 'allow', ids: diagnostics.reason.toSorted() };
    },
  };
}

function cedarOf({ effect, match, terms }: MeasuredPolicy): string {
  const actions = match.actions.map((action) => `Action::"${action}"`).join(', ');
  const tests = [
    ...anyOf('principal', 'Agent', match.agents?.names),
    ...anyOf('resource', 'Resource', match.resources),
    ...(match.agents?.tiers === undefined
      ? []
      : [`${JSON.stringify(match.agents.tiers)}.contains(context.agent_tier)`]),
    ...terms.map(termOf),
  ];
  const when = tests.length === 0 ? '' : ` when { ${tests.join(' && ')} }`;
  return `${effect} (principal, action in [${actions}], resource)${when};`;
}

function anyOf(variable: string, type: string, names: readonly string[] | undefined): readonly string[] {
  if (names === undefined) return [];
  return [`(${names.map((name) => `${variable} == ${type}::"${name}"`).join(' || ')})`];
}

function termOf(term: Term): string {
  const fact = `context.${attribute(term.fact)}`;
  const value = JSON.stringify(scaled(term.fact, term.value));
  if (term.op === 'in') return `${value}.contains(${fact})`;
  if (term.op === 'not in') return `!${value}.contains(${fact})`;
  if (term.op === 'contains') return `${fact}.contains(${value})`;
  return `${fact} ${term.op} ${value}`;
}

function callOf({ action, agent, resource, facts }: PolicyRequest) {
  const context = Object.entries(facts).map(([name, value]) => [attribute(name), scaled(name, value)]);
  return {
    principal: { type: 'Agent', id: agent.name },
    action: { type: 'Action', id: action },
    resource: { type: 'Resource', id: resource },
    // Only what policies may ask for would be fewer; a caller gives all facts, as ours is given them.
    context: Object.fromEntries(context),
  };
}

function attribute(fact: string): string {
  return fact.replace('.', '_');
}

function scaled(fact: string, value: unknown): unknown {
  if (hundredths.includes(fact)) return Math.round(Number(value) * 100);
  return fact === 'agent.max_cost_per_day_usd' ? Math.round(Number(value) * 100) : value;
}
