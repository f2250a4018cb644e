import { describe, expect, test } from 'vitest';
import { path } from '../../components/gitlab/path.ts';
import { json } from '../../components/gitlab/read-body.ts';
import { messageOf } from '../../components/gitlab/words.ts';
import { connect, serve } from './harness.ts';

/** What a request fails with that is answered so, and the milliseconds it took. */
async function failed(status: number, body: string) {
  const { origin } = await serve((_request, response) => response.writeHead(status).end(body));
  const start = performance.now();
  const reason: unknown = await connect(origin)
    .gitlab.request({ method: 'GET', path: path`version`, read: json((data) => data) })
    .catch((error: unknown) => error);
  return { reason, took: performance.now() - start };
}

describe('the title of a page', () => {
  test.each([
    ['<html><TITLE lang="en">\n Sign in </TITLE>', 'an HTML page titled "Sign in"'],
    ['\n\n<p>no title</p>', 'an HTML page'],
    ['<title>no end', 'an HTML page'],
    [`${' '.repeat(10_000)}<title>after blanks</title>`, 'an HTML page titled "after blanks"'],
    [`<p>${'x'.repeat(10_000)}<title>far below</title>`, 'an HTML page'],
  ])('is what a refusal is told with (case %#)', (body, words) => expect(messageOf(body)).toBe(words));

  test.each([400, 200])('is looked for in no time, in a hostile answer %d', async (status) => {
    const { reason, took } = await failed(status, '<title'.repeat(175_000));
    expect(reason).toMatchObject({ message: expect.stringContaining('an HTML page') });
    expect(took).toBeLessThan(2000);
  });

  test('is looked for behind any number of blanks', () =>
    expect(messageOf(`${' '.repeat(20_000_000)}<p>`)).toBe('an HTML page'));
});

describe('the message of a refusal', () => {
  test.each([
    [{ message: { name: ['is taken', 'is long'], base: ['no'] } }, 'name is taken, is long; no'],
    [{ message: { user: { name: { first: ['is short'] } } } }, 'user name first is short'],
    [{ message: [[[['as deep as is told', ['deeper']]]]] }, 'as deep as is told, …'],
  ])('is flat (case %#)', (data, words) => expect(messageOf(JSON.stringify(data))).toBe(words));

  test('that is nested without end is still a refusal', async () => {
    const { reason } = await failed(400, `{"message":${'['.repeat(30_000)}${']'.repeat(30_000)}}`);
    expect(reason).toMatchObject({ code: 'GITLAB_REFUSED', message: expect.stringMatching(/\b400\b.*…/) });
  });
});
