import type { Upstream } from './types.ts';

/** RFC 9110, 7.6.1, and what the way to the broker has added. */
const hopByHop =
  /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|host|content-length|expect)$/;

/** Whatever could be a credential: a caller's is never sent beside the broker's. */
const credentials =
  /auth|cookie|token|secret|credential|api-?key|subscription-key|^x-amz-|^x-goog-api|^forwarded$|^x-forwarded-/;

/** Of an answer: what only concerns this hop, bodies that were unpacked on the way, cookies, and the broker's own marks. */
const unanswered = /^(content-encoding|set-cookie2?|www-authenticate|proxy-.*|location|x-pipewright-.*)$/;

/** Whether a header of that name could be a credential, and is never sent for a caller. In small letters. */
export function isCredential(name: string): boolean {
  return credentials.test(name);
}

type Pair = readonly [name: string, value: string];

/** Headers of a request to a model: the caller's without credentials, and the key. */
export function requestHeaders(
  pairs: Iterable<Pair>,
  { keyHeader }: Upstream,
  key: string | undefined,
): Pair[] {
  const kept = [...pairs].filter(([name]) => {
    const low = name.toLowerCase();
    return !hopByHop.test(low) && !isCredential(low) && low !== keyHeader?.name.toLowerCase();
  });
  if (keyHeader === undefined || key === undefined) return kept;
  return [...kept, [keyHeader.name, `${keyHeader.prefix}${key}`]];
}

export function answerHeaders(pairs: Iterable<Pair>): Pair[] {
  return [...pairs].filter(
    ([name]) => !hopByHop.test(name.toLowerCase()) && !unanswered.test(name.toLowerCase()),
  );
}

/** Of a caller only these go to an MCP server. */
const protocol = ['accept', 'content-type', 'last-event-id', 'mcp-protocol-version', 'mcp-session-id'];

/** Headers of a request to an MCP server: those of the protocol, and the key. */
export function callHeaders(pairs: Iterable<Pair>, key: string | undefined): Pair[] {
  const kept = [...pairs].filter(([name]) => protocol.includes(name.toLowerCase()));
  const own: Pair[] = [
    ['accept-encoding', 'identity'],
    ['user-agent', 'pipewright'],
  ];
  return [...kept, ...own, ...(key === undefined ? [] : [['authorization', `Bearer ${key}`] as const])];
}

/** What is handed on of its answer. */
const called = ['content-type', 'mcp-session-id', 'retry-after'];

export function calledHeaders(pairs: Iterable<Pair>): Pair[] {
  return [...pairs].filter(([name]) => called.includes(name.toLowerCase()));
}

/** What is handed on of an answer that was fetched. */
const fetched = ['content-type', 'content-language', 'last-modified', 'etag', 'date', 'retry-after'];

export function fetchedHeaders(pairs: Iterable<Pair>): Pair[] {
  return [...pairs].filter(([name]) => fetched.includes(name.toLowerCase()));
}
