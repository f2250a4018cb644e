import { expect, test } from 'vitest';
import { type Json, startScene } from './review-scene.ts';

test('an issue is opened, changed, closed and taken away', async () => {
  const { as, project } = await startScene();
  const created = await as('reporter', 'POST', '/issues', {
    title: 'Broken',
    labels: 'bug,ui',
    due_date: '2027-01-31',
  });
  expect(created.status).toBe(201);
  expect(created.json).toMatchObject({
    ...{ iid: 1, project_id: project.id, state: 'opened', labels: ['bug', 'ui'], due_date: '2027-01-31' },
    references: { full: 'group/app#1' },
  });
  const changed = await as('reporter', 'PUT', '/issues/1', {
    state_event: 'close',
    remove_labels: 'ui',
    assignee_ids: [1],
  });
  expect(changed.json).toMatchObject({ state: 'closed', labels: ['bug'], assignee: { username: 'owner' } });
  expect((await as('developer', 'DELETE', '/issues/1')).status).toBe(403);
  expect((await as('owner', 'DELETE', '/issues/1')).status).toBe(204);
  expect((await as('owner', 'GET', '/issues/1')).status).toBe(404);
});

test('guests open issues, and their labels are not heard', async () => {
  const { as } = await startScene();
  const { status, json } = await as('guest', 'POST', '/issues', { title: 'Mine', labels: 'bug' });
  expect(status).toBe(201);
  expect(json.labels).toEqual([]);
  expect((await as('guest', 'PUT', '/issues/1', { title: 'Still mine' })).status).toBe(200);
});

test('a confidential issue is not there for guests', async () => {
  const { as } = await startScene();
  await as('reporter', 'POST', '/issues', { title: 'Hole', confidential: true });
  expect((await as('guest', 'GET', '/issues/1')).status).toBe(404);
  expect((await as('guest', 'POST', '/issues/1/notes', { body: 'x' })).status).toBe(404);
  expect((await as('guest', 'GET', '/issues')).json).toEqual([]);
  expect((await as<Json[]>('reporter', 'GET', '/issues')).json).toHaveLength(1);
});

test('notes and quick actions of issues', async () => {
  const { as } = await startScene();
  await as('developer', 'POST', '/issues', {
    title: 'x',
    description: 'text\n/due 2027-02-01\n/confidential',
  });
  expect((await as('developer', 'GET', '/issues/1')).json).toMatchObject({
    ...{ description: 'text', due_date: '2027-02-01', confidential: true },
  });
  const closed = await as('developer', 'POST', '/issues/1/notes', { body: 'done\n/close' });
  expect(closed.json).toMatchObject({
    body: 'done',
    noteable_type: 'Issue',
    commands_changes: { state_event: 'close' },
  });
  const merge = await as('developer', 'POST', '/issues/1/notes', { body: '/merge' });
  expect(merge.json).toMatchObject({ body: '/merge' });
  const thread = await as('developer', 'POST', '/issues/1/discussions', { body: 'a thread' });
  expect(thread.json).toMatchObject({ individual_note: false, resolvable: true });
});

test.each([
  [{}, { error: 'title is missing' }],
  [{ title: ' ' }, { message: { title: ["can't be blank"] } }],
])('%j is refused', async (body, json) => {
  const { as } = await startScene();
  expect(await as('developer', 'POST', '/issues', body)).toMatchObject({ status: 400, json });
});
