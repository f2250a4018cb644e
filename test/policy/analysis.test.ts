import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../components/policy/analysis/analyse.ts';
import { reachOf } from '../../components/policy/analysis/conditions.ts';
import { readDefaultLevel } from '../../components/policy/default.ts';
import { createEngine } from '../../components/policy/engine.ts';
import { parsePolicies } from '../../components/policy/parse.ts';
import { requestFrom } from '../../components/policy/request.ts';
import { factsOf } from '../../components/policy/testing/usual.ts';
import { trace } from '../../components/policy/trace.ts';
import type { PolicyRequest } from '../../components/policy/types.ts';
import { level, shown, textOf, type Written } from './levels.ts';

async function said(...policies: Written[]): Promise<string[]> {
  const parsed = await parsePolicies('project', [{ path: 'p.policy.yaml', text: textOf(policies) }]);
  return analyse(parsed).findings.map(({ code, message }) => `${code}: ${message}`);
}

const forbid = (name: string, conditions?: readonly string[], rest: Partial<Written> = {}): Written => ({
  ...{ name, effect: 'forbid' as const, ...rest },
  ...(conditions === undefined ? {} : { conditions }),
});

describe('conditions that hold for no request', () => {
  const never = /POLICY_NEVER_HOLDS: the conditions of a hold for no request/;
  test.each<readonly [string, Written, boolean]>([
    ['two values at once', forbid('a', ["context.place == 'trusted' && context.place == 'branch'"]), true],
    ['a word that there is not', forbid('a', ["agent.certification == 'platinum'"]), true],
    [
      'a rank that another fact rules out',
      forbid('a', ["agent.certification == 'gold'", 'agent.certification_rank < 3']),
      true,
    ],
    ['an hour that there is not', forbid('a', ['context.hour > 23', 'context.cost_usd > 1.0']), true],
    [
      'a run that is proposed',
      forbid('a', ["action.name == 'run'"], { match: { actions: ['propose'] } }),
      true,
    ],
    ['a note that is run', forbid('a', ["resource.kind == 'note'"], { match: { actions: ['run'] } }), true],
    [
      'a tier beyond the match',
      forbid('a', ["agent.tier == 'tier_4_policy'"], {
        match: { actions: ['run'], agents: { tiers: ['tier_1_read'] } },
      }),
      true,
    ],
    ['a tier that may be misspelt', forbid('a', ["agent.tier == 'tier_9'"]), false],
    ['numbers are not tried', forbid('a', ['context.approvals < 0']), false],
    [
      'a fact that can be absent is not tried',
      forbid('a', ['context.changes_policies && !context.changes_policies']),
      false,
    ],
    ['lists are not tried', forbid('a', ["'x' in context.sources"]), false],
    ['one value of three', forbid('a', ["context.place == 'trusted'"]), false],
  ])('%s', async (_, policy, isNever) => {
    const found = (await said(policy)).filter((line) => line.startsWith('POLICY_NEVER'));
    if (isNever) expect(found).toEqual([expect.stringMatching(never)]);
    else expect(found).toEqual([]);
  });
});

