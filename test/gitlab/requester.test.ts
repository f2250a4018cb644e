import { describe, expect, test } from 'vitest';
import { path, pathWithSlashes } from '../../components/gitlab/path.ts';
import { bytes, json, mostBytes, nothing, text } from '../../components/gitlab/read-body.ts';
import { orMissing, statusOf } from '../../components/gitlab/refusal.ts';
import type { ApiRequest } from '../../components/gitlab/types.ts';
import { connect, deadOrigin, quickClock, rejection, secret, sendJson, serve } from './harness.ts';

const anything = json((data) => data);
const get: ApiRequest<unknown> = { method: 'GET', path: path`projects/${'group/app'}`, read: anything };
const post: ApiRequest<unknown> = {
  method: 'POST',
  path: path`projects/${7}/issues`,
  body: { json: { title: 'x' } },
  read: anything,
};

describe('a request', () => {
  test('goes below the API URL, with encoded values, query and token', async () => {
    const server = await serve((_, response) => sendJson(response, 200, { id: 7 }));
    const { gitlab } = connect(server.origin);
    const query = { per_page: 100, search: 'a b&c', iids: [1, 2], absent: undefined };
    const answer = await gitlab.request({ ...get, query });
    expect(answer).toMatchObject({ status: 200, data: { id: 7 }, found: false });
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/api/v4/projects/group%2Fapp?per_page=100&search=a+b%26c&iids%5B%5D=1&iids%5B%5D=2',
      headers: { 'private-token': secret },
    });
  });

  test('of a job carries its own header, and one without a token none', async () => {
    const server = await serve((_, response) => sendJson(response, 200, {}));
    await connect(server.origin, { token: { kind: 'job', value: secret } }).gitlab.request(get);
    await connect(server.origin, { token: undefined }).gitlab.request(get);
    expect(server.seen.map(({ headers }) => [headers['job-token'], headers['private-token']])).toEqual([
      [secret, undefined],
      [undefined, undefined],
    ]);
  });

  test('reaches an instance below a path, with or without a slash at the end', async () => {
    const server = await serve((_, response) => sendJson(response, 200, {}));
    for (const apiUrl of [`${server.origin}/sub/gitlab/api/v4`, `${server.origin}/sub/gitlab/api/v4/`])
      await connect(server.origin, { apiUrl }).gitlab.request(get);
    expect(new Set(server.seen.map(({ url }) => url))).toEqual(
      new Set(['/sub/gitlab/api/v4/projects/group%2Fapp']),
    );
  });

  test.each([
    [{ json: { body: 'ü' } }, 'application/json', '{"body":"ü"}'],
    [{ form: { token: 'a&b', 'variables[K]': 'v' } }, /urlencoded/, 'token=a%26b&variables%5BK%5D=v'],
    [{ bytes: new TextEncoder().encode('raw') }, 'application/octet-stream', 'raw'],
  ])('sends the body %j', async (body, type, sent) => {
    const server = await serve((_, response) => sendJson(response, 201, {}));
    await connect(server.origin).gitlab.request({ ...post, body });
    expect(server.seen[0]?.headers['content-type']).toMatch(type);
    expect(server.seen[0]?.body).toBe(sent);
  });

  test('cannot leave its endpoint by a value', () => {
    expect(path`projects/${'a/../b?c#d'}/x`).toBe('projects/a%2F..%2Fb%3Fc%23d/x');
    for (const value of ['', '.', '..']) expect(() => path`projects/${value}/x`).toThrow(TypeError);
    expect(pathWithSlashes(path`jobs/${1}/artifacts`, 'a b/ü.txt')).toBe('jobs/1/artifacts/a%20b/%C3%BC.txt');
    expect(() => pathWithSlashes(path`jobs/${1}/artifacts`, '../../x')).toThrow(TypeError);
  });
});

