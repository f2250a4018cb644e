import { describe, expect, test } from 'vitest';
import { digestBytes } from '../../components/kernel/canonical.ts';
import { type Asked, ask, bundleOf, elevated, label, policy, stop, stopping, target } from './advising.ts';
import { agentPath, certified, manifest } from './shop.ts';

describe('what is advised of proposals', () => {
  test.each<[string, Asked, string, RegExp]>([
    [
      'a note',
      { bundles: [bundleOf({})] },
      'allowed',
      /note "review": would be allowed\n +by default\/permit-notes/,
    ],
    ['nothing', {}, 'nothing', /advice: nothing to decide/],
    ['no proposals', { bundles: [bundleOf({ proposals: [] })] }, 'nothing', /nothing to decide/],
    [
      ...([
        'a label of an agent nobody certified',
        { bundles: [bundleOf({ proposals: label })] },
        'denied',
      ] as const),
      /label "risky": would be DENIED\n +default\/certification: /,
    ],
    [
      'a label of a certified one',
      {
        base: { [agentPath]: manifest, 'policies/c.policy.yaml': certified },
        bundles: [bundleOf({ proposals: label })],
      },
      ...(['allowed', /label "risky": would be allowed/] as const),
    ],
    [
      'what the project forbids',
      { base: { [agentPath]: manifest, 'policies/q.policy.yaml': policy('true') }, bundles: [bundleOf({})] },
      ...(['denied', /project\/quiet: Quiet, please\./] as const),
    ],
    [
      'tier 3, which needs an approval',
      { base: { [agentPath]: elevated }, bundles: [bundleOf({}, elevated)] },
      'undecided',
      /NO DECISION is possible here[\s\S]*it depends on approvals/,
    ],
    [
      'what owners of code must have approved',
      {
        base: {
          [agentPath]: manifest,
          'policies/q.policy.yaml': policy('!context.code_owners_approved'),
        },
        bundles: [bundleOf({})],
      },
      ...(['undecided', /it depends on approvals/] as const),
    ],
    [
      'a label of an agent that the trusted project may have certified',
      { bundles: [bundleOf({ proposals: label })], decidedElsewhere: true },
      ...(['open', /is left to the trusted project\n +it depends on certificates/] as const),
    ],
    [
      'a label of tier 3, which needs both',
      {
        ...{ base: { [agentPath]: elevated }, bundles: [bundleOf({ proposals: label }, elevated)] },
        decidedElsewhere: true,
      },
      ...(['open', /it depends on approvals and certificates, which only the deciding side sees/] as const),
    ],
    [
      'the stop of an environment, whose tier nobody knows here',
      {
        ...{ base: { [agentPath]: stopping }, bundles: [bundleOf(stop, stopping)] },
        decidedElsewhere: true,
      },
      ...(['open', /it depends on approvals and certificates, which only the deciding side sees/] as const),
    ],
    [
      'the same where it is decided by nobody else: a fact that is absent is no guess',
      { base: { [agentPath]: stopping }, bundles: [bundleOf(stop, stopping)] },
      ...(['denied', /the fact resource.environment_tier is absent/] as const),
    ],
    [
      'the stop of production, which the project knows by name',
      {
        base: {
          [agentPath]: stopping,
          'policies/q.policy.yaml': policy("resource.environment == 'review/1'").replace(
            'actions: [propose]',
            'actions: [propose], environments: [review/*]',
          ),
        },
        ...{ bundles: [bundleOf(stop, stopping)], decidedElsewhere: true },
      },
      ...(['denied', /project\/quiet/] as const),
    ],
    [
      'what the project forbids, whatever the trusted project says',
      {
        base: { [agentPath]: manifest, 'policies/q.policy.yaml': policy('true') },
        ...{ bundles: [bundleOf({ proposals: label })], decidedElsewhere: true },
      },
      ...(['denied', /default\/certification[\s\S]*project\/quiet/] as const),
    ],
    [
      'tier 3 with something else against it',
      {
        base: { [agentPath]: elevated, 'policies/q.policy.yaml': policy('true') },
        bundles: [bundleOf({}, elevated)],
      },
      ...(['denied', /default\/four-eyes[\s\S]*project\/quiet/] as const),
    ],
    [
      'an agent that the merge request changes',
      {
        head: { [agentPath]: manifest.replace('one change', 'all') },
        bundles: [bundleOf({ agent: { path: agentPath, name: 'reviewer', digest: digestBytes('other') } })],
      },
      ...(['denied', /default\/changed-agent/] as const),
    ],
    [
      'an agent that it adds',
      { base: {}, head: { [agentPath]: manifest }, bundles: [bundleOf({})] },
      ...(['denied', /an agent that a merge request adds proposes nothing/] as const),
    ],
    [
      ...([
        'another commit',
        { bundles: [bundleOf({ target: { ...target, head: 'c'.repeat(40) } })] },
        'denied',
      ] as const),
      /made for another commit than the present head/,
    ],
    [
      ...([
        'another merge request and commit',
        { bundles: [bundleOf({ target: { project: 1, mergeRequest: 1, head: 'c'.repeat(40) } })] },
        'denied',
      ] as const),
      /another merge request\n +it was made for another commit/,
    ],
    [
      ...([
        'a wrong version',
        { bundles: [{ ...bundleOf({}), format: 'pipewright/proposals/v9' }] },
        'undecided',
      ] as const),
      /bundle-0: proposals: NO DECISION is possible here\n +.*format/,
    ],
    ['no JSON', { bundles: ['{'] }, 'undecided', /it is not JSON/],
    [
      'one session that went on in another job, which counts',
      {
        bundles: [
          bundleOf({ session: { id: '00000000-0000-4000-8000-000000000000', epoch: 2 } }),
          { ...bundleOf({ proposals: [] }) },
        ],
      },
      ...(['allowed', /^(?!.*neither is taken)[\s\S]*note "review": would be allowed/] as const),
    ],
    [
      'two sessions of one agent, of whichever job',
      {
        bundles: [
          bundleOf({ session: { id: '00000000-0000-4000-8000-000000000001', epoch: 2 } }),
          bundleOf({}),
        ],
      },
      ...(['undecided', /neither is taken/] as const),
    ],
    [
      ...(['two bundles of one agent', { bundles: [bundleOf({}), bundleOf({})] }, 'undecided'] as const),
      /the job bundle-1 has a bundle of the same agent; neither is taken/,
    ],
    [
      'one that is denied beside one that cannot be read',
      { bundles: [bundleOf({ proposals: label }), '{'] },
      ...(['undecided', /would be DENIED[\s\S]*NO DECISION/] as const),
    ],
    [
      'a policy that does not compile',
      {
        base: { [agentPath]: manifest, 'policies/q.policy.yaml': policy('context.approvals >') },
        bundles: [bundleOf({})],
      },
      ...(['undecided', /the policies have mistakes, so nothing is decided/] as const),
    ],
  ])('%s', async (_, asked, verdict, words) => {
    const { report, text } = await ask(asked);
    expect(text).toMatch(words);
    expect(report.verdict).toBe(verdict);
  });

  test('a policy of the source branch with a mistake is told before it is merged', async () => {
    const { report, text, findings } = await ask({
      head: { [agentPath]: manifest, 'policies/q.policy.yaml': policy('agent.mood') },
    });
    expect(report.verdict).toBe('undecided');
    expect(text).toMatch(/the policies of this merge request have mistakes/);
    expect(findings).toMatchObject([{ file: 'policies/q.policy.yaml', code: 'POLICY_EXPRESSION' }]);
  });

  test('a policy that the source branch adds or removes is not looked at', async () => {
    const base = { [agentPath]: manifest, 'policies/q.policy.yaml': policy('true') };
    const { report } = await ask({ base, head: { [agentPath]: manifest }, bundles: [bundleOf({})] });
    expect(report.verdict).toBe('denied');
    const added = await ask({ head: base, bundles: [bundleOf({})] });
    expect(added.report.verdict).toBe('allowed');
  });
});
