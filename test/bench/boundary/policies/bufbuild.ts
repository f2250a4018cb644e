import { celEnv, parse, plan } from '@bufbuild/cel';
import { environments } from '../../../../components/expressions/registry.ts';
import type { PolicyRequest } from '../../../../components/policy/types.ts';
import { celOf } from './cel-text.ts';
import { combine, indexed, type MeasuredEngine } from './engine.ts';
import type { MeasuredPolicy, Term } from './policy-set.ts';

interface Input {
  readonly request: PolicyRequest;
  readonly bindings: Record<string, string>;
}

const ints = new Set(environments.policy.facts.filter(({ type }) => type === 'int').map(({ name }) => name));

/** `@bufbuild/cel` with the same index; its inputs have its own types before the clock runs. */
export function createBufbuild(
  policies: readonly MeasuredPolicy[],
): MeasuredEngine<Input, readonly MeasuredPolicy[]> {
  const environment = celEnv();
  const rows = policies.map((policy) => {
    const terms = [...scopeOf(policy), ...policy.terms];
    return [
      policy,
      { policy, evaluate: plan(environment, parse(terms.length === 0 ? 'true' : celOf(terms))) },
    ] as const;
  });
  const find = indexed(rows);
  return {
    prepare: (request) => ({ request, bindings: bindingsOf(request) }),
    decide: ({ request, bindings }) => {
      const held: MeasuredPolicy[] = [];
      for (const group of find(request))
        for (const { policy, evaluate } of group) {
          const result = evaluate(bindings);
          if (typeof result !== 'boolean') throw new Error(`${policy.name}: ${String(result)}`);
          if (result) held.push(policy);
        }
      return held;
    },
    verdict: combine,
  };
}

/** What the index has not asked. */
function scopeOf({ match: { agents, resources } }: MeasuredPolicy): readonly Term[] {
  return [
    ...(agents?.tiers === undefined ? [] : [{ fact: 'agent.tier', op: 'in' as const, value: agents.tiers }]),
    ...(resources === undefined ? [] : [{ fact: 'resource.kind', op: 'in' as const, value: resources }]),
  ];
}

function bindingsOf({ facts }: PolicyRequest): Record<string, string> {
  const groups: Record<string, Map<string, unknown>> = {};
  for (const [name, value] of Object.entries(facts)) {
    const [group = '', part = ''] = name.split('.');
    groups[group] ??= new Map();
    groups[group].set(part, ints.has(name) ? BigInt(Number(value)) : value);
  }
  // Its own type of bindings knows only declared variables.
  return groups as unknown as Record<string, string>;
}
