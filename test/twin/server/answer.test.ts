import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { conflict, invalidRecord } from '../../../components/twin/server/reply.ts';
import type { Reply, Route } from '../../../components/twin/server/types.ts';
import { type Answered, startApi } from './harness.ts';

const open = { role: 'anyone', anonymous: true } as const;

function replying(method: 'GET' | 'POST' | 'DELETE', handle: () => Reply): Route {
  return { method, path: '/thing', access: open, handle };
}

/** Numbered from 1, oldest first. */
function items(count: number): { readonly id: number }[] {
  return Array.from({ length: count }, (_, index) => ({ id: index + 1 }));
}

function startList(count: number, subPath = '') {
  return startApi({ routes: [replying('GET', () => ({ list: items(count) }))], subPath });
}

describe('a list comes in pages', () => {
  test('of twenty, with the way to the others', async () => {
    const { call, url } = await startList(45, '/gitlab');
    const { json, headers } = await call('GET', '/thing?state=opened&page=2');
    expect(json).toEqual(items(45).slice(20, 40));
    const link = (page: number) => `<${url}/api/v4/thing?state=opened&page=${page}&per_page=20>`;
    expect(headers.get('link')).toBe(
      `${link(1)}; rel="prev", ${link(3)}; rel="next", ${link(1)}; rel="first", ${link(3)}; rel="last"`,
    );
    expect(Object.fromEntries(headers)).toMatchObject({
      ...{ 'x-page': '2', 'x-per-page': '20', 'x-next-page': '3', 'x-prev-page': '1' },
      ...{ 'x-total': '45', 'x-total-pages': '3' },
    });
  });

  test.each([
    ['per_page=500', 100],
    ['per_page=0', 20],
    ['page=-1', 20],
    ['page=9', 0],
  ])('%s gives %i', async (query, length) => {
    const { call } = await startList(120);
    expect((await call('GET', `/thing?${query}`)).json).toHaveLength(length);
  });

  test('whose numbers must be some', async () => {
    const { call } = await startList(1);
    expect(await call('GET', '/thing?page=two')).toMatchObject({
      status: 400,
      json: { error: 'page is invalid' },
    });
  });

  test('and links carry no tokens', async () => {
    const { call } = await startList(45);
    const { headers } = await call('GET', '/thing?job_token=secret1&state=all');
    expect(headers.get('link')).not.toContain('secret1');
  });

  test('without totals where there are too many', async () => {
    const { call } = await startList(10_001);
    const { headers } = await call('GET', '/thing');
    expect(headers.get('x-total')).toBeNull();
    expect(headers.get('link')).not.toContain('last');
    expect(headers.get('x-next-page')).toBe('2');
  });

  test.each([
    ['sort=asc', items(45)],
    ['sort=desc', items(45).reverse()],
  ])('by keyset to its end, %s', async (sort, all) => {
    const { call, url } = await startList(45);
    let path: string | undefined = `/thing?pagination=keyset&order_by=id&${sort}&per_page=20`;
    const seen: unknown[] = [];
    while (path !== undefined) {
      const page: Answered<unknown[]> = await call('GET', path);
      seen.push(...page.json);
      expect(page.headers.get('x-total')).toBeNull();
      path = /^<([^>]+)>; rel="next"$/
        .exec(page.headers.get('link') ?? '')?.[1]
        ?.replace(`${url}/api/v4`, '');
    }
    expect(seen).toEqual(all);
  });

  test('and by keyset only in the order of numbers', async () => {
    const { call } = await startList(3);
    const { status } = await call('GET', '/thing?pagination=keyset&order_by=name');
    expect(status).toBe(405);
  });
});

