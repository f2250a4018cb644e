import { describe, expect, test } from 'vitest';
import { path } from '../../components/gitlab/path.ts';
import { json } from '../../components/gitlab/read-body.ts';
import type { ApiRequest } from '../../components/gitlab/types.ts';
import { connect, rejection, secret, sendJson, serve } from './harness.ts';

const get: ApiRequest<unknown> = {
  method: 'GET',
  path: path`projects/${7}/jobs/${9}/artifacts`,
  read: json((data) => data),
};

describe('a redirect', () => {
  test('to object storage goes without the token, and does not get it back', async () => {
    const gitlabServer = await serve(({ url }, response) =>
      url === '/back'
        ? sendJson(response, 200, { done: true })
        : response.writeHead(302, { location: `${storage.origin}/bucket/file?signature=1` }).end(),
    );
    const storage = await serve((_, response) =>
      response.writeHead(307, { location: `${gitlabServer.origin}/back` }).end(),
    );
    const { gitlab } = connect(gitlabServer.origin);
    expect((await gitlab.request(get)).data).toEqual({ done: true });
    expect(storage.seen[0]?.url).toBe('/bucket/file?signature=1');
    const tokens = [...gitlabServer.seen, ...storage.seen].map(({ headers }) => headers['private-token']);
    expect(tokens).toEqual([secret, undefined, undefined]);
    expect(JSON.stringify(storage.seen)).not.toContain(secret);
  });

  test('to another port of the same host is to another origin', async () => {
    const other = await serve((_, response) => sendJson(response, 200, {}));
    const server = await serve((_, response) =>
      response.writeHead(301, { location: other.origin.replace('127.0.0.1', 'localhost') }).end(),
    );
    await connect(server.origin).gitlab.request(get);
    expect(other.seen[0]?.headers['private-token']).toBeUndefined();
  });

  test('within the instance keeps the token', async () => {
    const server = await serve(({ url }, response) =>
      url.endsWith('/artifacts')
        ? response.writeHead(302, { location: '../../../moved' }).end()
        : sendJson(response, 200, {}),
    );
    await connect(server.origin).gitlab.request(get);
    expect(server.seen.map(({ url, headers }) => [url, headers['private-token']])[1]).toEqual([
      '/api/v4/projects/moved',
      secret,
    ]);
  });

  test.each([
    ['to a file', 'file:///etc/passwd', 'it leads to file:'],
    ['to nowhere', 'http://', 'it leads nowhere'],
    ['with a password', 'http://user:word@127.0.0.1/', 'holds a password'],
  ])('%s is refused', async (_, location, words) => {
    const server = await serve((_request, response) => response.writeHead(302, { location }).end());
    const error = await rejection(connect(server.origin).gitlab.request(get));
    expect(error.code).toBe('GITLAB_REDIRECT');
    expect(error.message).toContain(words);
    expect(server.seen).toHaveLength(1);
  });

  test('without end is refused after five', async () => {
    const server = await serve(({ url }, response) => response.writeHead(302, { location: `${url}x` }).end());
    const error = await rejection(connect(server.origin).gitlab.request(get));
    expect(error.message).toContain('more than 5 in a row');
    expect(server.seen).toHaveLength(6);
  });

  test.each(['POST', 'PUT', 'DELETE'] as const)(
    'of a %s is refused: it would become another request',
    async (method) => {
      const server = await serve((_, response) => response.writeHead(302, { location: '/moved' }).end());
      const error = await rejection(connect(server.origin).gitlab.request({ ...get, method }));
      expect(error.code).toBe('GITLAB_REDIRECT');
      expect(server.seen).toHaveLength(1);
    },
  );
});