describe('a refusal of GitLab', () => {
  test.each([
    [401, { message: '401 Unauthorized' }, 'GITLAB_UNAUTHORIZED', 'access token: 401 Unauthorized'],
    [
      403,
      { error: 'insufficient_scope', error_description: 'Higher privileges needed.', scope: 'api' },
      'GITLAB_FORBIDDEN',
      'it needs the scope api: insufficient_scope: Higher privileges needed.',
    ],
    [404, { message: '404 Project Not Found' }, 'GITLAB_NOT_FOUND', 'cannot see it: 404 Project Not Found'],
    [
      400,
      { message: { name: ['is too long', 'is odd'], base: ['No.'] } },
      'GITLAB_REFUSED',
      'name is too long, is odd; No.',
    ],
    [409, { message: 'SHA does not match' }, 'GITLAB_REFUSED', '(409): SHA does not match'],
    [422, { error: 'state does not have a valid value' }, 'GITLAB_REFUSED', 'a valid value'],
  ])('with %i is told in its words, and not repeated', async (status, body, code, words) => {
    const server = await serve((_, response) => sendJson(response, status, body));
    const error = await rejection(connect(server.origin).gitlab.request(get));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.message).toContain('GET projects/group%2Fapp');
    expect(statusOf(error)).toBe(status);
    expect(server.seen).toHaveLength(1);
  });

  test('names the job token where that was sent', async () => {
    const server = await serve((_, response) => sendJson(response, 401, {}));
    const { gitlab } = connect(server.origin, { token: { kind: 'job', value: secret } });
    expect((await rejection(gitlab.request(get))).message).toContain('refuses the job token');
  });

  test('shows no secret, no control characters, and not a whole page', async () => {
    const words = `token ${secret} and glpat-aaaaaaaaaaaaaaaaaaaa\u001b[31m\n::set\u202e ${'x'.repeat(9_000)}`;
    const server = await serve((_, response) => sendJson(response, 400, { message: words }));
    const { message } = await rejection(connect(server.origin).gitlab.request(get));
    expect(message).not.toContain(secret);
    expect(message).not.toContain('glpat-aaaa');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(message).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(message.length).toBeLessThan(500);
  });

  test('of something missing may be a value', async () => {
    const server = await serve((_, response, count) => sendJson(response, count === 0 ? 404 : 403, {}));
    const { gitlab } = connect(server.origin);
    await expect(orMissing(gitlab.request(get))).resolves.toBeUndefined();
    await expect(orMissing(gitlab.request(get))).rejects.toMatchObject({ code: 'GITLAB_FORBIDDEN' });
  });
});

describe('what may be repeated', () => {
  test.each([429, 408, 500, 502, 503, 504])('a GET answered %i is', async (status) => {
    const server = await serve((_, response, count) =>
      sendJson(response, count < 2 ? status : 200, { count }),
    );
    const { gitlab, slept } = connect(server.origin);
    expect((await gitlab.request(get)).data).toEqual({ count: 2 });
    expect(slept).toHaveLength(2);
  });

  test.each([500, 502, 504])('a POST answered %i is not: it may have happened', async (status) => {
    const server = await serve((_, response) => sendJson(response, status, {}));
    const error = await rejection(connect(server.origin).gitlab.request(post));
    expect(error.code).toBe('GITLAB_SERVER_ERROR');
    expect(server.seen).toHaveLength(1);
  });

  test('a POST answered 429 is, since nothing was done, after the time GitLab asks for', async () => {
    const server = await serve((_, response, count) =>
      count === 0
        ? response.writeHead(429, { 'retry-after': '7' }).end('Retry later\n')
        : sendJson(response, 201, { id: 1 }),
    );
    const { gitlab, slept } = connect(server.origin);
    await expect(gitlab.request(post)).resolves.toMatchObject({ status: 201 });
    expect(slept[0]).toBeGreaterThanOrEqual(7_000);
    expect(slept[0]).toBeLessThan(8_000);
  });

  test('a limit that does not say for how long is outlasted when it counts by the minute', async () => {
    const { clock, slept } = quickClock();
    const start = clock.monotonic();
    const server = await serve((_, response) =>
      sendJson(response, clock.monotonic() - start < 60_000 ? 429 : 201, {}),
    );
    await expect(connect(server.origin, {}, { clock }).gitlab.request(post)).resolves.toMatchObject({
      status: 201,
    });
    expect(slept.length).toBeLessThan(5);
  });

  test('a wait longer than there is time is not begun', async () => {
    const server = await serve((_, response) =>
      response.writeHead(429, { 'retry-after': '600' }).end('Retry later\n'),
    );
    const { gitlab, slept } = connect(server.origin);
    const error = await rejection(gitlab.request(get));
    expect(error.code).toBe('GITLAB_RATE_LIMITED');
    expect(error.message).toContain('Retry later, it asks to wait 600 s');
    expect(slept).toEqual([]);
  });

  test('a conflict of commit statuses is, and no other conflict', async () => {
    const server = await serve((_, response, count) =>
      sendJson(response, count === 1 ? 201 : 409, { message: 'conflict' }),
    );
    const { gitlab } = connect(server.origin);
    const statuses = { ...post, path: path`projects/${7}/statuses/${'abc'}` };
    await expect(gitlab.request(statuses)).resolves.toMatchObject({ status: 201 });
    await expect(gitlab.request(post)).rejects.toMatchObject({ code: 'GITLAB_REFUSED' });
    expect(server.seen).toHaveLength(3);
  });

  test('a POST whose connection was refused is: nobody heard it', async () => {
    const { gitlab, slept } = connect(await deadOrigin());
    const error = await rejection(gitlab.request(post));
    expect(error.code).toBe('GITLAB_UNREACHABLE');
    expect(error.message).toContain('ECONNREFUSED');
    expect(slept).toHaveLength(5);
  });

  test('a POST cut after it was heard is not', async () => {
    const server = await serve((_, response) => response.destroy());
    const error = await rejection(connect(server.origin).gitlab.request(post));
    expect(error.code).toBe('GITLAB_UNREACHABLE');
    expect(server.seen).toHaveLength(1);
  });

  test('a GET cut is, before and within its answer', async () => {
    const server = await serve((_, response, count) => {
      if (count === 0) response.destroy();
      else if (count === 1) {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
        response.write('{"half":', () => response.destroy());
      } else sendJson(response, 200, { whole: true });
    });
    expect((await connect(server.origin).gitlab.request(get)).data).toEqual({ whole: true });
  });
});

