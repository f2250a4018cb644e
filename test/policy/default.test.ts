import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FactValues } from '../../components/expressions/types.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { createEngine } from '../../components/policy/engine.ts';
import type { PolicyRequest } from '../../components/policy/types.ts';
import { shown } from './levels.ts';

const level = await readDefaultLevel();
const engine = createEngine([level]);

interface Wanted {
  readonly kind?: string;
  readonly tier?: string;
  readonly facts?: FactValues;
}

/** A request with the facts that the bundle asks for; one that is overwritten by undefined is absent. */
function wanted(action: 'run' | 'propose', resource: string, changes: Wanted): PolicyRequest {
  const { kind = 'Agent', tier = 'tier_1_read', facts } = changes;
  return {
    ...{ action, resource, agent: { name: 'reviewer', kind, tier } },
    facts: {
      ...{ 'agent.tier': tier, 'agent.permissions': ['read_code'], 'agent.provider': 'anthropic' },
      ...{ 'agent.has_budget': true, 'agent.certification_rank': 1, 'agent.changed': false },
      ...{ 'context.approvals': 1 },
      ...facts,
    },
  };
}

const [tier2, tier3, tier4] = ['tier_2_write_limited', 'tier_3_write_elevated', 'tier_4_policy'] as const;
const permissions = (...names: string[]): FactValues => ({ 'agent.permissions': names });

describe('run', () => {
  const rows: readonly (readonly [Wanted, string])[] = [
    [{}, 'allow: permit-run'],
    [{ tier: tier4 }, 'allow: permit-run'],
    [{ facts: { 'agent.has_budget': false } }, 'deny: budget-present'],
    [{ facts: { 'agent.provider': 'custom' } }, 'deny: provider-allow-list'],
    [{ facts: { 'agent.provider': '$' + '{LLM_PROVIDER:-anthropic}' } }, 'deny: provider-allow-list'],
    [{ facts: { 'agent.provider': undefined } }, 'deny: !provider-allow-list'],
    [
      { kind: 'Task', facts: { 'agent.provider': undefined, 'agent.has_budget': false } },
      'allow: permit-run',
    ],
    [
      { facts: { 'agent.provider': 'custom', 'agent.has_budget': false } },
      'deny: budget-present provider-allow-list',
    ],
    [{ tier: 'tier_9' }, 'deny: known-tier'],
    [{ tier: '' }, 'deny: known-tier'],
    [{ facts: { 'agent.changed': true, 'context.approvals': 0 } }, 'allow: permit-run'],
    [{ facts: permissions() }, 'allow: permit-run'],
    [{ facts: permissions('read_code', 'create_issues') }, 'deny: tier-1-permissions'],
    [{ facts: { 'agent.permissions': undefined } }, 'deny: !tier-1-permissions'],
    [
      { tier: tier2, facts: permissions('create_issues', 'execute_sandboxed', 'execute_queries') },
      'allow: permit-run',
    ],
    [{ tier: tier2, facts: permissions('merge_mrs') }, 'deny: tier-2-permissions'],
    [{ tier: tier3, facts: permissions('merge_mrs', 'write_docs', 'execute_commands') }, 'allow: permit-run'],
    [{ tier: tier3, facts: permissions('define_policies') }, 'deny: tier-3-permissions'],
    [{ tier: tier4, facts: permissions('read_logs', 'define_policies') }, 'allow: permit-run'],
    [{ tier: tier4, facts: permissions('write_docs') }, 'deny: tier-4-permissions'],
    [{ tier: tier4, facts: permissions('anything') }, 'deny: tier-4-permissions'],
  ];
  test.each(rows)('%j: %s', (changes, decision) => expectDecision('run', 'manifest', changes, decision));
});

describe('propose', () => {
  const rows: readonly (readonly [string, Wanted, string])[] = [
    ['note', {}, 'allow: permit-notes'],
    ['note', { facts: { 'agent.certification_rank': 0 } }, 'allow: permit-notes'],
    ['note', { kind: 'Task' }, 'allow: permit-notes'],
    ['label', {}, 'deny: no-permit'],
    ['issue', {}, 'deny: no-permit'],
    ['label', { tier: tier2 }, 'allow: permit-labels-and-issues'],
    ['issue', { tier: tier3 }, 'allow: permit-labels-and-issues'],
    ['issue', { tier: tier4 }, 'deny: no-permit'],
    ['commit', { tier: tier3 }, 'deny: no-permit'],
    ['label', { tier: tier2, facts: { 'agent.certification_rank': 0 } }, 'deny: certification'],
    ['label', { facts: { 'agent.certification_rank': 0 } }, 'deny: certification no-permit'],
    ['label', { tier: tier2, facts: { 'agent.certification_rank': undefined } }, 'deny: !certification'],
    ['note', { tier: tier2, facts: { 'context.approvals': 0 } }, 'allow: permit-notes'],
    ['note', { tier: tier3, facts: { 'context.approvals': 0 } }, 'deny: four-eyes'],
    ['note', { tier: tier4, facts: { 'context.approvals': 0 } }, 'deny: four-eyes'],
    ['note', { tier: tier4 }, 'allow: permit-notes'],
    ['note', { tier: tier3, facts: { 'context.approvals': undefined } }, 'deny: !four-eyes'],
    ['note', { facts: { 'agent.changed': true } }, 'deny: changed-agent'],
    ['note', { facts: { 'agent.changed': undefined } }, 'deny: !changed-agent'],
    ['note', { facts: permissions('modify_secrets') }, 'deny: tier-1-permissions'],
    [
      'issue',
      {
        tier: tier3,
        facts: { 'context.approvals': 0, 'agent.changed': true, 'agent.certification_rank': 0 },
      },
      'deny: certification changed-agent four-eyes',
    ],
  ];
  test.each(rows)('%s %j: %s', (resource, changes, decision) =>
    expectDecision('propose', resource, changes, decision),
  );
});

function expectDecision(
  action: 'run' | 'propose',
  resource: string,
  changes: Wanted,
  decision: string,
): void {
  expect(shown(engine.decide(wanted(action, resource, changes))).replaceAll('default/', '')).toBe(decision);
}

test('the files are without mistakes, and each is called like its policy', () => {
  expect(level.findings).toEqual([]);
  const files = readdirSync('components/policy/default').sort();
  expect(level.policies.map(({ name }) => `${name}.policy.yaml`).sort()).toEqual(files);
});

test.each(readdirSync('components/policy/default'))('%s says why it is there', (file) => {
  expect(readFileSync(`components/policy/default/${file}`, 'utf8')).toMatch(/^# .{40}/);
});

test('every forbid says what to do', () => {
  const forbids = level.policies.filter(({ effect }) => effect === 'forbid');
  expect(forbids.filter(({ fix }) => fix === undefined)).toEqual([]);
});
