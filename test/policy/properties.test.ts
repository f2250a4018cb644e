import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEngine } from '../../components/policy/engine.ts';
import { fitsGlob } from '../../components/policy/match.ts';
import type { Match, PolicyDecision, PolicyEngine, PolicyRequest } from '../../components/policy/types.ts';
import { processorTime } from '../support/processor-time.ts';
import { everything, level, type Written } from './levels.ts';
import { type Answer, decidePlainly, type PlainLevel, type PlainPolicy } from './reference.ts';

type Facts = PolicyRequest['facts'];
type Condition = readonly [cel: string, plain: (facts: Facts) => Answer];

/** An absent fact is an error before anything is asked. */
function needing<T>(name: string, answer: (value: T) => boolean): (facts: Facts) => Answer {
  return (facts) => (facts[name] === undefined ? 'error' : answer(facts[name] as T));
}

const conditions: readonly Condition[] = [
  ['true', () => true],
  ['false', () => false],
  ['1 / 0 == 1', () => 'error'],
  ['context.fork', needing('context.fork', (fork) => fork === true)],
  ['!context.fork', needing('context.fork', (fork) => fork === false)],
  ['context.fork && false', needing('context.fork', () => false)],
  ['context.approvals >= 2', needing<number>('context.approvals', (approvals) => approvals >= 2)],
  ['context.cost_usd > 1.5', needing<number>('context.cost_usd', (cost) => cost > 1.5)],
  [
    'agent.role in ["reviewer", "approver"]',
    needing('agent.role', (role) => role === 'reviewer' || role === 'approver'),
  ],
  [
    '"merge_mrs" in agent.permissions',
    needing<string[]>('agent.permissions', (permissions) => permissions.includes('merge_mrs')),
  ],
];

const some = <T>(...values: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 }), { nil: undefined });
const names = ['reviewer', 'scout', 'planner-2'] as const;

interface Generated extends Omit<Written, 'conditions' | 'name'> {
  readonly match: Match;
  readonly conditions: readonly Condition[];
}

