import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { parseServerList } from '../../../components/sandbox/broker/mcp-endpoint.ts';
import type { CallLimits } from '../../../components/sandbox/broker/types.ts';
import { mark, refuse } from '../../../scripts/wire/broker/answer.ts';
import { answerCall } from '../../../scripts/wire/broker/call-route.ts';
import type { Outside } from '../../../scripts/wire/broker/fetch-route.ts';
import { createState } from '../../../scripts/wire/broker/state.ts';
import { atEnd } from '../../support/at-end.ts';
import { outside } from './support.ts';

const key = 'tok-canary-0123456789abcdef';

interface Parts {
  readonly keys?: Readonly<Record<string, string>>;
  readonly limits?: Partial<CallLimits>;
  /** What the name leads to, one answer after the other. */
  readonly addresses?: readonly (readonly string[])[];
  readonly findProxy?: Outside['findProxy'];
}

/** The route alone, with names that lead where the test says. */
async function caller(list: readonly string[], parts: Parts = {}) {
  const { keys = { MCP_TEXTS_TOKEN: key, MCP_OTHER_TOKEN: 'of-another-server' }, limits = {} } = parts;
  const { addresses = [['127.0.0.1']], findProxy = () => undefined } = parts;
  const state = createState(keys);
  const keyed = state.setUp({ upstreams: [], allow: [], servers: parseServerList(list), callLimits: limits });
  const resolved: string[] = [];
  const resolve: Outside['resolve'] = async (name) =>
    (addresses[Math.min(resolved.push(name), addresses.length) - 1] ?? []).map((address) => ({
      ...{ address, family: address.includes(':') ? 6 : 4 },
    }));
  const server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    answerCall(state, { findProxy, authorities: undefined, resolve }, { request, response, name }).catch(
      (error: unknown) => refuse(response, error),
    );
  });
  await new Promise<void>((resolved) => server.listen(0, '127.0.0.1', resolved));
  atEnd(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const call = async (init: RequestInit = {}, name = 'texts') => {
    const answer = await fetch(`http://127.0.0.1:${port}/${name}`, { method: 'POST', body: '{}', ...init });
    const text = await answer.text().catch(() => 'cut');
    const code = answer.headers.get(mark);
    return {
      ...answer,
      headers: answer.headers,
      text,
      said: code === null ? `${answer.status}` : `${code} ${text}`,
    };
  };
  return { call, state, resolved, keyed };
}

