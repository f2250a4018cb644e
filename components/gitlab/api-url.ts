import { encodeQuery } from './encode-body.ts';
import { errors } from './errors.ts';
import type { ApiPath, GitLabConnection, Query } from './types.ts';
import { tokenName } from './words.ts';

/** The API's address, ending in a slash. Throws GITLAB_API_URL, GITLAB_TOKEN_FORM. */
export function readApiUrl({ apiUrl, token }: GitLabConnection): URL {
  // It would become the line of a header; the error of `fetch` would show it.
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token.value)) {
    throw errors.TOKEN_FORM({ token: tokenName(token) });
  }
  const refuse = (reason: string) => errors.API_URL({ url: withoutSecrets(apiUrl), reason });
  const url = URL.parse(apiUrl);
  if (url === null) throw refuse('it is no URL');
  if (url.username !== '' || url.password !== '') throw refuse('it holds a user name or password');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('it is neither https nor http');
  if (url.search !== '' || url.hash !== '') throw refuse('it has a query or a fragment');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return url;
}

function withoutSecrets(url: string): string {
  return url
    .replace(/[?#].*$/s, '')
    .replace(/\/\/[^/]*@/, '//')
    .slice(0, 200);
}

/** The address of one request. */
export function requestUrl(api: URL, path: ApiPath, query: Query | undefined): URL {
  const url = new URL(api);
  url.pathname += path;
  url.search = encodeQuery(query).toString();
  return url;
}
