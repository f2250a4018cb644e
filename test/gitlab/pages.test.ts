import { describe, expect, test } from 'vitest';
import { parseNextLink } from '../../components/gitlab/link.ts';
import { items } from '../../components/gitlab/pages.ts';
import { path } from '../../components/gitlab/path.ts';
import { json } from '../../components/gitlab/read-body.ts';
import type { ApiRequest } from '../../components/gitlab/types.ts';
import { connect, rejection, sendJson, serve } from './harness.ts';

const list: ApiRequest<number[]> = {
  method: 'GET',
  path: path`projects/${'a/b'}/issues`,
  query: { per_page: 2 },
  read: json((data) => data as number[]),
};

describe('a list', () => {
  test('is followed by its links, whatever stands in them, page by page', async () => {
    const server = await serve(({ url, headers }, response) => {
      const cursor = new URL(url, 'http://x').searchParams.get('cursor') ?? '0';
      const at = Number(cursor);
      const next = `<http://${headers.host}/sub/api/v4/projects/a%2Fb/issues?cursor=${at + 2}>; rel="next"`;
      const first = `<http://${headers.host}/sub/api/v4/projects/a%2Fb/issues>; rel="first"`;
      sendJson(response, 200, [at, at + 1], at < 4 ? { link: `${next}, ${first}` } : { link: first });
    });
    const { gitlab } = connect(server.origin, { apiUrl: `${server.origin}/sub/api/v4` });
    expect(await Array.fromAsync(items(gitlab, list))).toEqual([0, 1, 2, 3, 4, 5]);
    expect(server.seen.map(({ url }) => url.replace('/sub/api/v4/projects/a%2Fb/issues', ''))).toEqual([
      '?per_page=2',
      '?cursor=2',
      '?cursor=4',
    ]);
  });

  test('is read no further than it is needed', async () => {
    const server = await serve(({ headers }, response, count) =>
      sendJson(response, 200, [count], {
        link: `<http://${headers.host}/api/v4/x?page=${count + 2}>; rel="next"`,
      }),
    );
    for await (const number of items(connect(server.origin).gitlab, list)) if (number === 1) break;
    expect(server.seen).toHaveLength(2);
  });

  test.each([
    ['another host', () => 'http://evil.example/api/v4/x?page=2', 'leads out of'],
    ['another port', (host: string) => `http://${host.replace(/:.*/, ':1')}/api/v4/x?page=2`, 'leads out of'],
    ['beside the API', (host: string) => `http://${host}/other?page=2`, 'leads out of'],
    ['above the API', (host: string) => `http://${host}/api/v4/../../other`, 'leads out of'],
    ['no address', () => 'http://', 'leads out of'],
    [
      'the same page',
      (host: string) => `http://${host}/api/v4/projects/a%2Fb/issues?per_page=2`,
      'leads back',
    ],
  ])('whose next page is %s is refused, and nothing is sent there', async (_, link, words) => {
    const server = await serve(({ headers }, response) =>
      sendJson(response, 200, [1], { link: `<${link(headers.host ?? '')}>; rel="next"` }),
    );
    const error = await rejection(Array.fromAsync(connect(server.origin).gitlab.pages(list)));
    expect(error.code).toBe('GITLAB_PAGINATION');
    expect(error.message).toContain(words);
    expect(server.seen).toHaveLength(1);
  });

  test('without end is refused at a thousand pages', async () => {
    const server = await serve(({ headers }, response, count) =>
      sendJson(response, 200, [], { link: `<http://${headers.host}/api/v4/x?page=${count}>; rel="next"` }),
    );
    const error = await rejection(Array.fromAsync(connect(server.origin).gitlab.pages(list)));
    expect(error.message).toContain('more than 1000 pages');
  });
});

test.each([
  [null, undefined],
  ['', undefined],
  ['<http://a/?x=1,2>; rel="next"', 'http://a/?x=1,2'],
  ['<http://a>; rel="prev", <http://b>; title="a, b"; rel=next', 'http://b'],
  ['<http://a>; rel="last next"', 'http://a'],
  ['<http://a>; rel="nextish"', undefined],
  ['http://a; rel="next"', undefined],
])('the link %j leads to %j', (header, target) => expect(parseNextLink(header)).toBe(target));