describe('a call of an MCP server', () => {
  test('goes to its one address with its key, and with no header of the caller but those of the protocol', async () => {
    const server = await outside((_, response) =>
      response
        .writeHead(200, {
          ...{ 'content-type': `text/${key}`, 'mcp-session-id': 's1', 'set-cookie': 'a=b' },
          ...{ 'x-pipewright-broker': 'GONE', location: 'https://evil.example.com', 'www-authenticate': 'x' },
        })
        .end(`you said ${key}, ${key.slice(0, 9)}`),
    );
    const { call, state, keyed } = await caller([`texts=private:${server.url}/mcp`]);
    expect(keyed).toEqual({ keys: {}, keyedServers: ['texts'] });
    const headers = {
      ...{ 'content-type': 'application/json', accept: 'text/event-stream', 'mcp-session-id': 's1' },
      ...{ 'mcp-protocol-version': '2025-06-18', 'last-event-id': '7' },
      ...{ authorization: 'Bearer mine', cookie: 'a=b', 'x-any': 'x', 'user-agent': 'x', referer: 'x' },
    };
    const answer = await call({ headers, body: '{"a":1}' });
    expect(answer.text).toBe(`you said ${'*'.repeat(key.length)}, ${key.slice(0, 9)}`);
    expect(answer.headers.get('content-type')).toBe(`text/${'*'.repeat(key.length)}`);
    expect([...answer.headers.keys()].sort()).toEqual([
      ...['connection', 'content-type', 'date', 'keep-alive', 'mcp-session-id', 'transfer-encoding'],
    ]);
    expect(server.asked).toMatchObject([{ line: 'POST /mcp', body: '{"a":1}' }]);
    expect(server.asked[0]?.headers).toEqual({
      ...{ accept: 'text/event-stream', 'content-type': 'application/json', 'mcp-session-id': 's1' },
      ...{ 'mcp-protocol-version': '2025-06-18', 'last-event-id': '7' },
      ...{ authorization: `Bearer ${key}`, 'user-agent': 'pipewright', 'accept-encoding': 'identity' },
      ...{ host: `127.0.0.1:${server.port}`, connection: expect.anything(), 'content-length': '7' },
    });
    expect((await call({ method: 'DELETE', body: null })).said).toBe('200');
    expect(state.records).toMatchObject([
      {
        ...{ by: 'mcp', method: 'POST', to: `127.0.0.1:${server.port}`, path: /^sha256:/, status: 200 },
        ...{ bytesOut: 7, bytesIn: 9 + key.length + 11, decision: 'sent' },
        path: expect.stringMatching(/^sha256:[0-9a-f]{16}$/),
      },
      { method: 'DELETE', decision: 'sent' },
    ]);
    expect(JSON.stringify(state.records)).not.toContain(key);
  });

  test('is refused below its address, for another server, by another method, and where a key is in it', async () => {
    const server = await outside();
    const { call, state } = await caller([`texts=private:${server.url}/mcp`]);
    const said = async (...args: Parameters<typeof call>) => (await call(...args)).said;
    for (const name of ['texts/below', 'texts?a', 'other', '', 'texts%2F'])
      expect(await said({}, name)).toMatch(/^DENIED .*no MCP server/);
    expect(await said({ method: 'PUT' })).toMatch(/^DENIED .*no MCP server/);
    const { length } = server.asked;
    const forms = [key, `${key.slice(0, 8)}\\n ${key.slice(8)}`, [...key].reverse().join('')];
    forms.push(Buffer.from(key).toString('base64'), encodeURIComponent(`${key}/`), 'of-another-server');
    for (const form of forms)
      expect(await said({ body: `{"a":"${form}"}` })).toMatch(/^DENIED .*holds a secret/);
    expect(await said({ headers: { 'mcp-session-id': key } })).toMatch(/^DENIED .*holds a secret/);
    expect([length, server.asked.length]).toEqual([0, 0]);
    expect(new Set(state.records.map(({ decision, code }) => `${decision} ${code}`))).toEqual(
      new Set(['refused BROKER_DENIED']),
    );
  });

  test('follows no redirect, and takes no answer that is packed', async () => {
    const evil = await outside();
    const server = await outside((request, response) => {
      if (request.method === 'GET') response.writeHead(200, { 'content-encoding': 'gzip' }).end('x');
      else response.writeHead(307, { location: evil.url }).end();
    });
    const { call } = await caller([`texts=private:${server.url}/mcp`]);
    expect((await call()).said).toMatch(/^REDIRECT .*"status":307/);
    expect((await call({ method: 'GET', body: null })).said).toMatch(/^UNREACHABLE .*nobody asked for/);
    expect(evil.asked).toEqual([]);
  });

  test('is counted: requests, bytes out, bytes in', async () => {
    const server = await outside((_, response) => response.end('x'.repeat(600)));
    const list = [`texts=private:${server.url}/mcp`];
    const limits = { requests: 4, request: 100, bytesOut: 150, bytesIn: 1_000 };
    const { call } = await caller(list, { limits });
    const body = (length: number) => ({ body: 'y'.repeat(length) });
    expect((await call(body(101))).said).toMatch(/^TOO_LARGE .*the request/);
    expect((await call(body(90))).said).toBe('200');
    expect((await call(body(90))).said).toMatch(/^LIMIT .*bytes to texts/);
    // What begins is cut.
    expect((await call(body(10)).catch(() => ({ text: 'cut' }))).text).not.toHaveLength(600);
    await call(body(1)).catch(() => undefined);
    await call(body(1)).catch(() => undefined);
    expect((await call(body(1))).said).toMatch(/^LIMIT .*"limit":4/);
  });
});

