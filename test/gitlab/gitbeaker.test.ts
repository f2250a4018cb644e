import { describe, expect, test } from 'vitest';
import { connect, rejection, secret, sendJson, serve } from './harness.ts';

describe("gitbeaker's resources", () => {
  test('send through our transport, in the names of GitLab', async () => {
    const server = await serve((_, response) => sendJson(response, 201, { id: 1, body: 'Hello' }));
    const { MergeRequestNotes } = await connect(server.origin).gitlab.resources();
    const note = await MergeRequestNotes.create('group/app', 7, 'Hello', { mergeRequestDiffSha: 'abc' });
    expect(note).toEqual({ id: 1, body: 'Hello' });
    expect(server.seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/v4/projects/group%2Fapp/merge_requests/7/notes',
        body: '{"body":"Hello","merge_request_diff_sha":"abc"}',
        headers: { 'private-token': secret, 'content-type': 'application/json', 'user-agent': 'pipewright' },
      },
    ]);
  });

  test('list through the links of GitLab, by page number and by keyset', async () => {
    const server = await serve(({ url, headers }, response) => {
      const query = new URL(url, 'http://x').searchParams;
      const at = Number(query.get('page') ?? query.get('cursor') ?? 0);
      const next = query.get('pagination') === 'keyset' || query.has('cursor') ? 'cursor' : 'page';
      const link = `<http://${headers.host}/api/v4/projects?${next}=${at + 1}&order_by=id>; rel="next"`;
      sendJson(response, 200, [{ id: at }], at < 2 ? { link } : {});
    });
    const { Projects } = await connect(server.origin).gitlab.resources();
    expect((await Projects.all({ perPage: 1 })).map(({ id }) => id)).toEqual([0, 1, 2]);
    const keyset = await Projects.all({ pagination: 'keyset', orderBy: 'id', sort: 'asc', perPage: 1 });
    expect(keyset.map(({ id }) => id)).toEqual([0, 1, 2]);
    expect(server.seen.map(({ url }) => url)[4]).toBe('/api/v4/projects?cursor=1&order_by=id');
  });

  test('repeat what is safe, and no POST on a 502', async () => {
    const server = await serve((_, response) => sendJson(response, 502, {}));
    const { gitlab } = connect(server.origin);
    const { MergeRequestNotes } = await gitlab.resources();
    expect((await rejection(MergeRequestNotes.create(1, 7, 'Hello'))).code).toBe('GITLAB_SERVER_ERROR');
    expect(server.seen).toHaveLength(1);
    expect((await rejection(MergeRequestNotes.edit(1, 7, 3, { body: 'Hello' }))).code).toBe(
      'GITLAB_SERVER_ERROR',
    );
    expect(server.seen).toHaveLength(7);
  });

  test('look for a POST by a marker where the caller gives one', async () => {
    const notes: { body: string }[] = [];
    const server = await serve(({ body }, response) => {
      notes.push(JSON.parse(body) as { body: string });
      sendJson(response, 502, {});
    });
    const found = async () => notes.find(({ body }) => body.includes('<!-- marker -->'));
    const { MergeRequestNotes } = await connect(server.origin).gitlab.resources({ replay: { found } });
    const note = await MergeRequestNotes.create(1, 7, 'Hello <!-- marker -->');
    expect(note.body).toBe('Hello <!-- marker -->');
    expect(notes).toHaveLength(1);
  });

  test('send forms that a server can read', async () => {
    const server = await serve((_, response) => sendJson(response, 201, { id: 'd1' }));
    const { MergeRequestDiscussions } = await connect(server.origin).gitlab.resources();
    await MergeRequestDiscussions.create(1, 7, 'Here', {
      position: {
        baseSha: 'a',
        startSha: 'b',
        headSha: 'c',
        positionType: 'text',
        newPath: 'x',
        newLine: '3',
      },
    });
    const [request] = server.seen;
    expect(request?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    const boundary = request?.headers['content-type']?.split('boundary=')[1];
    expect(request?.body.startsWith(`--${boundary}`)).toBe(true);
    expect(request?.body).toContain('name="position[base_sha]"');
  });

  test('take a page for people for no answer, and logs as text', async () => {
    const server = await serve((_, response, count) =>
      response
        .writeHead(200, { 'content-type': count === 0 ? 'text/plain' : 'text/html' })
        .end(count === 0 ? 'a log' : '<title>Sign in</title>'),
    );
    const { Jobs } = await connect(server.origin).gitlab.resources();
    await expect(Jobs.showLog(1, 2)).resolves.toBe('a log');
    expect((await rejection(Jobs.show(1, 2))).code).toBe('GITLAB_MALFORMED');
  });

  test('do not answer with streams', async () => {
    const { gitlab } = connect('http://127.0.0.1:9');
    const { ProjectImportExports } = await gitlab.resources();
    const stream = ProjectImportExports.download(1, { asStream: true });
    await expect(stream).rejects.toThrow('downloadToFile');
  });
});
