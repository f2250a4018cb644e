import { describe, expect, test } from 'vitest';
import { type EndpointFacts, floor, roles, tiers } from '../../../components/gitlab/endpoints/facts.ts';
import { endpoints } from '../../../components/gitlab/endpoints/registry.gen.ts';
import type { GitLab } from '../../../components/gitlab/types.ts';
import { routes } from '../../../components/twin/api/routes.gen.ts';
import type { Access, Route } from '../../../components/twin/server/types.ts';
import { rejection } from '../harness.ts';
import type { Sample } from './samples/sample.ts';
import { samples } from './samples.ts';
import { type Scene, startScene } from './scene.ts';

// The client's facts and the twin's routes are written apart from each other, each from GitLab's documentation.

const all = Object.entries(endpoints).map(([id, { facts }]) => [id, facts] as const);

const order = (role: EndpointFacts['role'] | 'none') => roles.indexOf(role === 'none' ? 'user' : role);

function shape(path: string): string {
  return path.replace(/[:*]\w+/g, '{}');
}

function routeOf({ method, path }: EndpointFacts): Route | undefined {
  return routes.find((route) => route.method === method && shape(route.path) === shape(path));
}

/** A version below our floor is no condition. */
function jobTokenOf(allowed: EndpointFacts['jobToken'] | Access['jobToken']): unknown {
  if (typeof allowed !== 'object') return allowed ?? false;
  const { since, tier } = allowed;
  const late = since !== undefined && since.localeCompare(floor, 'en', { numeric: true }) > 0;
  if (!late && tier === undefined) return true;
  return { ...(late && { since }), ...(tier !== undefined && { tier }) };
}

test('every endpoint has a sample', () => {
  expect(Object.keys(samples).sort()).toEqual(all.map(([id]) => id).sort());
});

describe('client and twin agree on', () => {
  test.each(all)('%s', (_, facts) => {
    const route = routeOf(facts);
    expect(route, 'the twin has a route for it').toBeDefined();
    const { jobToken, tier = 'free', role, triggerToken } = route?.access ?? { role: 'anyone' };
    expect({ tier, jobToken: triggerToken ?? jobTokenOf(jobToken) }).toEqual({
      tier: facts.tier,
      jobToken: jobTokenOf(facts.jobToken),
    });
    // A handler may ask for more than its route does; what it takes in the end the samples show.
    if (role !== 'anyone' && role !== 'admin') expect(order(role)).toBeLessThanOrEqual(order(facts.role));
  });
});

const refusals = ['GITLAB_FORBIDDEN', 'GITLAB_NOT_FOUND', 'GITLAB_UNAUTHORIZED'];
/** Called with a token of their own kind. */
const special = ['jobs.getOwnJob', 'triggers.runTrigger'];
const usual = all.filter(([id]) => !special.includes(id));

async function expectRefused(answer: Promise<unknown>): Promise<void> {
  const refused = await rejection(answer);
  expect(refusals, String(refused)).toContain(refused.code);
}

/** Somebody with a role, somebody with the one below it. */
function peopleOf({ role }: EndpointFacts, { as, asRole }: Scene): { enough: GitLab; less: GitLab } {
  const below = roles[roles.indexOf(role) - 1];
  const named = (name: string) => asRole(name === 'user' ? 'stranger' : name);
  return { enough: named(role), less: below === undefined ? as(undefined) : named(below) };
}

/** Refused for the one with less, done for the one with enough, and what is sent is what the facts say. */
async function checkRole(id: string, facts: EndpointFacts, scene: Scene): Promise<void> {
  const call = sampleOf(id);
  const { enough, less } = peopleOf(facts, scene);
  await expectRefused(call(less, scene));
  scene.api.journal.clear();
  await call(enough, scene);
  const sent = scene.api.journal.entries.map(({ method, route }) => `${method} ${shape(route ?? '')}`);
  expect(sent, id).toContain(`${facts.method} ${shape(facts.path)}`);
  expect(scene.api.journal.mistakes()).toEqual([]);
}

function sampleOf(id: string): Sample {
  const sample = samples[id];
  if (sample === undefined) throw new Error(`no sample of ${id}`);
  return sample;
}

/** The endpoints of which a check fails, with the first line of why. */
async function failing(
  chosen: typeof usual,
  check: (id: string, facts: EndpointFacts, scene: Scene) => Promise<void>,
): Promise<Record<string, string>> {
  const failed: Record<string, string> = {};
  for (const tier of tiers) {
    const ofTier = chosen.filter(([, facts]) => facts.tier === tier);
    if (ofTier.length === 0) continue;
    // Reads leave everything as it is, so one scene is enough for all of them.
    const scene = await startScene({ tier });
    for (const [id, facts] of ofTier) {
      await check(id, facts, scene).catch((error: unknown) => {
        failed[id] = String(error).split('\n')[0] ?? '';
      });
    }
  }
  return failed;
}

const isRead = ([, { method }]: (typeof usual)[number]) => method === 'GET';
const writes = usual.filter((one) => !isRead(one));

describe('a role is enough, and the one below it is not', () => {
  test('for reads', async () => {
    const failed = await failing(usual.filter(isRead), checkRole);
    expect(Object.keys(failed).sort(), JSON.stringify(failed, null, 2)).toEqual([]);
  });

  test.each(writes)('for %s', async (id, facts) => {
    await checkRole(id, facts, await startScene({ tier: facts.tier }));
  });

  test.each(special)('%s takes a token of its own kind', async (id) => {
    const scene = await startScene();
    await sampleOf(id)(scene.bot, scene);
    expect(scene.api.journal.mistakes()).toEqual([]);
  });
});

describe('a job token', () => {
  const having = (wanted: EndpointFacts['jobToken']) =>
    usual.filter(([, { jobToken }]) => jobToken === wanted);
  const conditional = usual.filter(([, { jobToken }]) => typeof jobToken === 'object');
  const asJob = async (id: string, _: EndpointFacts, scene: Scene) =>
    void (await sampleOf(id)(scene.asJob, scene));

  test('may do nothing that the facts forbid it', async () => {
    const refused = await failing(having(false), (id, _, scene) =>
      expectRefused(sampleOf(id)(scene.asJob, scene)),
    );
    expect(refused).toEqual({});
  });

  test('reads what the facts allow it', async () => {
    expect(await failing(having(true).filter(isRead), asJob)).toEqual({});
  });

  test.each(having(true).filter((one) => !isRead(one)))('may call %s', async (id, facts) => {
    await asJob(id, facts, await startScene({ tier: facts.tier }));
  });

  test.each(conditional)('may call %s from a version or with a licence', async (id, facts) => {
    const { tier = facts.tier, since = floor } = typeof facts.jobToken === 'object' ? facts.jobToken : {};
    const without = await startScene({ tier: facts.tier });
    await expectRefused(sampleOf(id)(without.asJob, without));
    await asJob(id, facts, await startScene({ tier, version: `${since}.0` }));
  });
});
