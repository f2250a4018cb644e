import { expect, test } from 'vitest';
import { startScene } from './review-scene.ts';

const one = '/merge_requests/1';

test('developers approve once, and take it back', async () => {
  const { open, as } = await startScene();
  await open();
  const approved = await as('maintainer', 'POST', `${one}/approve`);
  expect(approved.status).toBe(201);
  expect(approved.json).toMatchObject({
    ...{ approved: true, user_has_approved: true, user_can_approve: false },
    approved_by: [{ user: { username: 'maintainer' }, approved_at: expect.any(String) }],
  });
  expect((await as('maintainer', 'POST', `${one}/approve`)).status).toBe(401);
  expect((await as('maintainer', 'POST', `${one}/unapprove`)).json).toMatchObject({
    approved: false,
    approved_by: [],
  });
  expect((await as('maintainer', 'POST', `${one}/unapprove`)).status).toBe(404);
});

test('an approval of a head that is not the newest is refused', async () => {
  const { open, as, push } = await startScene();
  const { sha } = await open();
  const { sha: newer } = await push('feature', { 'b.txt': 'more\n' });
  const stale = await as('maintainer', 'POST', `${one}/approve`, { sha });
  expect(stale).toMatchObject({
    status: 409,
    json: { message: `SHA does not match HEAD of source branch: ${newer}` },
  });
  expect((await as('maintainer', 'POST', `${one}/approve`, { sha: newer })).status).toBe(201);
});

test('approvals stay after a push, as they do on Free', async () => {
  const { open, as, push } = await startScene();
  await open();
  await as('maintainer', 'POST', `${one}/approve`);
  await push('feature', { 'b.txt': 'more\n' });
  expect((await as('reporter', 'GET', `${one}/approvals`)).json).toMatchObject({ approved: true });
});

test('reporters approve nothing, and rules are of Premium', async () => {
  const { open, as } = await startScene();
  await open();
  expect((await as('reporter', 'POST', `${one}/approve`)).status).toBe(403);
  expect((await as('maintainer', 'GET', `${one}/approval_rules`)).status).toBe(404);
  expect((await as('maintainer', 'GET', `${one}/approval_state`)).json).toEqual({
    ...{ approval_rules_overwritten: false, rules: [] },
  });
  const premium = await startScene({ tier: 'premium' });
  await premium.open();
  expect((await premium.as('maintainer', 'GET', `${one}/approval_rules`)).status).toBe(200);
});
