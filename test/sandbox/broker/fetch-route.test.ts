import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../../scripts/wire/broker/answer.ts';
import { fetchAllowed, type Outside } from '../../../scripts/wire/broker/fetch-route.ts';
import { createState } from '../../../scripts/wire/broker/state.ts';
import { atEnd } from '../../support/at-end.ts';
import { outside } from './support.ts';

const cancel = new AbortController().signal;

/** Fetches with names that lead where the test says, one answer after the other. */
function fetcher(
  allow: readonly string[],
  answers: readonly (readonly string[])[],
  findProxy: Outside['findProxy'] = () => undefined,
) {
  const state = createState({});
  state.setUp({ upstreams: [], allow });
  const asked: string[] = [];
  const resolve: Outside['resolve'] = async (name) => {
    const addresses = answers[Math.min(asked.push(name), answers.length) - 1] ?? [];
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  const get = async (url: string) => {
    const work = fetchAllowed(
      state,
      { findProxy, authorities: undefined, resolve },
      { by: 'sandbox', method: 'GET', url, cancel },
    );
    return work.then(
      ({ status }) => status,
      (error: Refusal) => `${error.code}: ${JSON.stringify(error.facts)}`,
    );
  };
  return { state, asked, get };
}

describe('a name is resolved once', () => {
  test('and what it led to then is what is connected to, whatever it leads to later', async () => {
    const { port, asked: got } = await outside();
    const { get, asked } = fetcher(
      [`private:http://rebind.example.com:${port}`],
      [['127.0.0.1'], ['192.0.2.1']],
    );
    expect(await get(`http://rebind.example.com:${port}/page`)).toBe(200);
    expect([asked, got.map(({ headers }) => headers.host)]).toEqual([
      ['rebind.example.com'],
      [`rebind.example.com:${port}`],
    ]);
  });

  test.each([
    [['127.0.0.1']],
    [['93.184.215.14', '10.0.0.1']],
    [['2606:4700::1111', '::ffff:169.254.169.254']],
    [['169.254.169.254']],
    [['fd00:ec2::254']],
  ])('and refused where one of its addresses is not public: %j', async (addresses) => {
    const { port, asked: got } = await outside();
    const { get } = fetcher([`http://docs.example.com:${port}`], [addresses]);
    expect(await get(`http://docs.example.com:${port}/page`)).toMatch(/^DENIED: .*private network/);
    expect(got).toEqual([]);
  });

  test('and not at all where it is not on the allow-list', async () => {
    const { get, asked } = fetcher(['docs.example.com'], [['93.184.215.14']]);
    for (const url of ['https://evil.example.com/', 'https://docs.example.com:8443/', 'https://10.0.0.1/'])
      expect(await get(url)).toMatch(/^DENIED/);
    expect(asked).toEqual([]);
    expect(await fetcher(['docs.example.com'], [[]]).get('https://docs.example.com/')).toMatch(/no address/);
  });
});

test('behind a proxy it is the proxy that resolves', async () => {
  const tunnels: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    tunnels.push(request.url ?? '');
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  atEnd(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  const { get, asked } = fetcher(['docs.example.com'], [], () => new URL(`http://127.0.0.1:${port}`));
  expect(await get('https://docs.example.com/page')).toMatch(/^UNREACHABLE/);
  expect([tunnels, asked]).toEqual([['docs.example.com:443'], []]);
  // It is asked for nothing that is not on the list.
  expect(await get('https://evil.example.com/')).toMatch(/^DENIED/);
  expect(tunnels).toHaveLength(1);
});

test('what a session may send is counted over all its requests', async () => {
  const { port } = await outside();
  const { state, get } = fetcher([`private:http://127.0.0.1:${port}`], [['127.0.0.1']]);
  const at = (path: string) => get(`http://127.0.0.1:${port}/${path}`);
  for (const path of ['x7f3a9c', 'k2m8p4z', 'q9w5e1r', 't6y3u7i', 'o4p2a8s'])
    expect(await at(path)).toBe(200);
  expect(await at('d5f9g1h')).toMatch(/^LIMIT: .*no words/);
  expect(await at('installation')).toBe(200);
  expect(state.spent).toEqual({ requests: 6, charactersOut: 47, doubtfulOut: 35 });
  expect(
    state.records.map(({ decision }) => decision).filter((decision) => decision === 'refused'),
  ).toHaveLength(1);
  expect(await at('')).toBe(200);
});
