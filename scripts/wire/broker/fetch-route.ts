import { lookup } from 'node:dns/promises';
import { createSecureContext } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { isPublicAddress } from '../../../components/sandbox/broker/addresses.ts';
import { type EgressRule, hostOf, portOf } from '../../../components/sandbox/broker/allow-list.ts';
import { fetchedHeaders } from '../../../components/sandbox/broker/headers.ts';
import { judgeUrl } from '../../../components/sandbox/broker/judge-url.ts';
import type { BrokerRecord, EgressLimits } from '../../../components/sandbox/broker/types.ts';
import type { FindProxy } from '../proxy.ts';
import { Refusal, reasonOf, refusal } from './answer.ts';
import { type BrokerState, digestOf, note } from './state.ts';

/** What fetching needs of the outside. */
export interface Outside {
  readonly findProxy: FindProxy;
  readonly authorities: readonly string[] | undefined;
  /** All addresses of a name. */
  readonly resolve: (name: string) => Promise<readonly { address: string; family: number }[]>;
}

export const resolveName: Outside['resolve'] = (name) => lookup(name, { all: true });

export interface Fetched {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}

export interface FetchRequest {
  readonly by: Extract<BrokerRecord['by'], 'tool' | 'sandbox'>;
  readonly method: 'GET' | 'HEAD';
  readonly url: string;
  readonly cancel: AbortSignal;
}

const mostRedirects = 3;

/** Fetches from the allow-list. Each redirect is judged like a first request. @throws Refusal */
export async function fetchAllowed(
  state: BrokerState,
  outside: Outside,
  { by, method, url: asked, cancel }: FetchRequest,
): Promise<Fetched> {
  const signal = AbortSignal.any([cancel, AbortSignal.timeout(state.limits.timeout)]);
  let url: URL | null = URL.parse(asked);
  for (let hop = 0; hop <= mostRedirects; hop += 1) {
    if (url === null) throw refusal('DENIED', { to: 'that', reason: 'it is no URL' });
    url.hash = '';
    const got = await fetchNoted(state, outside, { by, method, url, signal });
    if (got.location === undefined) return got;
    url = URL.parse(got.location, url.href);
  }
  throw refusal('DENIED', { to: 'that', reason: `it redirects more than ${mostRedirects} times` });
}

interface Hop extends Pick<FetchRequest, 'by' | 'method'> {
  readonly url: URL;
  readonly signal: AbortSignal;
}

async function fetchNoted(state: BrokerState, outside: Outside, { by, method, url, signal }: Hop) {
  const to = state.redact(`${hostOf(url)}:${portOf(url)}`).slice(0, 100);
  const about = { by, method, to, path: digestOf(`${url.pathname}${url.search}`) };
  try {
    const rule = admit(state, url);
    const got = await fetchOnce(url, rule, { ...outside, method, signal, limits: state.limits });
    const bytesOut = url.pathname.length + url.search.length;
    note(state, { ...about, status: got.status, bytesOut, bytesIn: got.body.length, decision: 'sent' });
    return got;
  } catch (error) {
    const refused =
      error instanceof Refusal ? error : refusal('UNREACHABLE', { to, reason: reasonOf(error) });
    const decision = refused.code === 'UNREACHABLE' || refused.code === 'TOO_LARGE' ? 'failed' : 'refused';
    const nothing = { status: null, bytesOut: 0, bytesIn: 0 };
    note(state, { ...about, ...nothing, decision, code: `BROKER_${refused.code}` });
    throw refused;
  }
}

/** Judges a URL, and books what goes out with it before it goes out. */
function admit({ rules, redact, spent, limits }: BrokerState, url: URL): EgressRule {
  const judged = judgeUrl(url, rules, redact);
  if (!judged.ok) throw refusal('DENIED', { to: redact(hostOf(url)).slice(0, 100), reason: judged.reason });
  const [characters, doubtful] = [
    spent.charactersOut + judged.characters,
    spent.doubtfulOut + judged.doubtful,
  ];
  const limit = (what: string, most: number) => refusal('LIMIT', { what, limit: most });
  if (spent.requests + 1 > limits.requests) throw limit('requests', limits.requests);
  if (characters > limits.charactersOut) throw limit('characters of paths', limits.charactersOut);
  if (doubtful > limits.doubtfulOut) throw limit('characters that are no words', limits.doubtfulOut);
  Object.assign(spent, { requests: spent.requests + 1, charactersOut: characters, doubtfulOut: doubtful });
  return judged.rule;
}

interface Way extends Outside {
  readonly method: 'GET' | 'HEAD';
  readonly signal: AbortSignal;
  readonly limits: EgressLimits;
}

async function fetchOnce(url: URL, rule: EgressRule, way: Way): Promise<Fetched & { location?: string }> {
  const { method, signal, limits } = way;
  const dispatcher = await dispatcherFor(url, rule, way);
  try {
    const headers = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'pipewright' };
    const answer = await request(url, { method, signal, dispatcher, headers });
    const pairs = Object.entries(answer.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(', ')] as const],
    );
    const location = answer.headers.location;
    const status = answer.statusCode;
    if (status >= 300 && status < 400 && typeof location === 'string') {
      answer.body.on('error', () => undefined).destroy();
      return { status, headers: [], body: new Uint8Array(), location };
    }
    if (![undefined, 'identity'].includes([answer.headers['content-encoding']].flat()[0]))
      throw new Error('it answers in an encoding that nobody asked for');
    const pieces: Uint8Array[] = [];
    let size = 0;
    for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
      size += piece.length;
      if (size > limits.answer) throw refusal('TOO_LARGE', { what: 'the answer', limit: limits.answer });
      pieces.push(piece);
    }
    return { status, headers: fetchedHeaders(pairs), body: Buffer.concat(pieces) };
  } finally {
    // Its connection is to one address, for one request.
    dispatcher.destroy().catch(() => undefined);
  }
}

/**
 * Resolves the name once, judges every address, and connects to the first of those and to nothing else, whatever the name
 * leads to a moment later. Behind a proxy it is the proxy that resolves, so names are all that is checked there.
 */
export async function dispatcherFor(
  url: URL,
  rule: Pick<EgressRule, 'private'>,
  way: Outside,
): Promise<Dispatcher> {
  const tls =
    way.authorities === undefined ? {} : { secureContext: createSecureContext({ ca: [...way.authorities] }) };
  const proxy = way.findProxy(url);
  if (proxy !== undefined)
    return new ProxyAgent({ uri: proxy.href, allowH2: false, requestTls: tls, proxyTls: tls });
  const host = hostOf(url).replace(/^\[|\]$/g, '');
  const addresses = await way.resolve(host);
  const [first] = addresses;
  if (first === undefined) throw new Error('its name has no address');
  if (!rule.private && !addresses.every(({ address }) => isPublicAddress(address)))
    throw refusal('DENIED', { to: hostOf(url), reason: 'its name leads into a private network' });
  const pinned: NonNullable<Agent.Options['connect']> = {
    ...tls,
    lookup: (_name, options, done) =>
      options.all ? done(null, [first]) : done(null, first.address, first.family),
  };
  return new Agent({ allowH2: false, connect: pinned });
}
