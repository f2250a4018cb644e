import { expect, test } from 'vitest';
import { addPersonalToken, addUser, startApi } from './harness.ts';
import { echo } from './routes.ts';

const routes = [
  echo('GET', '/user', { role: 'user' }),
  echo('POST', '/projects/:project/issues', { role: 'user' }),
];

async function startWithAda() {
  const api = await startApi({ routes });
  const ada = addUser(api.world, { username: 'ada' });
  const token = addPersonalToken(api.world, { userId: ada.id, scopes: ['api'] }).value;
  return { ...api, token };
}

test('each request stands in the journal, without secrets', async () => {
  const { call, token, journal } = await startWithAda();
  const json = { title: `leak: ${token}`, token: 'plain', nested: [{ password: 'plain', note: 'kept' }] };
  await call('POST', '/projects/7/issues?private_token=plain&dry=1', { token, json });
  expect(journal.entries).toEqual([
    {
      ...{ method: 'POST', path: '/projects/7/issues', route: '/projects/:project/issues', status: 200 },
      query: { private_token: '[MASKED]', dry: '1' },
      body: {
        title: 'leak: [redacted]',
        token: '[MASKED]',
        nested: [{ password: '[MASKED]', note: 'kept' }],
      },
      actor: { username: 'ada', token: 'personal' },
      milliseconds: expect.any(Number),
      ...{ fault: undefined, violation: undefined, error: undefined },
    },
  ]);
});

test('what was expected passes, in any order', async () => {
  const { call, token, journal } = await startWithAda();
  await call('POST', '/projects/7/issues', { token });
  await call('GET', '/user', { token });
  await call('GET', '/user', { token });
  await call('GET', '/user');
  journal.assertExpected([
    'GET /user',
    { request: 'GET /user', actor: 'ada' },
    { request: 'GET /user', status: 401 },
    'POST /projects/:project/issues',
    { request: 'GET /metadata', times: 'any' },
  ]);
  journal.clear();
  journal.assertExpected([]);
});

test('what was not expected, and what never came, is named', async () => {
  const { call, token, journal } = await startWithAda();
  await call('GET', '/user', { token });
  await call('GET', '/user', { token });
  await call('GET', '/projects/7/wikis');
  const check = () =>
    journal.assertExpected([
      'GET /user',
      { request: 'POST /projects/7/issues', times: 2 },
      { request: 'GET /user', actor: 'bob' },
    ]);
  expect(check).toThrow(
    [
      'the twin was not asked as expected:',
      'unexpected: GET /user by ada with a personal token, 200',
      'unexpected: GET /projects/7/wikis by nobody signed in, 501',
      'never came: POST /projects/7/issues, 0 of 2 times',
      'never came: GET /user by bob',
    ].join('\n  '),
  );
});
