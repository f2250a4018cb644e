import { expect, test } from 'vitest';
import type { Fallback } from '../../../components/twin/server/types.ts';
import { startApi } from './harness.ts';

const keys: Fallback = async (_, response, path) => {
  if (path !== '/oauth/discovery/keys') return false;
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}');
  return true;
};

test('what is not the API goes to those who take it, in their order', async () => {
  const refusing: Fallback = async () => false;
  const { url, journal } = await startApi({ routes: [], fallbacks: [refusing, keys], subPath: '/gitlab' });
  const answer = await fetch(`${url}/oauth/discovery/keys?x=1`);
  expect(await answer.json()).toEqual({ keys: [] });
  expect((await fetch(`${url}/explore`)).status).toBe(501);
  expect((await fetch(`${new URL(url).origin}/oauth/discovery/keys`)).status).toBe(501);
  expect(journal.entries).toMatchObject([
    { method: 'GET', path: '/oauth/discovery/keys', route: undefined, status: 200 },
    { path: '/explore', status: 501 },
    { path: '/oauth/discovery/keys', status: 501 },
  ]);
});

test('it meets the faults that need no answer to change', async () => {
  const { url, faults } = await startApi({ routes: [], fallbacks: [keys] });
  faults.add({ what: { kind: 'after' } });
  faults.add({ what: { kind: 'status', status: 503 } });
  faults.add({ what: { kind: 'cut', when: 'before' } });
  faults.add({ what: { kind: 'slow', milliseconds: 1 } });
  const ask = () => fetch(`${url}/oauth/discovery/keys`);
  expect((await ask()).status).toBe(503);
  await expect(ask()).rejects.toThrow();
  expect((await ask()).status).toBe(200);
  expect(faults.pending()).toHaveLength(1);
});

test('one that breaks ends the connection, and the journal keeps why', async () => {
  const broken: Fallback = async () => {
    throw new Error('git is gone');
  };
  const { url, journal } = await startApi({ defects: 'expected', routes: [], fallbacks: [broken] });
  await expect(fetch(`${url}/ada/tool.git/info/refs`)).rejects.toThrow();
  expect(journal.mistakes()).toEqual([expect.stringContaining('git is gone')]);
});
