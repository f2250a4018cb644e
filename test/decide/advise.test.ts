import { describe, expect, test } from 'vitest';
import { errors } from '../../components/decide/errors.ts';
import { readPolicies } from '../../components/decide/policies.ts';
import type { Pulled } from '../../components/decide/pulled-level.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { createEngine } from '../../components/policy/engine.ts';
import { parsePolicies } from '../../components/policy/parse.ts';
import { requestFrom } from '../../components/policy/request.ts';
import { type Asked, ask, bundleOf, label, policy } from './advising.ts';
import { agentPath, certified, manifest } from './shop.ts';

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
      ...([
        'one whose provider is a variable',
        changed(manifest.replace('anthropic', `'\${LLM}'`)),
        'denied',
      ] as const),
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
