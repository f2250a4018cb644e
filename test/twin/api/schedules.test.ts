import { expect, test } from 'vitest';
import { scheduleVariablesRoutes } from '../../../components/twin/api/schedule-variables.ts';
import { schedulesRoutes } from '../../../components/twin/api/schedules.ts';
import { type CiProject, startCi } from './ci-project.ts';

const nightly = { description: 'nightly', ref: 'topic', cron: '0 4 * * *', cron_timezone: 'Europe/Berlin' };

async function withSchedule(): Promise<CiProject & { one: string }> {
  const ci = await startCi([...schedulesRoutes, ...scheduleVariablesRoutes], { described: true });
  const made = await ci.call('POST', `${ci.at}/pipeline_schedules`, {
    token: ci.tokens.developer,
    json: nightly,
  });
  expect([made.status, made.json]).toMatchObject([
    201,
    { id: 1, ref: 'refs/heads/topic', active: true, variables: [] },
  ]);
  return { ...ci, one: `${ci.at}/pipeline_schedules/1` };
}

test('a schedule knows when it runs next', async () => {
  const { call, one, at, tokens } = await withSchedule();
  const { json } = await call<{ next_run_at: string }>('GET', one, { token: tokens.guest });
  const local = new Date(json.next_run_at).toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin' });
  expect(local).toBe('04:00:00');
  expect(
    (await call('GET', `${at}/pipeline_schedules?scope=inactive`, { token: tokens.guest })).json,
  ).toEqual([]);
  expect((await call('GET', `${at}/pipeline_schedules`, { token: tokens.guest })).json).toMatchObject([
    { id: 1 },
  ]);
});

test.each([
  [{ cron: '61 * * * *' }, { cron: [' is invalid syntax'] }],
  [{ cron_timezone: 'Nowhere' }, { cron_timezone: [' is invalid syntax'] }],
  [{ ref: 'main' }, { base: ['The current user is not authorized to set pipeline schedule ref'] }],
])('refuses %j', async (change, message) => {
  const { call, at, tokens } = await startCi(schedulesRoutes);
  const json = { ...nightly, ...change };
  const refused = await call('POST', `${at}/pipeline_schedules`, { token: tokens.developer, json });
  expect([refused.status, refused.json]).toEqual([400, { message }]);
});

test('only its owner changes it; a maintainer takes it over first', async () => {
  const { call, one, tokens } = await withSchedule();
  const json = { active: false, inputs: [{ name: 'level', value: 3 }] };
  expect((await call('PUT', one, { token: tokens.maintainer, json })).status).toBe(403);
  expect((await call('POST', `${one}/take_ownership`, { token: tokens.maintainer })).status).toBe(201);
  expect((await call('POST', `${one}/take_ownership`, { token: tokens.maintainer })).status).toBe(200);
  const changed = await call('PUT', one, { token: tokens.maintainer, json });
  expect(changed.json).toMatchObject({
    active: false,
    owner: { username: 'maintainer' },
    inputs: json.inputs,
  });
  const without = await call('PUT', one, {
    token: tokens.maintainer,
    json: { inputs: [{ name: 'level', destroy: true }] },
  });
  expect(without.json).toMatchObject({ inputs: [] });
  expect((await call('DELETE', one, { token: tokens.developer })).status).toBe(403);
  expect((await call('DELETE', one, { token: tokens.maintainer })).status).toBe(204);
});

test('played, it runs with its variables and the rights of who plays it', async () => {
  const { call, one, tokens, requests } = await withSchedule();
  await call('POST', `${one}/variables`, { token: tokens.developer, json: { key: 'A', value: '1' } });
  const played = await call('POST', `${one}/play`, { token: tokens.maintainer });
  expect([played.status, played.json]).toEqual([201, { message: '201 Created' }]);
  expect(requests).toMatchObject([
    { source: 'schedule', user: { username: 'maintainer' }, variables: [{ key: 'A', value: '1' }] },
  ]);
  const pipelines = await call('GET', `${one}/pipelines`, { token: tokens.guest });
  expect(pipelines.json).toMatchObject([{ id: 1, source: 'schedule' }]);
  expect((await call('GET', one, { token: tokens.guest })).json).toMatchObject({ last_pipeline: { id: 1 } });
});

test('that a played schedule starts nothing is not in the answer', async () => {
  const { call, one, tokens, project, requests } = await withSchedule();
  const schedule = project.schedules.get(1);
  if (schedule !== undefined) schedule.ref = 'gone';
  expect((await call('POST', `${one}/play`, { token: tokens.developer })).status).toBe(201);
  expect(requests).toEqual([]);
});

test('variables are its owner’s; maintainers see and delete them', async () => {
  const { call, one, tokens } = await withSchedule();
  const path = `${one}/variables`;
  const make = async (json: object, token = tokens.developer) =>
    (await call('POST', path, { token, json })).status;
  expect(await make({ key: 'A', value: '1' })).toBe(201);
  expect(await make({ key: 'A', value: '2' })).toBe(400);
  expect(await make({ key: 'B', value: '2' }, tokens.maintainer)).toBe(403);
  const changed = await call('PUT', `${path}/A`, {
    token: tokens.developer,
    json: { value: '3', variable_type: 'file' },
  });
  expect(changed.json).toEqual({ variable_type: 'file', key: 'A', value: '3', raw: false });
  expect((await call('GET', one, { token: tokens.maintainer })).json).toMatchObject({
    variables: [{ key: 'A' }],
  });
  expect((await call('GET', one, { token: tokens.guest })).json).not.toHaveProperty('variables');
  expect((await call('DELETE', `${path}/A`, { token: tokens.maintainer })).status).toBe(202);
  expect((await call('GET', `${path}/A`, { token: tokens.developer })).status).toBe(404);
});

test('variables are shut to whom the project forbids them, with what is there left as it is', async () => {
  const { call, one, tokens, project } = await withSchedule();
  const path = `${one}/variables`;
  const change = async (token: string) => [
    (await call('POST', path, { token, json: { key: 'BASH_ENV', value: 'x' } })).status,
    (await call('PUT', `${path}/A`, { token, json: { value: 'x' } })).status,
    (await call('DELETE', `${path}/A`, { token })).status,
  ];
  await call('POST', path, { token: tokens.developer, json: { key: 'A', value: '1' } });
  project.settings.ci_pipeline_variables_minimum_override_role = 'maintainer';
  expect(await change(tokens.developer)).toEqual([403, 403, 403]);
  project.settings.ci_pipeline_variables_minimum_override_role = 'no_one_allowed';
  for (const token of [tokens.developer, tokens.owner]) expect(await change(token)).toEqual([403, 403, 403]);
  expect((await call('GET', one, { token: tokens.maintainer })).json).toMatchObject({
    variables: [{ key: 'A', value: '1' }],
  });
});

test('nobody without a role, and no job, comes in', async () => {
  const { call, at, tokens } = await startCi(schedulesRoutes);
  expect(
    (await call('POST', `${at}/pipeline_schedules`, { token: tokens.reporter, json: nightly })).status,
  ).toBe(403);
  expect((await call('GET', `${at}/pipeline_schedules`)).status).toBe(401);
  expect((await call('GET', `${at}/pipeline_schedules/7`, { token: tokens.owner })).status).toBe(404);
});
