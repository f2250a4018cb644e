import { expect, test } from 'vitest';
import { type Json, startScene } from './review-scene.ts';

test('a label is made, shown, renamed wherever it stands, and taken away', async () => {
  const { as } = await startScene();
  const created = await as('reporter', 'POST', '/labels', {
    name: 'bug',
    color: 'red',
    description: 'broken',
    priority: 1,
  });
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({
    name: 'bug',
    color: '#ff0000',
    description: 'broken',
    priority: 1,
    is_project_label: true,
  });
  await as('developer', 'POST', '/issues', { title: 'x', labels: 'bug' });
  expect((await as('reporter', 'PUT', '/labels/bug', { new_name: 'defect' })).json).toMatchObject({
    name: 'defect',
  });
  expect((await as('developer', 'GET', '/issues/1')).json.labels).toEqual(['defect']);
  expect((await as<Json[]>('guest', 'GET', '/labels?with_counts=true')).json).toMatchObject([
    { name: 'defect', open_issues_count: 1, closed_issues_count: 0 },
  ]);
  expect((await as('reporter', 'DELETE', `/labels/${created.json.id}`)).status).toBe(204);
  expect((await as('developer', 'GET', '/issues/1')).json.labels).toEqual([]);
});

test.each([
  [{ name: 'bug', color: '#ffffff' }, 409, { message: 'Label already exists' }],
  [{ name: 'x', color: 'nice' }, 400, { message: { color: ['must be a valid color code'] } }],
  [{ name: 'a,b', color: '#ffffff' }, 400, { message: { title: ['is invalid'] } }],
  [{ color: '#ffffff' }, 400, { error: 'name is missing' }],
])('%j is refused', async (body, status, json) => {
  const { as } = await startScene();
  await as('reporter', 'POST', '/labels', { name: 'bug', color: '#ff0000' });
  expect(await as('reporter', 'POST', '/labels', body)).toMatchObject({ status, json });
});

test('guests make none, and what is not there is not found', async () => {
  const { as } = await startScene();
  expect((await as('guest', 'POST', '/labels', { name: 'x', color: '#ffffff' })).status).toBe(403);
  expect(await as('reporter', 'PUT', '/labels/none', { new_name: 'y' })).toMatchObject({
    status: 404,
    json: { message: '404 Label Not Found' },
  });
});