describe('a POST that can be found again', () => {
  const withMarker = (found: () => Promise<unknown>) => ({ ...post, replay: { found } });

  test('is not sent twice when it had happened before the 502', async () => {
    const issues: unknown[] = [];
    const server = await serve(({ body }, response) => {
      issues.push(JSON.parse(body));
      sendJson(response, 502, {});
    });
    const answer = await connect(server.origin).gitlab.request(withMarker(async () => issues[0]));
    expect(answer).toMatchObject({ data: { title: 'x' }, found: true });
    expect(issues).toHaveLength(1);
  });

  test('is sent again when it had not', async () => {
    const server = await serve((_, response, count) =>
      sendJson(response, count === 0 ? 502 : 201, { count }),
    );
    const answer = await connect(server.origin).gitlab.request(withMarker(async () => undefined));
    expect(answer).toMatchObject({ status: 201, data: { count: 1 }, found: false });
  });

  test('is looked for only when a lagging replica has caught up', async () => {
    const server = await serve((_, response, count) => sendJson(response, count === 0 ? 502 : 201, {}));
    const { gitlab, slept } = connect(server.origin);
    await gitlab.request(
      withMarker(async () => {
        expect(slept[0]).toBeGreaterThanOrEqual(5_000);
        return undefined;
      }),
    );
    expect(slept).toHaveLength(1);
  });

  test('is looked for even after the last attempt', async () => {
    const server = await serve((_, response) => sendJson(response, 502, {}));
    let looks = 0;
    const answer = connect(server.origin).gitlab.request(
      withMarker(async () => {
        looks += 1;
        return looks === 6 ? 'there' : undefined;
      }),
    );
    await expect(answer).resolves.toMatchObject({ data: 'there', found: true });
    expect(server.seen).toHaveLength(6);
  });

  test('is not looked for when GitLab surely did not do it', async () => {
    const server = await serve((_, response, count) => sendJson(response, count === 0 ? 429 : 201, {}));
    const found = () => Promise.reject(new Error('asked'));
    await expect(connect(server.origin).gitlab.request(withMarker(found))).resolves.toMatchObject({
      status: 201,
    });
  });
});

describe('an answer that makes no sense', () => {
  const answers: [string, string, (response: import('node:http').ServerResponse) => void][] = [
    [
      'a page for people',
      'expected JSON, got an HTML page titled "Sign in"',
      (response) => response.end('<!DOCTYPE html><title>Sign in</title>'),
    ],
    ['half of the JSON', 'expected JSON, got "{\\"a\\":"', (response) => response.end('{"a":')],
    [
      'a body that breaks off',
      'it breaks off',
      (response) => {
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{', () => response.destroy());
      },
    ],
    [
      'a body without end',
      'it is longer than',
      (response) => {
        const piece = Buffer.alloc(1024 * 1024, ' ');
        const more = (): void => {
          if (!response.destroyed) response.write(piece, more);
        };
        more();
      },
    ],
  ];

  test.each(answers)('%s', async (_, words, answer) => {
    const server = await serve((_request, response) => answer(response));
    const error = await rejection(connect(server.origin).gitlab.request({ ...post, read: anything }));
    expect(error.code).toBe('GITLAB_MALFORMED');
    expect(error.message).toContain(words);
    expect(server.seen).toHaveLength(1);
  });

  test('or has the wrong shape: the request is repeated where that is safe', async () => {
    const server = await serve((_, response, count) => sendJson(response, 200, count === 0 ? [] : { id: 1 }));
    const read = json((data) => {
      if (Array.isArray(data)) throw new TypeError('expected a project, got a list');
      return data;
    });
    expect((await connect(server.origin).gitlab.request({ ...get, read })).data).toEqual({ id: 1 });
    const list = await serve((_, response) => sendJson(response, 200, []));
    const error = await rejection(connect(list.origin).gitlab.request({ ...post, read }));
    expect(error.message).toContain('expected a project, got a list');
    expect(mostBytes).toBeGreaterThan(1_000_000);
  });

  test('while text and bytes may be any, and nothing may be nothing', async () => {
    const server = await serve((_, response, count) =>
      count < 2 ? response.end('<b>log</b>') : response.writeHead(204).end(),
    );
    const { gitlab } = connect(server.origin);
    expect((await gitlab.request({ ...get, read: text })).data).toBe('<b>log</b>');
    const raw: ApiRequest<Uint8Array> = { method: 'GET', path: path`jobs/${1}/artifacts`, read: bytes };
    expect(Buffer.from((await gitlab.request(raw)).data).toString()).toBe('<b>log</b>');
    expect((await gitlab.request({ ...get, read: nothing })).status).toBe(204);
  });
});
