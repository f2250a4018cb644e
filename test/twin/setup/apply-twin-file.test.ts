import { expect, test } from 'vitest';
import { startTestTwin } from '../harness.ts';

test('a variable holds a trigger token: one of a project and an owner', async () => {
  const of = (trigger_of: string, owner?: string) => ({ trigger_of, ...(owner !== undefined && { owner }) });
  const twin = await startTestTwin({
    setUp: {
      users: { bot: { kind: 'service_account' } },
      projects: {
        'acme/app': { variables: { A: of('acme/trusted', 'bot'), B: of('acme/trusted') } },
        'acme/other': { variables: { A: of('acme/trusted', 'bot'), B: of('acme/other', 'bot') } },
        'acme/trusted': { members: { bot: 'maintainer' } },
      },
    },
  });
  const valuesOf = (path: string) => twin.project(path).variables.map(({ value }) => value);
  const [bots, locals] = valuesOf('acme/app');
  const [same, others] = valuesOf('acme/other');
  expect(same).toBe(bots);
  expect(new Set([bots, locals, others])).toHaveProperty('size', 3);
  for (const value of [bots, locals, others]) expect(value).toMatch(/^glptt-/);
  expect(await twin.api('GET', '/projects/acme%2Ftrusted/triggers')).toMatchObject([
    { owner: { username: 'bot' } },
    { owner: { username: 'local' } },
  ]);
});