describe('policies that another one makes needless', () => {
  const notes = { match: { actions: ['propose'], resources: ['note'] } } as const;
  test.each<readonly [string, readonly [Written, Written], string | undefined]>([
    ['a wider match', [forbid('wide'), forbid('narrow', undefined, notes)], 'narrow'],
    [
      'fewer conditions',
      [forbid('wide', ['context.fork']), forbid('narrow', ['context.fork', 'context.tokens > 5'])],
      'narrow',
    ],
    [
      'conditions that follow',
      [forbid('wide', ["context.place != 'branch'"]), forbid('narrow', ["context.place == 'trusted'"])],
      'narrow',
    ],
    [
      'the same twice: the later one',
      [forbid('one', ['context.fork']), forbid('two', ['context.fork'])],
      'two',
    ],
    [
      'a permit of what is forbidden',
      [forbid('wide', undefined, notes), { name: 'p', effect: 'permit', ...notes }],
      'p',
    ],
    [
      'names within a pattern',
      [
        forbid('wide', undefined, { match: { actions: ['run'], agents: { names: ['re*'] } } }),
        forbid('narrow', undefined, { match: { actions: ['run'], agents: { names: ['reviewer'] } } }),
      ],
      'narrow',
    ],
    [
      'a warning outweighs nothing',
      [forbid('wide', undefined, { severity: 'warning' }), forbid('narrow', undefined, notes)],
      undefined,
    ],
    ['neither implies the other', [forbid('a', ['context.fork']), forbid('b', ['agent.changed'])], undefined],
    [
      'numbers are not compared',
      [forbid('a', ['context.tokens > 5']), forbid('b', ['context.tokens > 6'])],
      undefined,
    ],
    [
      'a pattern within a pattern is not looked for',
      [
        forbid('a', undefined, { match: { actions: ['run'], agents: { names: ['r*'] } } }),
        forbid('b', undefined, { match: { actions: ['run'], agents: { names: ['re*'] } } }),
      ],
      undefined,
    ],
  ])('%s', async (_, policies, needless) => {
    const found = (await said(...policies)).filter((line) => line.startsWith('POLICY_SHADOWED'));
    if (needless === undefined) expect(found).toEqual([]);
    else expect(found).toEqual([expect.stringContaining(`every request that ${needless} is decided by`)]);
  });
});

test.each([
  [undefined, ['POLICY_UNCONDITIONAL: p permits whatever it is about, without a condition']],
  [
    ['context.fork || !context.fork'],
    ['POLICY_UNCONDITIONAL: p permits whatever it is about, without a condition'],
  ],
  [['context.fork'], []],
])('a permit with the conditions %j', async (conditions, wanted) => {
  expect(await said({ name: 'p', effect: 'permit', ...(conditions && { conditions }) })).toEqual(wanted);
});

test.each<readonly [string, string | undefined]>([
  ["context.place == 'trustd'", 'context.place is compared with "trustd", which it never is'],
  ["'branhc' != context.place", 'context.place is compared with "branhc", which it never is'],
  [
    "agent.tier in ['tier_1_read', 'tier_1']",
    'agent.tier is compared with "tier_1", which OSSA does not have',
  ],
  [
    "'merge_mr' in agent.permissions",
    'agent.permissions is compared with "merge_mr", which OSSA does not have',
  ],
  [
    "agent.permissions.exists(p, p in ['merge_mr'])",
    'agent.permissions is compared with "merge_mr", which OSSA',
  ],
  ["context.sources.all(s, s == 'repository')", undefined],
  ["agent.name == 'anything'", undefined],
  ["agent.duties.exists(d, d.startsWith('rev'))", undefined],
])('words of %s', async (source, wanted) => {
  const found = (await said(forbid('a', [source]))).filter((line) => line.startsWith('POLICY_UNKNOWN_WORD'));
  expect(found).toEqual(wanted === undefined ? [] : [expect.stringContaining(wanted)]);
});

test('what nothing asks yet is accepted, said, and decides nothing', async () => {
  const text = textOf([
    forbid('deploys', undefined, { match: { actions: ['deploy', 'merge_mrs'], environments: ['prod*'] } }),
  ]);
  const parsed = await parsePolicies('project', [{ path: 'p.policy.yaml', text }]);
  expect(parsed.findings.map(({ code, severity, path }) => `${code} ${severity} ${path}`).sort()).toEqual([
    'POLICY_NOT_ASKED info spec.match.actions[0]',
    'POLICY_NOT_ASKED info spec.match.actions[1]',
    'POLICY_NOT_ASKED info spec.match.environments',
  ]);
  expect([parsed.policies.length, parsed.broken]).toEqual([1, []]);
  const read = requestFrom(factsOf());
  if (!read.ok) throw new Error(read.reason);
  expect(createEngine([await readDefaultLevel(), parsed]).decide(read.request).effect).toBe('allow');
});

test('of our own none is dead or needless', async () => {
  const { counts, findings } = analyse(await readDefaultLevel());
  expect(findings.filter(({ severity }) => severity === 'warning')).toEqual([]);
  expect(counts.never).toBe(0);
});