describe('a reply', () => {
  test.each<[string, Route['method'], Reply, object]>([
    ['to a read', 'GET', { json: { a: 1 } }, { status: 200, text: '{"a":1}' }],
    ['to a creation', 'POST', { json: { a: 1 } }, { status: 201, text: '{"a":1}' }],
    ['with a status', 'POST', { status: 202, json: null }, { status: 202, text: 'null' }],
    ['without a body', 'DELETE', { status: 204 }, { status: 204, text: '' }],
    ['as text', 'GET', { text: 'log' }, { status: 200, text: 'log' }],
    ['as bytes', 'GET', { bytes: Buffer.from('zip'), type: 'application/zip' }, { status: 200, text: 'zip' }],
    [
      'as a stream',
      'GET',
      { bytes: Readable.from(['a', 'b']), type: 'text/plain' },
      { status: 200, text: 'ab' },
    ],
  ])('%s', async (_, method, reply, expected) => {
    const route: Route = { method, path: '/thing', access: open, handle: () => reply };
    const { call, journal } = await startApi({ routes: [route] });
    const answer = await call(method, '/thing');
    expect(answer).toMatchObject(expected);
    expect(answer.headers.get('x-request-id')).toMatch(/^[\w-]{20,}$/);
    expect(journal.mistakes()).toEqual([]);
  });

  test('leads elsewhere', async () => {
    const location = 'https://storage.example.com/x?signature=1';
    const { call } = await startApi({ routes: [replying('GET', () => ({ status: 302, location }))] });
    const { status, headers } = await call('GET', '/thing');
    expect([status, headers.get('location')]).toEqual([302, location]);
  });

  test('refuses in GitLab’s words', async () => {
    const { call } = await startApi({
      routes: [
        replying('GET', () => {
          throw conflict('Another open merge request already exists');
        }),
        replying('POST', () => {
          throw invalidRecord({ name: ['has already been taken'] });
        }),
      ],
    });
    expect(await call('GET', '/thing')).toMatchObject({
      status: 409,
      json: { message: 'Another open merge request already exists' },
    });
    expect(await call('POST', '/thing')).toMatchObject({
      status: 400,
      json: { message: { name: ['has already been taken'] } },
    });
  });
});

test('what has not changed is not sent again', async () => {
  const thing = { version: 1 };
  const { call } = await startApi({ routes: [replying('GET', () => ({ json: thing }))] });
  const etag = (await call('GET', '/thing')).headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"[\da-f]{32}"$/);
  const again = () => call('GET', '/thing', { headers: { 'if-none-match': etag } });
  expect(await again()).toMatchObject({ status: 304, text: '' });
  thing.version = 2;
  expect(await again()).toMatchObject({ status: 200, json: { version: 2 } });
});

test('a handler that breaks answers 500, and the journal keeps why', async () => {
  const { call, journal } = await startApi({
    defects: 'expected',
    routes: [
      replying('GET', () => {
        throw new TypeError('x is not a function');
      }),
    ],
  });
  expect(await call('GET', '/thing')).toMatchObject({
    status: 500,
    json: { message: '500 Internal Server Error' },
  });
  expect(journal.mistakes()).toEqual([
    expect.stringContaining('GET /thing broke the twin: TypeError: x is not'),
  ]);
});

test('a stream that breaks ends the connection, and the journal keeps why', async () => {
  const { call, journal } = await startApi({
    defects: 'expected',
    routes: [
      replying('GET', () => ({
        type: 'text/plain',
        bytes: new Readable({
          read() {
            this.destroy(new Error('the disk is gone'));
          },
        }),
      })),
    ],
  });
  await expect(call('GET', '/thing')).rejects.toThrow();
  expect(journal.mistakes()).toEqual([expect.stringContaining('the disk is gone')]);
});

test('a client that goes away is no defect', async () => {
  const slow = Readable.from(
    (async function* () {
      yield 'first';
      await new Promise((resolve) => setTimeout(resolve, 50));
      yield 'second';
    })(),
  );
  const download = replying('GET', () => ({ type: 'text/plain', bytes: slow }));
  const { url, journal } = await startApi({ routes: [download, replying('POST', () => ({ json: 1 }))] });
  const body = (await fetch(`${url}/api/v4/thing`)).body;
  await body?.cancel();

  const upload = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from('{')),
  });
  const stop = AbortSignal.timeout(50);
  const headers = { 'content-type': 'application/json' };
  const options = { method: 'POST', body: upload, duplex: 'half', signal: stop, headers } as const;
  await expect(fetch(`${url}/api/v4/thing`, options)).rejects.toThrow();
  const answered = () => journal.entries.filter(({ milliseconds }) => milliseconds > 0);
  await expect.poll(answered, { timeout: 10_000 }).toHaveLength(2);
  expect(journal.mistakes()).toEqual([]);
});

test('a port the test did not give says which', async () => {
  const route: Route = {
    ...{ method: 'GET', path: '/thing', access: open },
    handle: async ({ twin }) => ({ json: await twin.repositories.branches({} as never) }),
  };
  const { call, journal } = await startApi({ defects: 'expected', routes: [route] });
  expect((await call('GET', '/thing')).status).toBe(500);
  expect(journal.mistakes()[0]).toContain('this test gave the twin no repositories.branches');
});
