import { describe, expect, test } from 'vitest';
import { createEngine } from '../../components/policy/engine.ts';
import { parsePolicies } from '../../components/policy/parse.ts';
import type { Match, PolicyRequest } from '../../components/policy/types.ts';
import { level, request, shown, textOf, type Written } from './levels.ts';

type Levels = Readonly<Record<string, readonly Written[]>>;

async function decide(levels: Levels, changes: Partial<PolicyRequest> = {}): Promise<string> {
  const parsed = await Promise.all(Object.entries(levels).map(([name, policies]) => level(name, policies)));
  return shown(createEngine(parsed).decide(request(changes)));
}

const permit: Written = { name: 'permit', effect: 'permit' };
const forbid: Written = { name: 'forbid', effect: 'forbid' };
const run: Match = { actions: ['run'] };
const propose: Match = { actions: ['propose'] };

interface Row {
  readonly what: string;
  readonly levels: Levels;
  readonly facts?: PolicyRequest['facts'];
  readonly decision: string;
}

const rows: readonly Row[] = [
  { what: 'nothing permits', levels: { a: [] }, decision: 'deny: a/no-permit' },
  { what: 'one permits', levels: { a: [permit] }, decision: 'allow: a/permit' },
  {
    what: 'all permits that hold are named',
    levels: { a: [permit, { ...permit, name: 'other' }] },
    decision: 'allow: a/permit a/other',
  },
  { what: 'a forbid outweighs', levels: { a: [permit, forbid] }, decision: 'deny: a/forbid' },
  {
    what: 'all forbids are named, of all levels',
    levels: { a: [permit, forbid], b: [{ ...forbid, name: 'other' }, forbid] },
    decision: 'deny: a/forbid b/other b/forbid',
  },
  {
    what: 'a forbid and silence are both named',
    levels: { a: [forbid] },
    decision: 'deny: a/forbid a/no-permit',
  },
  { what: 'a level without permits adds none', levels: { a: [permit], b: [] }, decision: 'allow: a/permit' },
  {
    what: 'a level with a permit for the action must permit',
    levels: { a: [permit], b: [{ ...permit, match: { ...propose, resources: ['label'] } }] },
    decision: 'deny: b/no-permit',
  },
  {
    what: 'a level with a permit for another action need not',
    levels: { a: [permit], b: [{ ...permit, match: run }] },
    decision: 'allow: a/permit',
  },
  {
    what: 'a level below cannot permit for the widest',
    levels: { a: [], b: [permit] },
    decision: 'deny: a/no-permit',
  },
  {
    what: 'every level that permits is named',
    levels: { a: [permit], b: [permit], c: [permit] },
    decision: 'allow: a/permit b/permit c/permit',
  },
  {
    what: 'a condition that does not hold',
    levels: { a: [permit, { ...forbid, conditions: ['context.fork'] }] },
    facts: { 'context.fork': false },
    decision: 'allow: a/permit',
  },
  {
    what: 'conditions after one that does not hold are not asked',
    levels: { a: [permit, { ...forbid, conditions: ['context.fork', 'agent.changed'] }] },
    facts: { 'context.fork': false },
    decision: 'allow: a/permit',
  },
  {
    what: 'a forbid that cannot be evaluated denies',
    levels: { a: [permit, { ...forbid, conditions: ['context.fork'] }] },
    decision: 'deny: !a/forbid',
  },
  {
    what: 'it denies also where CEL has an answer without the fact',
    levels: { a: [permit, { ...forbid, conditions: ['context.fork && false'] }] },
    decision: 'deny: !a/forbid',
  },
  {
    what: 'a fact of a wrong type is an error, not false',
    levels: { a: [permit, { ...forbid, conditions: ['context.approvals < 1'] }] },
    facts: { 'context.approvals': Number.NaN },
    decision: 'deny: !a/forbid',
  },
  {
    what: 'a permit that cannot be evaluated permits nothing and is named',
    levels: { a: [{ ...permit, conditions: ['context.fork'] }] },
    decision: 'deny: !a/permit a/no-permit',
  },
  {
    what: 'it does not matter where another permits',
    levels: {
      a: [
        { ...permit, conditions: ['context.fork'] },
        { ...permit, name: 'other' },
      ],
    },
    decision: 'allow: a/other',
  },
  {
    what: 'a warning does not stop',
    levels: { a: [permit, { ...forbid, severity: 'warning' }] },
    decision: 'allow: a/permit ~ a/forbid',
  },
  {
    what: 'a warning that cannot be evaluated says so and does not stop',
    levels: { a: [permit, { ...forbid, severity: 'warning', conditions: ['context.fork'] }] },
    decision: 'allow: a/permit ~ !a/forbid',
  },
  {
    what: 'warnings stand beside a denial',
    levels: { a: [{ ...forbid, name: 'soft', severity: 'warning' }, forbid, permit] },
    decision: 'deny: a/forbid ~ a/soft',
  },
];

test.each(rows)('$what', async ({ levels, facts = {}, decision }) => {
  expect(await decide(levels, { facts })).toBe(decision);
});

