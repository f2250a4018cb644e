import { describe, expect, test } from 'vitest';
import { testContext } from '../../support/cli.ts';
import { apis, key, labelled, openApi, requestOf, startMock, startServer } from './support.ts';

async function failureOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown as Error & { code: string; kind: string; unanswered: number },
  );
  expect(error).toBeDefined();
  // Neither a key nor what was asked stands in an error.
  for (const secret of [key, 'You review', 'Begin']) expect(String(error?.message)).not.toContain(secret);
  return error;
}

const statuses = [
  [401, 'MODEL_KEY_REFUSED', 'misuse'],
  [403, 'MODEL_KEY_REFUSED', 'misuse'],
  [404, 'MODEL_NOT_FOUND', 'misuse'],
  [400, 'MODEL_REQUEST_REFUSED', 'misuse'],
  [413, 'MODEL_TOO_LONG', 'misuse'],
  [402, 'MODEL_QUOTA', 'outside'],
  [429, 'MODEL_RATE_LIMITED', 'outside'],
  [500, 'MODEL_OVERLOADED', 'outside'],
  [529, 'MODEL_OVERLOADED', 'outside'],
] as const;

describe.each(labelled)('%s', (_, api) => {
  test('each error status is an error that says what it means', async () => {
    const mock = await startMock();
    const model = await openApi(api, { url: mock.url + api.path });
    for (const [status, code, kind] of statuses) {
      mock.nextRequestError(status, { message: 'so it is', type: 'some_type' });
      const failed = await failureOf(model.generate(requestOf(api)));
      expect(failed, `${status}`).toMatchObject({ code, kind, unanswered: 0 });
      expect(failed?.message).toContain(`${api.name}/m`);
      expect(failed?.message).toMatch(new RegExp(`${status}, \\w+: so it is`));
    }
  });

  test('an answer that is cut in the middle is none', async () => {
    const mock = await startMock();
    mock.on({}, { content: 'a long answer '.repeat(50) });
    const { url } = await startServer(async (request, response) => {
      const body = await new Response(request as unknown as ReadableStream).text();
      const headers = { 'content-type': 'application/json' };
      const whole = await fetch(mock.url + request.url, { method: 'POST', headers, body });
      const bytes = new Uint8Array(await whole.arrayBuffer());
      response.writeHead(200, { 'content-type': whole.headers.get('content-type') ?? '' });
      response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
    });
    const model = await openApi(api, { url: url + api.path });
    const failed = await failureOf(model.generate(requestOf(api)));
    expect(failed).toMatchObject({ code: 'MODEL_ANSWER_BROKEN', kind: 'outside', unanswered: 1 });
  });

  test.each([
    ['{"no": "answer', 'application/json', false],
    ['{"no": "answer of theirs"}', 'application/json', false],
    ['data: {"no": "answ\n\n', 'text/event-stream', true],
    ['', 'text/event-stream', true],
    ['<html>Sign in</html>', 'text/html', true],
    ['<html>Sign in</html>', 'text/html', false],
  ])('no answer at all: %j as %s', async (body, type, streams) => {
    const { url } = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': type });
      response.end(body);
    });
    const model = await openApi(api, { url, wire: { streams } });
    const failed = await failureOf(model.generate(requestOf(api)));
    expect(failed).toMatchObject({ code: 'MODEL_ANSWER_BROKEN', unanswered: 1 });
  });
});

describe('the outside', () => {
  const [api] = apis;

  test('a server that is silent, before and in an answer', async () => {
    const open: { end: () => void }[] = [];
    const { url } = await startServer((request, response) => {
      open.push(response);
      if (request.headers['x-begin'] === undefined) return;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('event: ping\ndata: {"type": "ping"}\n\n');
    });
    for (const headers of [{}, { 'x-begin': 'yes' }]) {
      const model = await openApi(api, { url, wire: { silenceMs: 150, headers } });
      const failed = await failureOf(model.generate(requestOf(api)));
      expect(failed).toMatchObject({ code: 'MODEL_TIMEOUT', kind: 'outside', unanswered: 1 });
      expect(failed?.message).toContain('silent for 0.2 s');
    }
    for (const response of open) response.end();
  });

  test('a server that is not there has not been paid', async () => {
    const { port, close } = await testContext('/').listen(() => undefined, { port: 0 });
    await close();
    const url = `http://127.0.0.1:${port}`;
    const failed = await failureOf((await openApi(api, { url })).generate(requestOf(api)));
    expect(failed).toMatchObject({ code: 'MODEL_UNREACHABLE', unanswered: 0 });
    expect(failed?.message).toContain('ECONNREFUSED');
  });

  test('one that hangs up may have been', async () => {
    const { url } = await startServer((request) => request.socket.destroy());
    const failed = await failureOf((await openApi(api, { url })).generate(requestOf(api)));
    expect(failed).toMatchObject({ code: 'MODEL_UNREACHABLE', unanswered: 1 });
  });

  test.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT)', 0],
    ['ENOTFOUND', 'no connection (ENOTFOUND)', 0],
    ['UND_ERR_SOCKET', 'the connection ended (UND_ERR_SOCKET)', 1],
  ])('%s is told by its code alone', async (code, words, unanswered) => {
    const cause = Object.assign(new Error('of http://user:password@proxy.example.com'), { code });
    const send = async () => {
      throw new TypeError('fetch failed', { cause });
    };
    const way = { access: async () => () => send };
    const model = await openApi(api, { url: 'https://llm.example.com', way });
    const failed = await failureOf(model.generate(requestOf(api)));
    expect(failed).toMatchObject({ code: 'MODEL_UNREACHABLE', unanswered });
    expect(failed?.message).toBe(`anthropic/m cannot be reached: ${words}`);
  });

  test('a redirect is not followed', async () => {
    const asked: (string | undefined)[] = [];
    const { url } = await startServer((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: 'http://127.0.0.1:1/elsewhere' });
      response.end();
    });
    const failed = await failureOf((await openApi(api, { url })).generate(requestOf(api)));
    expect(failed).toMatchObject({ code: 'MODEL_REDIRECT', unanswered: 0 });
    expect(asked).toHaveLength(1);
  });

  test('an error that quotes the request is not repeated', async () => {
    const { url } = await startServer((_request, response) => {
      response.writeHead(400, { 'content-type': 'application/json' });
      const message = 'cannot take "Review this very private text of mine"';
      response.end(JSON.stringify({ error: { message, type: 'invalid_request_error' } }));
    });
    const model = await openApi(api, { url });
    const private_ = { role: 'user', text: 'Review this very private text of mine' } as const;
    const failed = await failureOf(model.generate(requestOf(api, private_)));
    expect(failed?.message).toBe('anthropic/m refuses the request (400, invalid_request_error)');
  });

  test.each([
    ['prompt is too long: 210000 tokens > 200000 maximum', 400, 'MODEL_TOO_LONG'],
    ['You exceeded your current quota, code insufficient_quota', 429, 'MODEL_QUOTA'],
  ])('%s', async (message, status, code) => {
    const { url } = await startServer((_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message } }));
    });
    expect(await failureOf((await openApi(api, { url })).generate(requestOf(api)))).toMatchObject({ code });
  });

  test('whoever ends the job ends the call', async () => {
    const stop = new AbortController();
    const { url } = await startServer(() => setTimeout(() => stop.abort('SIGTERM'), 50));
    const model = await openApi(api, { url, change: { cancel: stop.signal } });
    await expect(model.generate(requestOf(api))).rejects.toBe('SIGTERM');
  });
});
