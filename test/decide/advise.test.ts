import { describe, expect, test } from 'vitest';
import { advise } from '../../components/decide/advise.ts';
import type { CommitFiles } from '../../components/decide/commit-files.ts';
import { errors } from '../../components/decide/errors.ts';
import { withoutTwins } from '../../components/decide/found-bundle.ts';
import { readPolicies } from '../../components/decide/policies.ts';
import type { Pulled } from '../../components/decide/pulled-level.ts';
import type { Surroundings } from '../../components/decide/requests.ts';
import { renderDecision } from '../../components/decide/words.ts';
import { digestBytes } from '../../components/kernel/canonical.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { createEngine } from '../../components/policy/engine.ts';
import { parsePolicies } from '../../components/policy/parse.ts';
import { requestFrom } from '../../components/policy/request.ts';
import type { ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { makeBundle, parseBundle } from '../../components/proposals/bundle.ts';
import { changedLines } from '../../components/proposals/changed-lines.ts';
import { digestChoices, planChoices } from '../../components/proposals/choices.ts';
import { agentPath, certified, choices, manifest } from './shop.ts';

const head = 'a'.repeat(40);
const target = { project: 7, mergeRequest: 3, head };
const around: Surroundings = {
  ...{ place: 'merge-request', project: 'acme/shop', fork: false, approvals: undefined },
  ...{ mergeRequest: { iid: 3, targetBranch: 'main' }, changesPolicies: undefined },
  now: Date.parse('2026-01-01T22:30:00Z'),
};

function filesOf(files: Readonly<Record<string, string>>): CommitFiles {
  return {
    paths: new Set(Object.keys(files)),
    idOf: (path) => files[path],
    read: async (path) => files[path],
  };
}

function bundleOf(change: Partial<ProposalBundle>, agent = manifest): ProposalBundle {
  const made = makeBundle({
    ...{ version: '0.1.0', session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 }, choices },
    agent: { path: agentPath, name: 'reviewer', digest: digestBytes(agent) },
    ...{ target, sources: ['merge-request-diff'], proposals: [{ kind: 'note', topic: 0, body: 'A note.' }] },
    usage: { iterations: 1, tokens: 10, costUsd: 0 },
  });
  return { ...made, ...change };
}

const lines = changedLines([
  {
    oldPath: 'src/price.js',
    newPath: 'src/price.js',
    diff: '@@ -1 +1 @@\n-export const vat = 0.19;\n+export const vat = 19;\n',
  },
]);

interface Asked {
  readonly base?: Readonly<Record<string, string>>;
  readonly head?: Readonly<Record<string, string>>;
  readonly bundles?: readonly unknown[];
  readonly around?: Partial<Surroundings>;
  readonly decidedElsewhere?: boolean;
  readonly pulled?: readonly Pulled[];
}

async function ask({
  base = { [agentPath]: manifest },
  bundles = [],
  decidedElsewhere = false,
  pulled = [],
  ...rest
}: Asked) {
  const found = bundles.map((bundle, index) => ({
    source: `bundle-${index}`,
    parsed: parseBundle(Buffer.from(typeof bundle === 'string' ? bundle : JSON.stringify(bundle))),
  }));
  const { report, findings } = await advise(
    { now: () => Date.parse('2026-01-01') },
    {
      ...{ base: filesOf(base), head: filesOf(rest.head ?? base), commit: 'b'.repeat(40), target },
      folder: 'policies',
      around: { ...around, ...rest.around },
      ...{ bundles: withoutTwins(found), lines, decidedElsewhere, version: '0.1.0' },
      pull: async () => pulled,
    },
  );
  return { report, findings, text: renderDecision(report) };
}

const label: ProposalBundle['proposals'] = [{ kind: 'label', label: 0 }];
const elevated = manifest.replace('tier_2_write_limited', 'tier_3_write_elevated');
const stops = { proposals: { 'environment-stop': { environments: ['review/1'] } } };
const stopping = elevated.replace(/extensions: .*/, `extensions: { pipewright: ${JSON.stringify(stops)} }`);
const stop: Partial<ProposalBundle> = {
  proposals: [{ kind: 'environment-stop', environment: 0, reason: 'Merged.' }],
  choices: digestChoices(planChoices(stops, 'reviewer')),
};
const policy = (condition: string) => `apiVersion: pipewright/v1
kind: Policy
metadata: { name: quiet }
spec:
  effect: forbid
  match: { actions: [propose] }
  conditions: ["${condition}"]
  message: Quiet, please.
`;

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

describe('what is advised of manifests', () => {
  const changed = (text: string): Asked => ({ head: { [agentPath]: text } });
  test.each<[string, Asked, string, RegExp]>([
    ['one that is unchanged', {}, 'nothing', /nothing to decide/],
    [
      'one that may run',
      changed(`${manifest}# more\n`),
      'allowed',
      /to run it would be allowed\n +by default\/permit-run/,
    ],
    [
      ...(['one with another provider', changed(manifest.replace('anthropic', 'custom')), 'denied'] as const),
      /would be DENIED\n +default\/provider-allow-list: .*\n +Write a provider/,
    ],
    ['one that is no OSSA', changed('kind: Banana\n'), 'undecided', /`validate` says where/],
    [
      'on a branch every one is looked at',
      { around: { place: 'branch' } },
      ...(['allowed', /to run it would be allowed/] as const),
    ],
  ])('%s', async (_, asked, verdict, words) => {
    const { report, text } = await ask(asked);
    expect(text).toMatch(words);
    expect(report.verdict).toBe(verdict);
  });
});

