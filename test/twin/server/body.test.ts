import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nestParameters } from '../../../components/twin/server/parameters.ts';
import type { Route } from '../../../components/twin/server/types.ts';
import { startApi } from './harness.ts';
import { echo } from './routes.ts';

const open = { role: 'anyone', anonymous: true } as const;
const upload: Route = {
  method: 'PUT',
  path: '/upload',
  access: open,
  schema: { source: 'this test', query: { x: { type: 'string' } }, body: 'raw' },
  handle: async ({ request, body }) => ({ json: { got: await text(request), body } }),
};
const attach: Route = {
  method: 'POST',
  path: '/attach',
  access: open,
  handle: async ({ body }) => ({
    json: body.file instanceof File ? { name: body.file.name, text: await body.file.text() } : body,
  }),
};
const routes = [echo('POST', '/echo', open), echo('GET', '/echo', open), upload, attach];

interface Echo {
  readonly body: unknown;
  readonly query: unknown;
}

describe('a body is read', () => {
  const nested = { position: { new_line: '7', new_path: 'a.ts' }, labels: ['x', 'y'], note: 'ä+ &' };
  const pairs: [string, string][] = [
    ['position[new_line]', '7'],
    ['position[new_path]', 'a.ts'],
    ['labels[]', 'x'],
    ['labels[]', 'y'],
    ['note', 'ä+ &'],
  ];

  test('from a form', async () => {
    const { call } = await startApi({ routes });
    const { json } = await call<Echo>('POST', '/echo', { form: new URLSearchParams(pairs) });
    expect(json.body).toEqual(nested);
  });

  test('from multipart', async () => {
    const { call } = await startApi({ routes });
    const form = new FormData();
    for (const [name, value] of pairs) form.append(name, value);
    expect((await call<Echo>('POST', '/echo', { form })).json.body).toEqual(nested);
    form.append('file', new File(['content'], 'report.json'));
    expect((await call('POST', '/attach', { form })).json).toEqual({ name: 'report.json', text: 'content' });
  });

  test('from JSON, with its types', async () => {
    const { call } = await startApi({ routes });
    const json = { internal: true, position: { new_line: 7 }, constructor: 'a name like any other' };
    expect((await call<Echo>('POST', '/echo', { json })).json.body).toEqual(json);
  });

  test('with what the query of a write says', async () => {
    const { call } = await startApi({ routes });
    const { json } = await call<Echo>('POST', '/echo?ref=main&variables[A]=b', { form: { ref: 'other' } });
    expect(json).toMatchObject({
      query: { ref: 'main', 'variables[A]': 'b' },
      body: { ref: 'other', variables: { A: 'b' } },
    });
  });

  test('not at all where a handler wants its bytes', async () => {
    const { call } = await startApi({ routes });
    const headers = { 'content-type': 'application/json' };
    const { json } = await call('PUT', '/upload?x=1', { body: '{"a":"b"}', headers });
    expect(json).toEqual({ got: '{"a":"b"}', body: {} });
  });
});

describe('a list of objects', () => {
  test('begins a new one when a key comes again', () => {
    const keys = ['variables[][key]', 'variables[][value]', 'variables[][key]', 'variables[][value]'];
    const nested = nestParameters(keys.map((key, index) => [key, index]));
    expect(nested).toEqual({
      variables: [
        { key: 0, value: 1 },
        { key: 2, value: 3 },
      ],
    });
  });

  test('is whatever was sent as a form', () => {
    const name = fc.stringMatching(/^[a-z_]{1,8}$/).filter((one) => one !== '__proto__');
    const element = fc.dictionary(name, fc.string(), { minKeys: 1 });
    fc.assert(
      fc.property(fc.array(element, { minLength: 1 }), (list) => {
        // As Rack reads it, an element ends where its first key comes again, so all have the same keys.
        const keys = Object.keys(list[0] ?? {});
        const rows = list.map((one) => Object.fromEntries(keys.map((key) => [key, one[key] ?? ''])));
        const pairs = rows.flatMap((row) => keys.map((key) => [`list[][${key}]`, row[key]] as const));
        expect(nestParameters(pairs)).toEqual({ list: rows });
      }),
    );
  });
});

describe('a body is refused', () => {
  test.each([
    ['JSON that is none', 'application/json', '{"body":', 400],
    ['multipart without parts', 'multipart/form-data; boundary=x', 'nonsense', 400],
    ['of another type', 'text/csv', 'a,b', 415],
    ['beyond the limit', 'application/json', JSON.stringify({ body: 'x'.repeat(2000) }), 413],
    ['a key that is both text and object', 'application/x-www-form-urlencoded', 'a=1&a[b]=2', 400],
    ['a key that is both list and object', 'application/x-www-form-urlencoded', 'a[]=1&a[b]=2', 400],
  ])('%s', async (_, type, body, status) => {
    const { call, url } = await startApi({ routes, maxBodyBytes: 1000 });
    const headers = { 'content-type': type };
    const answer = await fetch(`${url}/api/v4/echo`, { method: 'POST', body, headers });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: expect.any(String) });
    expect((await call('POST', '/echo', { json: {} })).status).toBe(200);
  });
});

test.each([
  ['application/json', '{"__proto__":{"admin":true}}'],
  ['application/json', '{"a":{"__proto__":{"admin":true}}}'],
  ['application/x-www-form-urlencoded', '__proto__[admin]=true'],
  ['application/x-www-form-urlencoded', 'a[__proto__][admin]=true'],
  ['application/x-www-form-urlencoded', 'a[][__proto__][admin]=true'],
])('nothing reaches a prototype: %s %s', async (type, body) => {
  const { url } = await startApi({ routes });
  const answer = await fetch(`${url}/api/v4/echo`, {
    method: 'POST',
    body,
    headers: { 'content-type': type },
  });
  expect(answer.status).toBe(400);
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
});

test('keys that every object has are keys like any others', () => {
  expect(nestParameters([['constructor[prototype][x]', 1]])).toEqual({
    constructor: { prototype: { x: 1 } },
  });
  expect(Object.hasOwn(Object, 'x')).toBe(false);
});

test('a query says lists by brackets or by repeating', async () => {
  const { call } = await startApi({ routes });
  const { json } = await call<Echo>(
    'GET',
    '/echo?iids[]=1&state=opened&sort=a&sort=b&filter[scope]=x&labels=a,b',
  );
  expect(json.query).toEqual({
    iids: ['1'],
    state: 'opened',
    sort: ['a', 'b'],
    'filter[scope]': 'x',
    labels: 'a,b',
  });
});
