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

function matchHost(entry: string): (host: string) => boolean {
  if (entry === '*') return () => true;
  const [address = '', ...bits] = entry.split('/');
  if (isIP(address) !== 0) return matchAddress(address, bits.length === 0 ? undefined : bits.join('/'));
  const name = asInUrls(entry.replace(/^\*?\.?/, ''));
  const apex = entry.startsWith('*.') ? undefined : name;
  return (host) => name !== '' && (host === apex || host.endsWith(`.${name}`));
}

// URLs hold names in ASCII: `bücher.de` is `xn--bcher-kva.de` there. What is no name stays and matches nothing.
function asInUrls(name: string): string {
  const host = /[/\\?#@:]/.test(name) ? undefined : URL.parse(`http://${name}`)?.hostname;
  return host === undefined || isIP(host) !== 0 ? name : host;
}

// A block whose bits are no number in range, such as `10.0.0.1/`, matches nothing: it must not open the way for all.
function matchAddress(address: string, bits: string | undefined): (host: string) => boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  const most = family === 'ipv6' ? 128 : 32;
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)) return () => false;
  const block = new BlockList();
  block.addSubnet(address, bits === undefined ? most : Number(bits), family);
  return (host) => isIn(block, host);
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isIn(loopback, host);
}

// IPv4 addresses mapped into IPv6, such as `::ffff:127.0.0.1`, are found in blocks of IPv4.
function isIn(block: BlockList, host: string): boolean {
  return isIP(host) !== 0 && block.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
}
