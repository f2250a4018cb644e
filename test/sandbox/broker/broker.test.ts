import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Upstream } from '../../../components/sandbox/broker/types.ts';
import { failure } from '../support.ts';
import { broker, outside, until } from './support.ts';

const key = 'sk-canary-0123456789abcdef';
const api = (baseUrl: string, change: Partial<Upstream> = {}): Upstream => ({
  ...{ id: 'example', baseUrl, keyHeader: { name: 'authorization', prefix: 'Bearer ' } },
  ...{ keyVariables: ['OTHER_API_KEY', 'EXAMPLE_API_KEY'], ...change },
});

describe('a broker', () => {
  test('sends to a model with its key, and with no credential of the caller', async () => {
    const model = await outside((request, response) => {
      if (request.url === '/v1/moved') response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
      else if (request.url === '/v1/cut') {
        response.write('half');
        setTimeout(() => response.destroy(), 20);
      } else
        response
          .writeHead(401, { 'x-said': `no ${key}`, 'set-cookie': 'a=b' })
          .end(`{"error":"wrong key ${key}"}`);
    });
    const opened = await broker({ upstreams: [api(`${model.url}/v1`)] }, { EXAMPLE_API_KEY: key });
    const answer = await opened.send(`${model.url}/v1/messages?beta=true`, {
      ...{ method: 'POST', body: `{"a":"${key}"}` },
      headers: { 'content-type': 'application/json', authorization: 'Bearer mine', 'x-api-key': 'mine' },
    });
    // Neither key nor cookie comes back.
    expect([answer.status, await answer.text()]).toEqual([
      401,
      `{"error":"wrong key ${'*'.repeat(key.length)}"}`,
    ]);
    expect([...answer.headers.keys()]).not.toContain('set-cookie');
    expect(answer.headers.get('x-said')).not.toContain(key);
    expect(model.asked).toMatchObject([
      {
        line: 'POST /v1/messages?beta=true',
        body: `{"a":"${'*'.repeat(key.length)}"}`,
        headers: { authorization: `Bearer ${key}` },
      },
    ]);
    expect(model.asked[0]?.headers).not.toHaveProperty('x-api-key');
    // Nowhere else.
    for (const url of [
      'https://evil.example.com/v1/messages',
      `${model.url}/v2/x`,
      `${model.url}/v1/%2e%2e/x`,
    ])
      expect(await failure(opened.send(url))).toMatch(/^BROKER_UPSTREAM: .*expected one below http/);
    expect(await failure(opened.send(`${model.url}/v1/moved`))).toMatch(
      /^BROKER_REDIRECT: example .*\(307\)/,
    );
    const cut = await opened.send(`${model.url}/v1/cut`);
    expect(await failure(cut.text())).toMatch(/terminated/);
    expect(await failure(opened.send(`${model.url}/v1/x`, { signal: AbortSignal.abort() }))).toMatch(
      /abort/i,
    );
    expect(model.asked).toHaveLength(3);
    const records = await opened.records();
    expect(records.map(({ decision, code }) => [decision, code])).toEqual([
      ['sent', undefined],
      ['failed', 'BROKER_REDIRECT'],
      ['failed', 'BROKER_GONE'],
    ]);
    expect(JSON.stringify(records)).not.toMatch(/canary|beta|messages/);
  });

  test('streams an answer as it comes', async () => {
    const waiting = Promise.withResolvers<void>();
    const model = await outside(async (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
      await waiting.promise;
      response.end('data: 2\n\n');
    });
    const opened = await broker({ upstreams: [api(model.url)] }, { EXAMPLE_API_KEY: key });
    const { body } = await opened.send(`${model.url}/stream`, { method: 'POST', body: '{}' });
    const reader = (body as ReadableStream<Uint8Array>).getReader();
    const first = await reader.read();
    expect(Buffer.from(first.value ?? []).toString()).toBe('data: 1\n\n');
    waiting.resolve();
    expect(Buffer.from((await reader.read()).value ?? []).toString()).toBe('data: 2\n\n');
  });

  test('a model that cannot be reached, a key that is missing, settings that are none', async () => {
    const { url, close } = await outside();
    close();
    const dead = await broker({ upstreams: [api(url)] }, { EXAMPLE_API_KEY: key });
    expect(await failure(dead.send(`${url}/x`))).toMatch(/^BROKER_UNREACHABLE: example .*ECONNREFUSED/);
    expect(dead.keys).toEqual({ example: 'EXAMPLE_API_KEY' });
    expect((await broker({ upstreams: [api(url)] })).keys).toEqual({ example: null });
    expect(await failure(broker({ allow: ['127.0.0.1'] }))).toMatch(/^BROKER_SETTINGS: /);
  });

  test('fetches what is on the allow-list, a redirect as if it were asked for, and nothing of a private network', async () => {
    const mirror = await outside((request, response) => {
      if (request.url === '/guide/away')
        response.writeHead(302, { location: 'https://evil.example.com/x' }).end();
      else if (request.url === '/guide/here') response.writeHead(302, { location: '/guide/page' }).end();
      else if (request.url === '/guide/round') response.writeHead(302, { location: '/guide/round' }).end();
      else if (request.url === '/guide/large') response.end('x'.repeat(2_000));
      else response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'a=b' }).end('hello');
    });
    const opened = await broker({
      allow: [`private:${mirror.url}/guide/`, `http://localhost:${mirror.port}`],
      limits: { answer: 1_000, requests: 9 },
    });
    const got = await opened.fetch(`${mirror.url}/guide/page#part`);
    expect([got.status, await got.text(), got.headers.get('content-type')]).toEqual([
      200,
      'hello',
      'text/plain',
    ]);
    expect(got.headers.has('set-cookie')).toBe(false);
    expect(mirror.asked[0]).toMatchObject({
      line: 'GET /guide/page',
      headers: { 'user-agent': 'pipewright' },
    });
    expect((await opened.fetch(`${mirror.url}/guide/page`, { method: 'HEAD' })).status).toBe(200);
    expect(await (await opened.fetch(`${mirror.url}/guide/here`)).text()).toBe('hello');
    const refused: readonly [string, RegExp][] = [
      [
        `${mirror.url}/guide/away`,
        /^BROKER_DENIED: evil.example.com is not fetched: it is not on the allow-list/,
      ],
      [`${mirror.url}/other`, /not on the allow-list/],
      [`${mirror.url}/guide/../other`, /not on the allow-list/],
      [`http://localhost:${mirror.port}/`, /its name leads into a private network/],
      [`${mirror.url}/guide/${key}`, /reads like a key/],
      [`${mirror.url}/guide/large`, /^BROKER_TOO_LARGE: the answer has more than 1000 bytes/],
      [`${mirror.url}/guide/round`, /^BROKER_(DENIED: .*redirects more than 3|LIMIT)/],
      ['no url', /it is no URL/],
      [`${mirror.url}/guide/page`, /^BROKER_LIMIT: .*9 requests/],
    ];
    for (const [url, message] of refused) expect(await failure(opened.fetch(url)), url).toMatch(message);
    expect(await failure(opened.fetch(`${mirror.url}/guide/page`, { method: 'POST' }))).toMatch(
      /only GET and HEAD/,
    );
    expect(JSON.stringify(await opened.records())).not.toMatch(/page|canary/);
  });

  test('is shut in a process of its own, and takes its folder away when it is told to end or its starter is gone', async () => {
    const opened = await broker({ upstreams: [] }, { EXAMPLE_API_KEY: key });
    const folder = dirname(opened.socketPath);
    expect(statSync(opened.socketPath).mode & 0o777).toBe(0o600);
    const isRoot = process.getuid?.() === 0;
    expect(statSync(folder)).toMatchObject(isRoot ? { uid: 65533 } : { uid: process.getuid?.() });
    expect(statSync(folder).mode & 0o777).toBe(isRoot ? 0o711 : 0o700);
    const number = processOf(folder);
    // Nothing of a key in its arguments and its environment.
    for (const name of ['cmdline', 'environ'])
      expect(readFileSync(`/proc/${number}/${name}`, 'latin1')).not.toContain(key);
    if (isRoot)
      expect(readFileSync(`/proc/${number}/status`, 'utf8')).toMatch(/^Uid:\t65533\t65533\t65533\t65533$/m);
    process.kill(Number(number), 'SIGKILL');
    expect(await until(() => !existsSync(`/proc/${number}/cwd`))).toBe(true);
    expect(await failure(opened.fetch('https://x/'))).toMatch(/^BROKER_GONE: .*nothing is sent/);
    expect(existsSync(folder)).toBe(true);
    await opened.close();
    expect(existsSync(folder)).toBe(false);
    expect(await failure(opened.send('https://x/'))).toMatch(/^BROKER_UPSTREAM/);
    expect(await failure(opened.fetch('https://x/'))).toMatch(/^BROKER_GONE: .*nothing is sent/);
  });
});

function processOf(folder: string): string {
  const { readdirSync } = process.getBuiltinModule('node:fs');
  const found = readdirSync('/proc').find((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  });
  return found ?? 'none';
}
