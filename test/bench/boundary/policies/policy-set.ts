import type { Match } from '../../../../components/policy/types.ts';

/** One comparison of a fact, which each engine is told in its own language. */
export type Term =
  | { readonly fact: string; readonly op: '<' | '>=' | '>' | '=='; readonly value: number | string | boolean }
  | { readonly fact: string; readonly op: 'in' | 'not in'; readonly value: readonly string[] }
  | { readonly fact: string; readonly op: 'contains'; readonly value: string };

/** A policy before it is told to an engine. All terms must hold. */
export interface MeasuredPolicy {
  readonly name: string;
  readonly effect: 'permit' | 'forbid';
  readonly match: Match;
  readonly terms: readonly Term[];
}

export const tiers = [
  'tier_1_read',
  'tier_2_write_limited',
  'tier_3_write_elevated',
  'tier_4_policy',
] as const;
export const providers = ['anthropic', 'openai', 'mistral', 'custom'] as const;

const both: Match = { actions: ['run', 'propose'] };
const run: Match = { actions: ['run'] };
const propose: Match = { actions: ['propose'] };
const ofTiers = (match: Match, ...chosen: readonly (typeof tiers)[number][]): Match => ({
  ...{ ...match, agents: { tiers: chosen } },
});
const about = (match: Match, ...resources: readonly string[]): Match => ({ ...match, resources });

type Row = readonly [name: string, match: Match, ...terms: Term[]];

const permits: readonly Row[] = [
  ['run', run],
  ['notes', about(propose, 'note')],
  ['labels', about(ofTiers(propose, tiers[1], tiers[2]), 'label')],
  [
    'issues',
    about(ofTiers(propose, tiers[1], tiers[2]), 'issue'),
    { fact: 'context.fork', op: '==', value: false },
  ],
  ['gold', propose, { fact: 'agent.certification', op: '==', value: 'gold' }],
  ['trusted', both, { fact: 'context.place', op: '==', value: 'trusted' }],
];

const forbids: readonly Row[] = [
  ['tier-1', ofTiers(both, tiers[0]), { fact: 'agent.permissions', op: 'contains', value: 'merge_mrs' }],
  ['tier-2', ofTiers(both, tiers[1]), { fact: 'agent.permissions', op: 'contains', value: 'modify_secrets' }],
  [
    'tier-3',
    ofTiers(both, tiers[2]),
    { fact: 'agent.permissions', op: 'contains', value: 'define_policies' },
  ],
  [
    'certification',
    about(propose, 'label', 'issue'),
    { fact: 'agent.certification_rank', op: '<', value: 1 },
  ],
  ['providers', run, { fact: 'agent.provider', op: 'not in', value: ['anthropic', 'openai', 'mistral'] }],
  ['budget', run, { fact: 'agent.has_budget', op: '==', value: false }],
  ['four-eyes', ofTiers(propose, tiers[2], tiers[3]), { fact: 'context.approvals', op: '<', value: 1 }],
  ['changed', propose, { fact: 'agent.changed', op: '==', value: true }],
  ['cost', propose, { fact: 'context.cost_usd', op: '>', value: 9.5 }],
  ['tokens', propose, { fact: 'context.tokens', op: '>=', value: 195_000 }],
  [
    'unsure',
    about(propose, 'issue'),
    { fact: 'context.confidence', op: '<', value: 0.4 },
    { fact: 'context.approvals', op: '<', value: 2 },
  ],
  ['web', propose, { fact: 'context.sources', op: 'contains', value: 'web' }],
  ['many', propose, { fact: 'context.proposals', op: '>', value: 9 }],
  [
    'forks',
    both,
    { fact: 'context.fork', op: '==', value: true },
    { fact: 'agent.role', op: 'in', value: ['deployer', 'executor'] },
  ],
];

const general = [...named(permits, 'permit'), ...named(forbids, 'forbid')];
const perTeam = 10;

function named(rows: readonly Row[], effect: MeasuredPolicy['effect']): readonly MeasuredPolicy[] {
  return rows.map(([name, match, ...terms]) => ({ name: `${effect}-${name}`, effect, match, terms }));
}

/** Ten policies of one team for its two agents: what a team adds are mostly limits of its own. */
function ofTeam(team: number): readonly MeasuredPolicy[] {
  const agents = { names: agentsOf(team) };
  const limits: readonly Row[] = [
    ['cost', { ...propose, agents }, { fact: 'context.cost_usd', op: '>', value: 1 + (team % 8) }],
    ['tokens', { ...propose, agents }, { fact: 'context.tokens', op: '>', value: 20_000 * (1 + (team % 9)) }],
    ['model', { ...run, agents }, { fact: 'agent.model', op: 'in', value: [`model-${team % 5}`] }],
    [
      'approvals',
      { ...about(propose, 'issue'), agents },
      { fact: 'context.approvals', op: '<', value: 1 + (team % 2) },
    ],
    [
      'silver',
      { ...about(propose, 'label'), agents },
      { fact: 'agent.certification_rank', op: '<', value: 2 },
    ],
    ['role', { ...both, agents }, { fact: 'agent.role', op: '==', value: 'deployer' }],
    ['pages', { ...propose, agents }, { fact: 'context.sources', op: 'contains', value: 'issues' }],
  ];
  const more: readonly Row[] = [
    ['run', { ...run, agents }, { fact: 'agent.has_budget', op: '==', value: true }],
    ['notes', { ...about(propose, 'note'), agents }, { fact: 'context.confidence', op: '>=', value: 0.5 }],
    ['labels', { ...about(propose, 'label'), agents }, { fact: 'context.fork', op: '==', value: false }],
  ];
  const own = [...named(more, 'permit'), ...named(limits, 'forbid')];
  return own.map((policy) => ({ ...policy, name: `team-${team}-${policy.name}` }));
}

export function agentsOf(team: number): readonly string[] {
  return [`team-${team}-reviewer`, `team-${team}-planner`];
}

export function teamsOf(size: number): number {
  return (size - general.length) / perTeam;
}

/** Twenty policies for all agents and, of a larger set, ten for each team. */
export function policySet(size: number): readonly MeasuredPolicy[] {
  return [...general, ...Array.from({ length: teamsOf(size) }, (_, team) => ofTeam(team)).flat()];
}
