import { expect, test } from 'vitest';
import type { Clock } from '../../../components/kernel/context.ts';
import { addPersonalToken, addUser, startApi } from './harness.ts';
import { echo } from './routes.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const routes = [
  echo('GET', '/user', { role: 'user' }),
  echo('POST', '/projects/:project/merge_requests/:iid/notes', { role: 'user' }),
  echo('POST', '/projects/:project/merge_requests/:iid/discussions', { role: 'user' }),
];

async function startLimited(limits: { readonly requests?: number; readonly notes?: number }) {
  const time = { now: noon };
  const clock: Clock = { now: () => time.now, monotonic: () => time.now, sleep: async () => undefined };
  const api = await startApi({ routes, limits, context: { clock } });
  const tokenOf = (username: string) => {
    const { id: userId } = addUser(api.world, { username });
    return addPersonalToken(api.world, { userId, scopes: ['api'] }).value;
  };
  return { ...api, time, ada: tokenOf('ada'), bob: tokenOf('bob') };
}

test('who asks too often is told when to come again', async () => {
  const { call, time, ada, bob } = await startLimited({ requests: 2 });
  time.now = noon + 45_000;
  const first = await call('GET', '/user', { token: ada });
  expect(Object.fromEntries(first.headers)).toMatchObject({
    ...{ 'ratelimit-limit': '2', 'ratelimit-observed': '1', 'ratelimit-remaining': '1' },
    ...{ 'ratelimit-name': 'throttle_authenticated_api', 'ratelimit-reset': `${noon / 1000 + 60}` },
  });
  await call('GET', '/user', { token: ada });

  const refused = await call('GET', '/user', { token: ada });
  expect(refused).toMatchObject({ status: 429, text: 'Retry later\n' });
  expect(Object.fromEntries(refused.headers)).toMatchObject({
    ...{ 'retry-after': '15', 'ratelimit-remaining': '0' },
    ...{
      'ratelimit-resettime': 'Sat, 21 Nov 2026 12:01:00 GMT',
      'content-type': 'text/plain; charset=utf-8',
    },
  });
  expect((await call('GET', '/user', { token: bob })).status).toBe(200);

  time.now = noon + 60_000;
  expect((await call('GET', '/user', { token: ada })).status).toBe(200);
});

test('notes and discussions together have a limit of their own', async () => {
  const { call, ada, bob } = await startLimited({ notes: 2 });
  const note = (token: string) => call('POST', '/projects/1/merge_requests/1/notes', { token });
  expect((await note(ada)).status).toBe(200);
  const discussion = await call('POST', '/projects/1/merge_requests/1/discussions', { token: ada });
  expect(discussion.status).toBe(200);
  const refused = await note(ada);
  expect(refused).toMatchObject({
    status: 429,
    json: { message: { error: 'This endpoint has been requested too many times. Try again later.' } },
  });
  expect(refused.headers.get('retry-after')).toBe('60');
  expect((await note(bob)).status).toBe(200);
  expect((await call('GET', '/user', { token: ada })).status).toBe(200);
});
