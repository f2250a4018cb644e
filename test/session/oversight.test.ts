import { describe, expect, test } from 'vitest';
import { proposalKinds } from '../../components/proposals/types.ts';
import { namesOfProposal } from '../../components/session/call-names.ts';
import { createFieldReader } from '../../components/session/manifest-data.ts';
import { whyNotCalled } from '../../components/session/oversee.ts';
import { readOversight } from '../../components/session/read-oversight.ts';
import { readRunnable } from '../../scripts/wire/run-manifest.ts';
import { none } from './oversight.ts';
import { agentPath, agentYaml } from './support.ts';

/** An agent with further lines of `spec`, as a run reads it, and what is said of them. */
async function read(more: string, version = 'ossa/v0.3.5') {
  const text = agentYaml({ more }).replace('ossa/v0.3.5', version);
  const runnable = await readRunnable({ path: agentPath, text }, () => ({}));
  const told = runnable.findings
    .filter(({ code }) => code.startsWith('SESSION_'))
    .map(({ message }) => message);
  const manifest = runnable.ok && runnable.manifest.kind === 'Agent' ? runnable.manifest : undefined;
  return { oversight: manifest?.oversight, told, manifest };
}

describe('what is read', () => {
  test.each<[string, string, object]>([
    ['nothing', '', {}],
    [
      'an approval of all',
      'autonomy: {approval_required: true}',
      { approval: { from: 'medium', names: [] } },
    ],
    ['a supervised agent', 'autonomy: {level: supervised}', { approval: { from: 'medium', names: [] } }],
    [
      'one that its manifest calls free, too: the stricter counts',
      'autonomy: {level: supervised, approval_required: false}',
      { approval: { from: 'medium', names: [] } },
    ],
    ['an assisted one', 'autonomy: {level: assisted}', { approval: { from: 'medium', names: [] } }],
    [
      'an assisted one that says what for',
      'autonomy: {level: assisted, approval_required: [read-diff, note]}',
      { approval: { from: undefined, names: ['read_diff', 'note'] } },
    ],
    ['an autonomous one', 'autonomy: {level: autonomous, approval_required: false}', {}],
    [
      'lists',
      'autonomy: {allowed_actions: [read_code, propose], blocked_actions: [list_files]}',
      { allowed: ['read_code', 'propose'], blocked: ['list_files'] },
    ],
    [
      'kinds of proposals that came later, in either spelling',
      'autonomy: {blocked_actions: [commit, propose_status, environment-stop], approval_required: [propose_environment_stop]}',
      {
        approval: { from: undefined, names: ['propose_environment_stop'] },
        blocked: ['commit', 'propose_status', 'environment_stop'],
      },
    ],
    [
      'a list that stands among the guardrails',
      'safety: {guardrails: {blocked_actions: [propose]}}',
      { blocked: ['propose'] },
    ],
    [
      'limits',
      'safety: {guardrails: {max_tool_calls: 3}, rate_limiting: {requests_per_minute: 5, requests_per_hour: 60}}',
      { callsOfTurn: 3, perMinute: 5, perHour: 60 },
    ],
    [
      'limits that are off',
      'safety: {guardrails: {enabled: false, max_tool_calls: 3}, rate_limiting: {enabled: false, requests_per_minute: 5}}',
      {},
    ],
    [
      'people for what is risky',
      'safety: {human_in_loop: {enabled: true, triggers: [high_risk_action, policy_violation]}}',
      { approval: { from: 'high', names: [] }, stopsOnDenial: true },
    ],
    [
      'people without a word when',
      'safety: {human_in_loop: {enabled: true}}',
      { approval: { from: 'medium', names: [] } },
    ],
    [
      'people for what nobody can judge',
      'safety: {human_in_loop: {triggers: [when it matters]}}',
      { approval: { from: 'medium', names: [] } },
    ],
  ])('%s', async (_, more, expected) => {
    const { oversight, told } = await read(more);
    expect(oversight).toEqual({ ...none, ...expected });
    expect(told).toEqual([]);
  });

  test('what a session cannot keep is told, each once', async () => {
    const { oversight, told } = await read(
      [
        'autonomy: {approval_required: [merge], allowed_actions: [analyze_costs], blocked_actions: [note, deploy], escalation_policy: {triggers: [x]}}',
        'safety: {content_filtering: {enabled: true}, pii_detection: {enabled: false}, guardrails: {policies: [{name: x}]}, human_in_loop: {triggers: [low_confidence]}}',
      ].join('\n'),
    );
    expect(oversight).toEqual({ ...none, blocked: ['note'] });
    expect(told.map((text) => text.split(' ').slice(0, 3).join(' '))).toEqual([
      'spec.autonomy.approval_required names what',
      'spec.autonomy.allowed_actions names what',
      'spec.autonomy.blocked_actions names what',
      'spec.autonomy.escalation_policy is left',
      'spec.safety.guardrails.policies is left',
      'low_confidence in spec.safety.human_in_loop.triggers',
    ]);
  });

  test.each(proposalKinds)(
    'a manifest can block the proposal %s, and the agent does not make it',
    async (kind) => {
      const { oversight = none } = await read(`autonomy: {blocked_actions: [${kind}]}`);
      const tool = `propose_${kind.replaceAll('-', '_')}`;
      const called = { inTurn: 0, inSession: 0, room: Infinity };
      expect(whyNotCalled(oversight, namesOfProposal(tool), called)?.rule).toBe('manifest/blocked_actions');
    },
  );

  test('a time for the job is the shorter of two', async () => {
    const { manifest } = await read('safety: {guardrails: {max_execution_time_seconds: 90}}');
    expect(manifest?.timeoutSeconds).toBe(90);
  });
});

test('OSSA 0.2 counts calls of tools by session, and wants people only where that is switched on', () => {
  const data = {
    apiVersion: 'ossa/v0.2.9',
    spec: {
      safety: { guardrails: { max_tool_calls: 4 }, human_in_loop: { triggers: ['high_risk_action'] } },
    },
  };
  const oversight = readOversight(data, createFieldReader(data), []);
  expect(oversight).toEqual({ ...none, callsOfSession: 4 });
  const called = { inTurn: 0, inSession: 3, room: Infinity };
  expect(whyNotCalled(oversight, ['read_file'], called)).toBeUndefined();
  expect(whyNotCalled(oversight, ['read_file'], { ...called, inSession: 4 })?.text).toContain(
    '4 calls of tools',
  );
  expect(whyNotCalled(none, ['read_file'], { ...called, room: 0 })?.text).toContain('again later');
});
