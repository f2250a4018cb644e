import { parseV4 } from './addresses.ts';
import { errors } from './errors.ts';

/** One entry of the operator's allow-list. */
export interface EgressRule {
  readonly scheme: 'https:' | 'http:';
  /** In ASCII and small letters; an address as URLs write it. */
  readonly host: string;
  /** Whether names below `host` are meant, and not itself. */
  readonly below: boolean;
  readonly port: number;
  /** What paths begin with; ends with a slash. */
  readonly path: string;
  /** Whether it may lead to addresses of this machine and its network. */
  readonly private: boolean;
}

const form =
  /^(private:)?(https?:\/\/)?(\*\.)?([^/:?#@*[\]\s]+|\[[0-9a-fA-F:.]+\])(?::(\d{1,5}))?(\/[^?#\s]*)?$/;

/**
 * Reads entries such as `docs.example.com`, `*.example.com`, `api.example.com:8443/v1/`, `http://mirror.example.com`, and
 * `private:http://10.0.0.5:8080` for one that may be an address of a private network, whose port must be named.
 * @throws BROKER_SETTINGS
 */
export function parseAllowList(entries: readonly string[]): EgressRule[] {
  return entries.map(parseEntry);
}

function parseEntry(entry: string): EgressRule {
  const refuse = (expected: string) =>
    errors.SETTINGS({ what: `the allow-list's ${JSON.stringify(entry)}`, expected });
  const [match, isPrivate, scheme = 'https://', wildcard, name = '', port, path = '/'] =
    form.exec(entry) ?? [];
  if (match === undefined)
    throw refuse('a host, with a scheme, a port or a path where needed, such as docs.example.com');
  const url = URL.parse(`${scheme}${name}${port === undefined ? '' : `:${port}`}${path}`);
  if (url === null || url.pathname !== path) throw refuse('a host and a plain path');
  const host = hostOf(url);
  if (isPrivate !== undefined && port === undefined) throw refuse('a port beside `private:`');
  if (isAddress(host) && isPrivate === undefined) throw refuse('a name, or `private:` before an address');
  if (wildcard !== undefined && (isAddress(host) || !host.includes('.')))
    throw refuse('a domain with a dot after `*.`');
  return {
    ...{ scheme: url.protocol as EgressRule['scheme'], host, below: wildcard !== undefined },
    ...{ port: portOf(url), path: path.endsWith('/') ? path : `${path}/`, private: isPrivate !== undefined },
  };
}

/** The entry that lets a URL through; of several the one that spells out most of its path. */
export function findRule(rules: readonly EgressRule[], url: URL): EgressRule | undefined {
  const host = hostOf(url);
  return rules
    .filter(
      (rule) =>
        rule.scheme === url.protocol &&
        rule.port === portOf(url) &&
        (rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host) &&
        `${url.pathname}/`.startsWith(rule.path),
    )
    .toSorted((one, other) => other.path.length - one.path.length)[0];
}

/** Small letters, without the dot of the root. */
export function hostOf(url: URL): string {
  return url.hostname.toLowerCase().replace(/\.$/, '');
}

export function portOf(url: URL): number {
  return Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
}

export function isAddress(host: string): boolean {
  return host.startsWith('[') || parseV4(host) !== undefined;
}
