import { errors } from './errors.ts';
import type { Upstream } from './types.ts';

/** @throws BROKER_SETTINGS */
export function assertUpstreams(upstreams: readonly Upstream[]): void {
  for (const { id, baseUrl, keyHeader } of upstreams) {
    const refuse = (what: string, expected: string) => errors.SETTINGS({ what, expected });
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(id))
      throw refuse(`a model's API called ${JSON.stringify(id)}`, 'small letters, digits and hyphens');
    const url = URL.parse(baseUrl);
    const isPlain =
      url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
    if (!isPlain || (url.protocol !== 'https:' && url.protocol !== 'http:'))
      throw refuse(`the base URL of ${id}`, 'https://host/path without user, query and fragment');
    if (keyHeader !== undefined && !/^[A-Za-z0-9-]+$/.test(keyHeader.name))
      throw refuse(`the header ${JSON.stringify(keyHeader.name)} of ${id}`, 'letters, digits and hyphens');
  }
  const ids = upstreams.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined)
    throw errors.SETTINGS({ what: `two APIs called ${twice}`, expected: 'one of each id' });
}

/** What of a URL lies below an upstream's base URL, with its query; undefined where it does not. */
export function pathBelow({ baseUrl }: Upstream, text: string): string | undefined {
  const [base, url] = [new URL(baseUrl), URL.parse(text)];
  if (url === null || url.origin !== base.origin || url.username !== '' || url.password !== '')
    return undefined;
  const prefix = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
  // Parsing has made the path plain but for slashes and dots that are encoded, which servers may read either way.
  if (!url.pathname.startsWith(prefix) || /%2e|%2f|%5c|\/\//i.test(url.pathname)) return undefined;
  return `${url.pathname.slice(prefix.length)}${url.search}`;
}

/** The address of a path below an upstream; undefined where the path leads out of it. */
export function urlBelow(upstream: Upstream, path: string): string | undefined {
  const text = `${upstream.baseUrl.replace(/\/+$/, '')}/${path}`;
  const below = pathBelow(upstream, text);
  return below === undefined ? undefined : `${upstream.baseUrl.replace(/\/+$/, '')}/${below}`;
}
