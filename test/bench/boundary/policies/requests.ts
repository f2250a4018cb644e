import type { PolicyRequest } from '../../../../components/policy/types.ts';
import { agentsOf, providers, tiers } from './policy-set.ts';

/** Numbers from 0 up to 1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Requests with every fact of the environment, by agents of that many teams. */
export function requestsOf(teams: number, count: number): readonly PolicyRequest[] {
  const random = seeded(4);
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] ?? (values[0] as T);
  const some = (values: readonly string[]) => values.filter(() => random() < 0.2);
  return Array.from({ length: count }, () => {
    const action = random() < 0.4 ? 'run' : 'propose';
    const resource = action === 'run' ? 'manifest' : pick(['note', 'label', 'issue']);
    const agent = { name: pick(agentsOf(below(Math.max(teams, 1)))), kind: 'Agent', tier: pick(tiers) };
    const rank = below(4);
    const facts = {
      ...{
        'action.name': action,
        'agent.name': agent.name,
        'agent.kind': agent.kind,
        'agent.tier': agent.tier,
      },
      ...{ 'agent.version': '1.2.0', 'agent.path': `agents/${agent.name}/agent.ossa.yaml` },
      'agent.role': pick(['reviewer', 'analyzer', 'deployer']),
      'agent.certification': pick([['none', 'bronze', 'silver', 'gold'][rank] ?? 'none']),
      ...{ 'agent.certification_rank': rank, 'agent.changed': random() < 0.1 },
      ...{ 'agent.provider': pick(providers), 'agent.model': `model-${below(5)}` },
      'agent.permissions': ['read_code', ...some(['merge_mrs', 'modify_secrets', 'define_policies'])],
      ...{ 'agent.has_budget': random() < 0.8, 'agent.max_tokens_per_day': 500_000 },
      ...{ 'agent.max_cost_per_day_usd': 12.5, 'resource.kind': resource, 'resource.project': 'acme/shop' },
      'context.place': pick(['merge-request', 'branch', 'trusted']),
      ...{ 'context.fork': random() < 0.2, 'context.approvals': below(3) },
      ...{ 'context.cost_usd': below(1_000) / 100, 'context.tokens': below(200_000) },
      ...{ 'context.confidence': below(101) / 100, 'context.proposals': 1 + below(10) },
      'context.sources': ['repository', ...some(['web', 'issues'])],
    };
    return { action, resource, agent, facts };
  });
}
