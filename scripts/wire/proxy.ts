import { BlockList, isIP } from 'node:net';
import type { Context } from '../../components/kernel/context.ts';
import { networkErrors } from '../../components/kernel/errors.ts';

/** The proxy a URL is asked for through; undefined: it is asked for directly. */
export type FindProxy = (url: URL) => URL | undefined;

/**
 * Reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY; of two spellings the one in small letters wins, as with curl. Loopback
 * addresses are never asked through a proxy, as with Go's clients, GitLab's runner among them. Throws NETWORK_PROXY.
 */
export function readProxies(env: Context['env']): FindProxy {
  const proxies = { 'http:': readProxy(env, 'HTTP_PROXY'), 'https:': readProxy(env, 'HTTPS_PROXY') };
  const exceptions = (read(env, 'NO_PROXY').text ?? '')
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseException);
  return (url) => {
    const proxy = url.protocol === 'https:' || url.protocol === 'http:' ? proxies[url.protocol] : undefined;
    if (proxy === undefined) return undefined;
    const host = url.hostname.replace(/^\[|\]$|\.$/g, '').toLowerCase();
    if (isLoopback(host)) return undefined;
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
    return exceptions.some((matches) => matches(host, port)) ? undefined : proxy;
  };
}

function read(
  env: Context['env'],
  name: string,
): { readonly variable: string; readonly text: string | undefined } {
  const small = name.toLowerCase();
  return env[small] === undefined
    ? { variable: name, text: env[name] }
    : { variable: small, text: env[small] };
}

// The value itself stays out of messages: it may hold a password.
function readProxy(env: Context['env'], name: string): URL | undefined {
  const { variable, text = '' } = read(env, name);
  if (text.trim() === '') return undefined;
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text.trim()) ? text.trim() : `http://${text.trim()}`);
  if (url === null) throw networkErrors.PROXY({ variable, reason: 'it is no address' });
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw networkErrors.PROXY({ variable, reason: `${url.protocol} is neither http: nor https:` });
  }
  try {
    decodeURIComponent(`${url.username}${url.password}`);
  } catch {
    throw networkErrors.PROXY({ variable, reason: 'its user name or password holds a % of no meaning' });
  }
  return url;
}

type Exception = (host: string, port: number) => boolean;

// `*`, a name that covers the names below it, an address, a block of addresses; a port narrows it.
function parseException(entry: string): Exception {
  const [, bracketed, bare = '', port] =
    /^(?:\[([^\]]+)\]|([^:]*|[^:]*:.*:[^:]*?))(?::(\d+))?$/.exec(entry) ?? [];
  const name = (bracketed ?? bare).toLowerCase().replace(/\.$/, '');
  const matches = matchHost(name);
  return (host, at) => (port === undefined || Number(port) === at) && matches(host);
}

function matchHost(name: string): (host: string) => boolean {
  if (name === '*') return () => true;
  const [address = '', bits] = name.split('/');
  if (isIP(address) !== 0) return matchAddress(address, bits);
  const suffix = name.replace(/^\*?\.?/, '.');
  const apex = name.startsWith('*.') ? undefined : suffix.slice(1);
  return (host) => suffix !== '.' && (host === apex || host.endsWith(suffix));
}

function matchAddress(address: string, bits: string | undefined): (host: string) => boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const block = new BlockList();
  const most = family === 'ipv6' ? 128 : 32;
  const prefix = bits === undefined ? most : Number(bits);
  if (Number.isInteger(prefix) && prefix >= 0 && prefix <= most) block.addSubnet(address, prefix, family);
  return (host) => isIP(host) !== 0 && block.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}

function isLoopback(host: string): boolean {
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host)
  );
}
