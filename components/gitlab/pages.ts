import type { Context } from '../kernel/context.ts';
import { readApiUrl, requestUrl } from './api-url.ts';
import { errors } from './errors.ts';
import { parseNextLink } from './link.ts';
import type { ApiPath, ApiRequest, ApiResponse, GitLab, GitLabConnection } from './types.ts';
import { createClean } from './words.ts';

/** 100,000 entries in pages of 100: GitLab itself gives no more than 50,000 by page number. */
const mostPages = 1_000;

/**
 * Makes the function that walks a list. GitLab builds the links, we only follow them (docs.gitlab.com/api/rest/#pagination):
 * they must lead to the same API, and each to a page that was not there yet. Throws GITLAB_PAGINATION.
 */
export function createPages(
  context: Pick<Context, 'redact'>,
  connection: GitLabConnection,
  request: GitLab['request'],
): GitLab['pages'] {
  const api = readApiUrl(connection);
  const clean = createClean(context, connection.token);

  return async function* <T>(first: ApiRequest<T>): AsyncGenerator<ApiResponse<T>> {
    const refuse = (detail: string) =>
      errors.PAGINATION({ request: clean(`${first.method} ${first.path}`), detail: clean(detail) });
    const seen = new Set([requestUrl(api, first.path, first.query).href]);
    for (let page = first; ; ) {
      const response = await request(page);
      yield response;
      const link = parseNextLink(response.headers.get('link'));
      if (link === undefined) return;
      const next = URL.parse(link, api.href);
      if (next === null || next.origin !== api.origin || !next.pathname.startsWith(api.pathname)) {
        throw refuse(
          `the link to the next page leads out of ${api.href}: ${next?.origin ?? 'it is no address'}`,
        );
      }
      page = {
        ...first,
        path: next.pathname.slice(api.pathname.length) as ApiPath,
        query: next.searchParams,
      };
      const url = requestUrl(api, page.path, page.query).href;
      if (seen.has(url)) throw refuse('the link to the next page leads back to one that was read');
      if (seen.size === mostPages) throw refuse(`it has more than ${mostPages} pages`);
      seen.add(url);
    }
  };
}

/** The entries of all pages, one after the other; stop when you have what you need. */
export async function* items<T>(gitlab: GitLab, request: ApiRequest<readonly T[]>): AsyncGenerator<T> {
  for await (const page of gitlab.pages(request)) yield* page.data;
}
