import { createSecureContext, type SecureContext } from 'node:tls';
import { Agent, type Dispatcher, ProxyAgent, fetch as send } from 'undici';
import type { Context } from '../../components/kernel/context.ts';
import { readAuthorities } from './certificates.ts';
import { readProxies } from './proxy.ts';

/**
 * Makes the product's one way to the outside, through the proxies and with the authorities the environment names
 * (proxy.ts, certificates.ts); what is wrong with them rejects the request that needs them. Connections are kept for the next request and do not
 * keep the process alive. Bodies are texts, bytes and streams; a FormData of Node is a stranger to this undici.
 */
export function createFetch(env: Context['env'], authorities = () => readAuthorities(env)): typeof fetch {
  const dispatchers = new Map<string, Dispatcher>();
  let findProxy: ReturnType<typeof readProxies> | undefined;
  let trust: { readonly secureContext?: SecureContext } | undefined;

  const dispatcherFor = (url: URL): Dispatcher => {
    findProxy ??= readProxies(env);
    const proxy = findProxy(url);
    const secure = url.protocol === 'https:' || proxy?.protocol === 'https:';
    const key = `${secure} ${proxy?.href}`;
    const known = dispatchers.get(key);
    if (known !== undefined) return known;
    if (secure) trust ??= trustOf(authorities());
    const made = makeDispatcher(proxy, secure ? trust : undefined);
    dispatchers.set(key, made);
    return made;
  };
  const sendThrough = async (input: string | URL, init?: object) =>
    send(input, { ...init, dispatcher: dispatcherFor(new URL(input)) });
  // The types of Node's own undici and of ours differ in name only, where requests are given as URL and options.
  return sendThrough as unknown as typeof fetch;
}

function trustOf(authorities: string[] | undefined): { readonly secureContext?: SecureContext } {
  // Made once: reading hundreds of certificates for each connection costs more than the connection.
  return authorities === undefined ? {} : { secureContext: createSecureContext({ ca: authorities }) };
}

function makeDispatcher(proxy: URL | undefined, trust: object = {}): Dispatcher {
  // HTTP/1.1: a connection carries one request, so a cut one leaves no doubt about others.
  const options = { allowH2: false };
  if (proxy === undefined) return new Agent({ ...options, connect: trust });
  return new ProxyAgent({ ...options, uri: proxy.href, requestTls: trust, proxyTls: trust });
}