/** Without the keys whose value is undefined, as a document has them. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as T;
}

const matches: fc.Arbitrary<Match> = fc
  .record({
    actions: fc.uniqueArray(fc.constantFrom('run' as const, 'propose' as const), { minLength: 1 }),
    names: some(...names, 'rev*', '*', '*-*', 'p*r*2'),
    kinds: some('Agent', 'Task'),
    tiers: some('tier_1_read', 'tier_2_write_limited'),
    resources: some('note', 'label'),
    environments: fc.option(fc.constant(['prod*', 'staging']), { nil: undefined, freq: 4 }),
  })
  .map(({ actions, names, kinds, tiers, resources, environments }) => {
    const agents = present({ names, kinds, tiers });
    // A run is about a manifest: without it a policy for both would never be about one of them.
    const both = resources === undefined ? undefined : ['manifest', ...resources];
    return present({
      ...{ actions, environments, resources: both },
      agents: Object.keys(agents).length === 0 ? undefined : agents,
    }) as Match;
  })
  .filter(
    ({ actions, resources }) =>
      resources === undefined || !(actions.includes('propose') && resources.length < 2),
  );

const policies: fc.Arbitrary<Generated> = fc
  .record({
    effect: fc.constantFrom('permit' as const, 'forbid' as const, 'permit' as const),
    match: fc.oneof(matches, fc.constant(everything)),
    conditions: fc.array(fc.constantFrom(...conditions), { maxLength: 2 }),
    soft: fc.boolean(),
  })
  .map(({ soft, ...policy }) => ({
    ...policy,
    ...(soft && policy.effect === 'forbid' ? { severity: 'warning' as const } : {}),
  }));

const levelsOf = fc.array(fc.array(policies, { maxLength: 6 }), { minLength: 1, maxLength: 3 });

const facts: fc.Arbitrary<Facts> = fc
  .record({
    'context.fork': fc.option(fc.boolean(), { nil: undefined, freq: 6 }),
    'context.approvals': fc.option(fc.nat(3), { nil: undefined, freq: 6 }),
    'context.cost_usd': fc.option(fc.constantFrom(0, 1.5, 2.5), { nil: undefined, freq: 6 }),
    'agent.role': fc.option(fc.constantFrom('reviewer', 'deployer'), { nil: undefined, freq: 6 }),
    'agent.permissions': fc.option(fc.subarray(['merge_mrs', 'read_code']), { nil: undefined, freq: 6 }),
  })
  .map((values) => ({ ...values }));

const requests: fc.Arbitrary<PolicyRequest> = fc
  .record({
    subject: fc.constantFrom(
      { action: 'run' as const, resource: 'manifest' },
      { action: 'propose' as const, resource: 'note' },
      { action: 'propose' as const, resource: 'issue' },
    ),
    agent: fc.record({
      name: fc.constantFrom(...names, 'stranger'),
      kind: fc.constantFrom('Agent', 'Task'),
      tier: fc.constantFrom('tier_1_read', 'tier_2_write_limited', 'tier_3_write_elevated'),
    }),
    environment: fc.constantFrom(undefined, 'production', 'staging', 'review'),
    facts,
  })
  .map(({ subject, environment, ...request }) => ({
    ...{ ...request, ...subject },
    ...(environment === undefined ? {} : { environment }),
  }));

function plainLevels(levels: readonly (readonly Generated[])[]): readonly PlainLevel[] {
  return levels.map((own, index) => ({
    name: `l${index}`,
    policies: own.map(
      (policy, at): PlainPolicy => ({
        ...{ ...policy, name: `p${at}` },
        conditions: policy.conditions.map(([, plain]) => plain),
      }),
    ),
  }));
}

async function engineOf(levels: readonly (readonly Generated[])[]): Promise<PolicyEngine> {
  const parsed = levels.map((own, index) =>
    level(
      `l${index}`,
      own.map(({ conditions, ...policy }, at) => ({
        ...{ ...policy, name: `p${at}` },
        ...(conditions.length === 0 ? {} : { conditions: conditions.map(([cel]) => cel) }),
      })),
    ),
  );
  return createEngine(await Promise.all(parsed));
}

function idsOf(rows: PolicyDecision['policies']): string[] {
  return rows.map(({ id, effect }) => `${effect === 'error' ? '!' : ''}${id}`).sort();
}

test('the engine decides as plain closures do: effect, all ids, warnings', async () => {
  const seen = { allow: 0, deny: 0, error: 0 };
  await fc.assert(
    fc.asyncProperty(levelsOf, fc.array(requests, { minLength: 4, maxLength: 12 }), async (levels, all) => {
      const engine = await engineOf(levels);
      const plain = plainLevels(levels);
      for (const request of all) {
        const { effect, policies, warnings } = engine.decide(request);
        expect({ effect, ids: idsOf(policies), warnings: idsOf(warnings) }).toEqual(
          decidePlainly(plain, request),
        );
        seen[effect] += 1;
        if (policies.some((row) => row.effect === 'error')) seen.error += 1;
      }
    }),
    { numRuns: 500 },
  );
  // Requests of which all are denied would agree with any engine that denies.
  expect(Math.min(seen.allow, seen.deny, seen.error)).toBeGreaterThan(100);
});

test('one more forbid, wherever it stands, never allows more', async () => {
  await fc.assert(
    fc.asyncProperty(levelsOf, policies, fc.nat(), requests, async (levels, policy, where, request) => {
      const at = where % levels.length;
      const forbid = { ...policy, effect: 'forbid' as const };
      const more = levels.map((own, index) => (index === at ? [...own, forbid] : own));
      await expectNarrower(levels, more, request);
    }),
    { numRuns: 300 },
  );
});

test('one more level below never allows more, whatever it permits', async () => {
  await fc.assert(
    fc.asyncProperty(
      levelsOf,
      fc.array(policies, { maxLength: 4 }),
      requests,
      async (levels, below, request) => expectNarrower(levels, [...levels, below], request),
    ),
    { numRuns: 300 },
  );
});

async function expectNarrower(
  levels: readonly (readonly Generated[])[],
  more: readonly (readonly Generated[])[],
  request: PolicyRequest,
): Promise<void> {
  const before = (await engineOf(levels)).decide(request).effect;
  const after = (await engineOf(more)).decide(request).effect;
  expect(`${before} then ${after}`).not.toBe('deny then allow');
}

test('a forbid that cannot be evaluated never lets a request pass that it is about', async () => {
  const failing: Generated = {
    effect: 'forbid',
    match: everything,
    conditions: [conditions[2] ?? ['false', () => false]],
  };
  await fc.assert(
    fc.asyncProperty(levelsOf, fc.nat(), requests, async (levels, where, request) => {
      const at = where % levels.length;
      const more = levels.map((own, index) => (index === at ? [...own, failing] : own));
      const { effect, policies } = (await engineOf(more)).decide(request);
      expect(effect).toBe('deny');
      expect(idsOf(policies)).toContain(`!l${at}/p${levels[at]?.length}`);
    }),
    { numRuns: 200 },
  );
});

test('a pattern fits what the regular expression fits, also where stars are many', () => {
  const parts = fc
    .array(fc.constantFrom('a', 'b', 'ab', '.', '*', '**'), { maxLength: 7 })
    .map((all) => all.join(''));
  const texts = fc.array(fc.constantFrom('a', 'b', '.'), { maxLength: 9 }).map((all) => all.join(''));
  fc.assert(
    fc.property(parts, texts, (pattern, text) => {
      const escaped = pattern.replaceAll('.', '\\.').replaceAll('*', '.*');
      expect(fitsGlob(pattern, text)).toBe(new RegExp(`^${escaped}$`).test(text));
    }),
    { numRuns: 5_000 },
  );
  const spent = processorTime();
  expect(fitsGlob(`${'*a'.repeat(126)}b`, 'a'.repeat(100_000))).toBe(false);
  expect(fitsGlob(`${'*ab'.repeat(80)}*`, 'a'.repeat(100_000))).toBe(false);
  expect(spent()).toBeLessThan(500);
});