test('what strangers wrote is one line each, without control characters', async () => {
  const name = 'reviewer';
  const title = 'x\u001b[2J\n::error::y';
  const { text } = await ask({
    bundles: [bundleOf({ proposals: [{ kind: 'issue', title, body: 'b', labels: [] }] }), '{"\u001b": 1}'],
  });
  expect(text).not.toContain('\u001b');
  expect(text).not.toMatch(/^::error/m);
  expect(text).toContain(name);
});

test('the report keeps the facts of each request, which decide it again', async () => {
  const labelled = manifest
    .replace('version: 1.0.0', 'version: 1.0.0, team: web, labels: { area: shop }')
    .replace('  tools:', '  type: critic\n  separation: { role: reviewer }\n  tools:');
  const { report } = await ask({
    ...{ base: { [agentPath]: labelled }, bundles: [bundleOf({ proposals: label }, labelled)] },
    head: { [agentPath]: labelled, 'policies/a.policy.yaml': policy('context.fork') },
  });
  const [asked] = report.bundles[0]?.proposals ?? [];
  expect(asked?.facts).toMatchObject({
    ...{ 'action.name': 'propose', 'resource.kind': 'label', 'agent.owner': 'web' },
    ...{ 'agent.duties': ['reviewer', 'critic'], 'agent.type': 'critic', 'agent.role': 'reviewer' },
    ...{ 'agent.labels': ['area=shop'], 'agent.model_pinned': false, 'context.changes_policies': true },
    ...{ 'context.date': '2026-01-01', 'context.weekday': 'thursday', 'context.hour': 22 },
    ...{ 'resource.merge_request': 3, 'resource.target_branch': 'main', 'context.iterations': 1 },
  });
  expect(asked?.facts).not.toHaveProperty('context.approvals');
  const read = requestFrom(asked?.facts ?? {});
  const decided = read.ok ? createEngine([await readDefaultLevel()]).decide(read.request) : undefined;
  expect(decided?.policies).toEqual(asked?.policies);
});

describe('levels of policy projects', () => {
  const digest = `sha256:${'0'.repeat(64)}`;
  const source = { project: 'acme/policies', file: 'a.json', tag: 'v1', commit: 'c'.repeat(40) };
  const pulledOf = async (name: string, text: string) => ({
    ...{ level: await parsePolicies(name, [{ path: `${name}.policy.yaml`, text }]), digest, source },
  });
  const unread: Pulled = {
    ...{ ok: false, name: 'security' },
    failure: errors.LEVEL_MISSING({ level: 'security', expected: 'a.json', got: 'no such tag' }),
  };
  const strict = policy('context.fork').replace('quiet', 'strict');

  test('one that cannot be read leaves open what the others allow, and takes no denial back', async () => {
    const bundles = [bundleOf({})];
    const here = await ask({ bundles, pulled: [unread] });
    expect(here.report.verdict).toBe('undecided');
    expect(here.text).toMatch(/it depends on level security, whose policies cannot be read here/);
    expect((await ask({ bundles, pulled: [unread], decidedElsewhere: true })).report.verdict).toBe('open');
    const base = { [agentPath]: manifest, 'policies/a.policy.yaml': policy('!context.fork') };
    const denied = await ask({ ...{ bundles, base, decidedElsewhere: true }, pulled: [unread] });
    expect(denied.report.verdict).toBe('denied');
  });

  test('one that can be read decides, and is recorded with what it was read from', async () => {
    const pulled: Pulled[] = [{ ok: true, pulled: await pulledOf('security', strict) }];
    const { report, text } = await ask({ bundles: [bundleOf({})], pulled, around: { fork: true } });
    expect(text).toMatch(/would be DENIED\n +security\/strict: Quiet, please\./);
    expect(report.policies.levels[1]).toEqual({ name: 'security', policies: 1, digest, source });
  });

  test('certificates are those of the widest level that is not ours, whether it has any or not', async () => {
    const named = async (...names: readonly string[]) => {
      const given = await Promise.all(
        names.map((name) => pulledOf(name, certified.replace('reviewer }', `${name} }`))),
      );
      const { certifications, levels } = await readPolicies({
        pulled: given,
        project: [{ path: 'a', text: certified }],
      });
      return { names: certifications.map(({ name }) => name), levels: levels.map(({ name }) => name) };
    };
    expect(await named('a', 'b')).toEqual({ names: ['a'], levels: ['default', 'a', 'b', 'project'] });
    expect((await named()).names).toEqual(['reviewer']);
    const without = { pulled: [await pulledOf('a', strict)], project: [{ path: 'a', text: certified }] };
    expect((await readPolicies(without)).certifications).toEqual([]);
  });
});