const atoms = [
  ...[
    'context.fork',
    'agent.changed',
    "context.place == 'trusted'",
    "context.place in ['branch', 'trusted']",
  ],
  ...['agent.certification_rank > 1', "agent.certification == 'none'", "action.name == 'run'"],
  ...["resource.kind != 'note'", 'context.tokens > 5', "agent.tier == 'tier_1_read'"],
];
const condition = fc
  .tuple(fc.constantFrom(...atoms), fc.constantFrom(...atoms), fc.constantFrom('&&', '||'), fc.boolean())
  .map(([a, b, op, not]) => `${not ? `!(${a})` : a} ${op} ${b}`);
const written = fc
  .record({
    effect: fc.constantFrom('permit' as const, 'forbid' as const),
    conditions: fc.array(condition, { minLength: 1, maxLength: 2 }),
    tiers: fc.option(fc.subarray(['tier_1_read', 'tier_4_policy'], { minLength: 1 }), { nil: undefined }),
    actions: fc.subarray(['run', 'propose'], { minLength: 1 }),
  })
  .map(({ tiers, actions, ...rest }) => ({
    ...{ ...rest, match: { actions, ...(tiers && { agents: { tiers } }) } },
  }));
const requests = fc
  .record({
    'action.name': fc.constantFrom('run', 'propose'),
    'resource.kind': fc.constantFrom('note', 'label'),
    'context.fork': fc.boolean(),
    'agent.changed': fc.boolean(),
    'context.place': fc.constantFrom('merge-request', 'trusted', 'branch'),
    'agent.certification': fc.constantFrom('none', 'bronze', 'silver', 'gold'),
    'agent.tier': fc.constantFrom('tier_1_read', 'tier_4_policy', 'tier_9'),
    'context.tokens': fc.constantFrom(0, 10),
  })
  .map((facts): PolicyRequest => {
    const isRun = facts['action.name'] === 'run';
    const read = requestFrom(factsOf({ ...facts, ...(isRun && { 'resource.kind': 'manifest' }) }));
    if (!read.ok) throw new Error(read.reason);
    return read.request;
  });

test('what is said to never or always hold does so for every request, and without a needless policy all is decided as with it', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(written, { minLength: 2, maxLength: 5 }),
      fc.array(requests, { minLength: 20, maxLength: 20 }),
      async (policies, asked) => {
        const named = policies.map((policy, index) => ({ name: `p${index}`, ...policy }));
        const all = await level('project', named);
        const traces = asked.map((request) => trace([all], request));
        for (const policy of all.policies) {
          const answers = traces.flatMap((traced) => traced.filter((one) => one.policy === policy));
          const reach = reachOf(policy);
          if (reach === 'never') expect(answers.some(({ answer }) => answer === true)).toBe(false);
          if (reach === 'always') expect(answers.every(({ answer }) => answer === true)).toBe(true);
        }
        const needless = analyse(all).findings.filter(({ code }) => code === 'POLICY_SHADOWED');
        const names = needless.map(({ message }) => / that (p\d) is decided/.exec(message)?.[1]);
        const fewer = await level(
          'project',
          named.filter(({ name }) => !names.includes(name)),
        );
        for (const request of asked)
          expect(createEngine([fewer]).decide(request).effect).toBe(
            createEngine([all]).decide(request).effect,
          );
      },
    ),
    { numRuns: 150 },
  );
});

test('a trace names what the engine decides by', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(written, { minLength: 1, maxLength: 5 }),
      requests,
      async (policies, request) => {
        const all = await level(
          'project',
          policies.map((policy, index) => ({ name: `p${index}`, ...policy })),
        );
        const holding = trace([all], request).filter(({ answer }) => answer === true);
        const forbids = holding.filter(({ policy }) => policy.effect === 'forbid');
        const decided = createEngine([all]).decide(request);
        const ids = decided.policies.filter(({ id }) => !id.endsWith('no-permit')).map(({ id }) => id);
        const wanted = decided.effect === 'allow' ? holding : forbids;
        expect(ids.sort(), shown(decided)).toEqual(
          wanted.map(({ policy }) => `project/${policy.name}`).sort(),
        );
      },
    ),
    { numRuns: 150 },
  );
});
