import type { Context } from '../kernel/context.ts';
import type { Failure } from '../kernel/failure.ts';
import type { SentBody } from './encode-body.ts';
import { errors } from './errors.ts';
import type { Clean } from './words.ts';

const mostRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: SentBody | undefined;
  readonly signal: AbortSignal;
}

/**
 * Sends a request and follows where GitLab points, which it does for files in object storage. The headers (the token
 * among them) go along only while scheme, host and port stay, and never come back. Throws GITLAB_REDIRECT.
 */
export async function sendFollowing(
  context: Pick<Context, 'fetch'>,
  start: URL,
  sent: Sent,
  name: { readonly request: string; readonly clean: Clean },
): Promise<Response> {
  let url = start;
  let headers = sent.headers;
  for (let count = 0; ; count += 1) {
    const response = await context.fetch(url.href, {
      method: sent.method,
      headers,
      redirect: 'manual',
      signal: sent.signal,
      ...(sent.body === undefined ? {} : { body: sent.body, duplex: 'half' as const }),
    });
    if (!redirects.has(response.status)) return response;
    await response.body?.cancel();
    const refuse = (detail: string): Failure =>
      errors.REDIRECT({ request: name.request, detail: name.clean(detail) });
    const next = nextUrl(url, response.headers.get('location'), refuse);
    if (sent.method !== 'GET' && sent.method !== 'HEAD') {
      throw refuse(`${sent.method} is sent to one address only, and ${next.origin} is another`);
    }
    if (count === mostRedirects) throw refuse(`more than ${mostRedirects} in a row`);
    if (next.origin !== url.origin) headers = {};
    url = next;
  }
}

function nextUrl(from: URL, location: string | null, refuse: (detail: string) => Failure): URL {
  const next = URL.parse(location ?? '', from.href);
  if (location === null || next === null) throw refuse('it leads nowhere');
  if (next.protocol !== 'https:' && next.protocol !== 'http:') throw refuse(`it leads to ${next.protocol}`);
  if (from.protocol === 'https:' && next.protocol === 'http:') {
    throw refuse(`it leads from https to http (${next.origin})`);
  }
  if (next.username !== '' || next.password !== '') throw refuse('its address holds a password');
  return next;
}
