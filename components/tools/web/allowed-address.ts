/**
 * Whether an address is below one of those that are allowed: the same origin, and a path that begins with theirs, step by
 * step. No name and password, and no step that a server might read as another (`%2e`, `%2f`, a backslash).
 *
 * @returns the address to ask for, or why it is none
 */
export function allowedAddress(
  text: string,
  allow: readonly string[],
): { readonly ok: true; readonly url: string } | { readonly ok: false; readonly why: string } {
  const refuse = (why: string) => ({ ok: false as const, why });
  const url = URL.parse(text);
  if (url === null) return refuse('it is no address');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return refuse('it is none of HTTP');
  if (url.username !== '' || url.password !== '') return refuse('it holds a name or a password');
  if (/%(2e|2f|5c|00)/i.test(url.pathname)) return refuse('its path holds an encoded dot, slash or NUL');
  if (!allow.some((entry) => isBelow(url, entry)))
    return refuse('it is not among the addresses that are allowed');
  url.hash = '';
  return { ok: true, url: url.href };
}

function isBelow({ origin, pathname }: URL, entry: string): boolean {
  const above = URL.parse(entry);
  if (above === null || above.origin !== origin) return false;
  const path = above.pathname.replace(/\/+$/, '');
  return path === '' || pathname === path || pathname.startsWith(`${path}/`);
}
