import type { FactValues } from '../../expressions/types.ts';
import { certificationRank } from '../certification.ts';
import { timeFacts } from '../time-facts.ts';
import { certificationLevels } from '../types.ts';

/**
 * A request about which a careful team has nothing to say: a certified agent of the least tier that proposes a note, on a
 * working day. Tests of policies write only what differs. What most manifests leave out is absent here too.
 */
export const usualFacts: FactValues = {
  'action.name': 'propose',
  'agent.name': 'reviewer',
  'agent.kind': 'Agent',
  'agent.version': '1.0.0',
  'agent.path': 'agents/reviewer/agent.ossa.yaml',
  'agent.tier': 'tier_1_read',
  'agent.duties': [],
  'agent.labels': [],
  'agent.provider': 'anthropic',
  'agent.model': 'claude-sonnet-4-5-20250929',
  'agent.model_pinned': true,
  'agent.permissions': ['read_code'],
  'agent.certification': 'bronze',
  'agent.changed': false,
  'agent.has_budget': true,
  'agent.max_tokens_per_day': 200_000,
  'agent.image_pinned': true,
  'agent.data_classes': [],
  'resource.project': 'acme/shop',
  'resource.merge_request': 1,
  'resource.target_branch': 'main',
  'context.place': 'trusted',
  'context.fork': false,
  'context.approvals': 1,
  ...timeFacts(Date.UTC(2026, 0, 14, 10)),
};

/** Of a session that has begun, or has ended. */
const ofSessions: FactValues = {
  'context.cost_usd': 0.05,
  'context.tokens': 12_000,
  'context.iterations': 3,
  'context.sources': ['merge-request', 'merge-request-diff', 'repository'],
  'context.proposals': 1,
};

/** What each action is about, and what only it has. */
const ofAction: Readonly<Record<string, FactValues>> = {
  run: { 'resource.kind': 'manifest' },
  resume: { ...ofSessions, 'resource.kind': 'manifest' },
  propose: { ...ofSessions, 'resource.kind': 'note', 'context.changes_policies': false },
  use_model: {
    ...ofSessions,
    'resource.kind': 'model',
    'resource.provider': 'anthropic',
    'resource.model': 'claude-sonnet-4-5-20250929',
  },
  call_tool: {
    ...ofSessions,
    'resource.kind': 'tool',
    'resource.tool': 'read-file',
    'resource.tool_kind': 'function',
    'resource.risk': 'low',
    'resource.permission': 'read_code',
  },
  delegate: {
    ...ofSessions,
    'resource.kind': 'subagent',
    'resource.subagent': 'reader',
    'resource.subagent_kind': 'subagent',
    'resource.subagent_tools': ['read-file'],
    'resource.depth': 1,
    'resource.provider': 'anthropic',
    'resource.model': 'claude-sonnet-4-5-20250929',
  },
};

/**
 * The facts of a case: the usual ones, changed by what is given; null takes one away. What follows from another fact follows
 * it: the rank of a certificate, the resource of a run, the weekday of a date.
 */
export function factsOf(...given: readonly Readonly<Record<string, FactValues[string]>>[]): FactValues {
  const changes: Record<string, FactValues[string]> = Object.assign({}, ...given);
  const action = String(changes['action.name'] ?? usualFacts['action.name']);
  const base = { ...usualFacts, ...(ofAction[action] ?? ofAction.propose), ...changes };
  const level = [...certificationLevels].find((known) => known === base['agent.certification']) ?? 'none';
  const date = Date.parse(String(changes['context.date']));
  const following: FactValues = {
    'agent.certification_rank': base['agent.certification'] === null ? null : certificationRank(level),
    ...(Number.isNaN(date) ? {} : { 'context.weekday': timeFacts(date)['context.weekday'] }),
  };
  const facts = { ...base, ...following, ...changes };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== null));
}