describe('match', () => {
  const agents = (more: NonNullable<Match['agents']>): Match => ({ ...propose, agents: more });
  const cases: readonly (readonly [Match, Partial<PolicyRequest>, boolean])[] = [
    [propose, {}, true],
    [run, {}, false],
    [run, { action: 'run', resource: 'manifest' }, true],
    [{ ...propose, resources: ['note'] }, {}, true],
    [{ ...propose, resources: ['label', 'issue'] }, {}, false],
    [{ ...propose, resources: ['label'] }, { resource: 'unheard-of' }, false],
    [propose, { resource: 'unheard-of' }, true],
    [agents({ names: ['reviewer'] }), {}, true],
    [agents({ names: ['Reviewer', 'review'] }), {}, false],
    [agents({ names: ['rev*'] }), {}, true],
    [agents({ names: ['*er', 'x'] }), {}, true],
    [agents({ names: ['r*v*r'] }), {}, true],
    [agents({ names: ['re*ew*ew*'] }), {}, false],
    [agents({ names: ['*'] }), { agent: { name: '', kind: 'Task', tier: '' } }, true],
    [agents({ names: ['constructor', 'toString'] }), {}, false],
    [agents({ kinds: ['Agent'] }), {}, true],
    [agents({ kinds: ['Task'] }), {}, false],
    [agents({ tiers: ['tier_1_read'] }), {}, true],
    [agents({ tiers: ['tier_4_policy'] }), {}, false],
    [agents({ kinds: ['Agent'], tiers: ['tier_1_read'], names: ['re*'] }), {}, true],
    [agents({ kinds: ['Agent'], tiers: ['tier_2_write_limited'], names: ['re*'] }), {}, false],
    [{ ...propose, environments: ['production'] }, {}, false],
    [{ ...propose, environments: ['production'] }, { environment: 'production' }, true],
    [{ ...propose, environments: ['review/*'] }, { environment: 'review/fix-1' }, true],
    [{ ...propose, environments: ['review/*'] }, { environment: 'preview/fix-1' }, false],
  ];
  test.each(cases)('%j with %j: %s', async (match, changes, fits) => {
    expect(await decide({ a: [permit, { ...forbid, match }] }, changes)).toBe(
      fits ? 'deny: a/forbid' : 'allow: a/permit',
    );
  });
});

test('each row says what a person needs to know', async () => {
  const levels = [
    await level('default', [{ ...permit, conditions: ['agent.changed'] }]),
    await level('project', [
      { ...forbid, fix: 'Do not.' },
      { ...forbid, name: 'fork', conditions: ['context.fork'] },
    ]),
  ];
  expect(createEngine(levels).decide(request())).toEqual({
    effect: 'deny',
    policies: [
      { id: 'project/forbid', level: 'project', effect: 'forbid', message: 'about forbid', fix: 'Do not.' },
      {
        ...{ id: 'project/fork', level: 'project', effect: 'error' },
        message:
          'this forbid cannot be evaluated, which denies: the fact context.fork is absent. It says: about fork',
        fix: 'See that context.fork is known where this is decided, or match only requests that have it.',
      },
      {
        ...{ id: 'default/permit', level: 'default', effect: 'error' },
        message:
          'this permit cannot be evaluated, which permits nothing: the fact agent.changed is absent. It says: about permit',
        fix: 'See that agent.changed is known where this is decided, or match only requests that have it.',
      },
      {
        ...{ id: 'default/no-permit', level: 'default', effect: 'forbid' },
        message: 'no policy of level default permits this agent to propose: note',
        fix: 'Add a permit to level default that fits this request, or change the agent so that one does.',
      },
    ],
    warnings: [],
  });
});

test('a level with a broken document denies everything and names each', async () => {
  const text = `${textOf([permit])}\n---\n${textOf([{ ...forbid, conditions: ['context.frok'] }])}`;
  const levels = [
    await level('default', [permit]),
    await parsePolicies('group', [
      { path: 'g.yaml', text },
      { path: 'h.yaml', text: 'a: [' },
    ]),
  ];
  const decision = createEngine(levels).decide(request());
  expect(shown(decision)).toBe('deny: !group/h.yaml !group/forbid');
  expect(decision.policies[1]?.message).toMatch(/^g\.yaml:3:\d+: there is no "context\.frok" here$/);
});

test.each([[[]], [['a', 'a']]])('levels %j are our mistake', async (names) => {
  const levels = await Promise.all(names.map((name) => level(name, [permit])));
  expect(() => createEngine(levels)).toThrow(TypeError);
});

test('a fact that no environment has is our mistake', async () => {
  const engine = createEngine([await level('a', [permit])]);
  expect(() => engine.decide(request({ facts: { 'agent.teir': 'x' } }))).toThrow(TypeError);
});

test('the digest tells apart levels, their order and their policies', async () => {
  const [a, b] = [await level('a', [permit]), await level('b', [permit])];
  const other = await level('b', [permit, forbid]);
  const digests = [[a], [a, b], [b, a], [a, other]].map((levels) => createEngine(levels).digest);
  expect(new Set(digests).size).toBe(4);
  expect(createEngine([a, other]).levels).toEqual([
    { name: 'a', policies: 1 },
    { name: 'b', policies: 2 },
  ]);
});