describe('its name', () => {
  test('is resolved once for the session, whatever it leads to later', async () => {
    const server = await outside();
    const list = [`texts=private:http://rebind.example.com:${server.port}/mcp`];
    const { call, resolved } = await caller(list, { keys: {}, addresses: [['127.0.0.1'], ['192.0.2.1']] });
    for (let at = 0; at < 2; at += 1) expect((await call()).said).toBe('200');
    expect(resolved).toEqual(['rebind.example.com']);
  });

  test.each([[['127.0.0.1']], [['93.184.215.14', '10.0.0.1']], [['::ffff:169.254.169.254']]])(
    'is refused where one of its addresses is not public: %j',
    async (addresses) => {
      const { call } = await caller(['texts=https://mcp.example.com/mcp'], { addresses: [addresses] });
      expect((await call()).said).toMatch(/^DENIED .*private network/);
    },
  );

  test('is asked for again where its server cannot be reached', async () => {
    const gone = await outside();
    gone.close();
    const list = [`texts=private:http://moves.example.com:${gone.port}/mcp`];
    const { call, resolved } = await caller(list, { keys: {} });
    for (let at = 0; at < 2; at += 1) expect((await call()).said).toMatch(/^UNREACHABLE .*ECONNREFUSED/);
    expect(resolved).toHaveLength(2);
  });

  test('is resolved by the proxy behind one', async () => {
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', (request, socket) => {
      tunnels.push(request.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    atEnd(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    const findProxy = () => new URL(`http://127.0.0.1:${port}`);
    const { call, resolved } = await caller(['texts=https://mcp.example.com/mcp'], { findProxy });
    expect((await call()).said).toMatch(/^UNREACHABLE/);
    expect([tunnels, resolved]).toEqual([['mcp.example.com:443'], []]);
  });
});

describe("the operator's list", () => {
  test('holds names with their addresses', () =>
    expect(
      parseServerList([
        ...['a-b=https://mcp.example.com', 'c=private:http://10.0.0.5:8080/mcp/v1'],
        ...['d=trusted:https://d.example/', 'e=trusted:private:http://e.internal:80/'],
      ]),
    ).toEqual([
      { name: 'a-b', url: 'https://mcp.example.com/', private: false, trusted: false },
      { name: 'c', url: 'http://10.0.0.5:8080/mcp/v1', private: true, trusted: false },
      { name: 'd', url: 'https://d.example/', private: false, trusted: true },
      { name: 'e', url: 'http://e.internal/', private: true, trusted: true },
    ]));

  test.each([
    ['https://mcp.example.com', /a name and an address/],
    ['A=https://mcp.example.com', /small letters/],
    ['a--b=https://mcp.example.com', /small letters/],
    ['a=mcp.example.com', /a name and an address/],
    ['a=https://user:x@mcp.example.com', /a name and an address/],
    ['a=https://mcp.example.com/?key=x', /a name and an address/],
    ['a=https://*.example.com/', /a name and an address/],
    ['a=http://mcp.example.com/', /expected https, or `private:`/],
    ['a=https://10.0.0.5:8080/', /expected a name, or `private:`/],
    ['a=private:https://mcp.example.com/', /a port beside `private:`/],
    ['a=private:trusted:http://10.0.0.5:8080/', /a name and an address/],
  ])('and %s is none', (entry, words) => {
    const refused = expect.objectContaining({
      code: 'BROKER_SETTINGS',
      message: expect.stringMatching(words),
    });
    expect(() => parseServerList([entry])).toThrow(refused);
  });

  test('names each once, and a key goes nowhere without encryption', () => {
    expect(() => parseServerList(['a=https://a.example', 'a=https://b.example'])).toThrow(/two MCP servers/);
    const servers = parseServerList(['texts=private:http://10.0.0.5:8080/mcp']);
    expect(() => createState({ MCP_TEXTS_TOKEN: key }).setUp({ upstreams: [], allow: [], servers })).toThrow(
      /the key MCP_TEXTS_TOKEN without encryption/,
    );
    const { keyedServers } = createState({}).setUp({ upstreams: [], allow: [], servers });
    expect(keyedServers).toEqual([]);
  });
});
