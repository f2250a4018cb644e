import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { atEnd } from '../../support/at-end.ts';

/** Everything that reaches a place outside, whatever it is sent by. */
export interface Receiver {
  readonly port: number;
  /** What came since it was last asked. */
  readonly take: () => string;
}

/** Speaks HTTP as far as that is needed: a path `/guide/go` redirects to what its query names. */
export async function receive(where: object = { port: 0, host: '127.0.0.1' }): Promise<Receiver> {
  let got = '';
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      const text = bytes.toString('utf8');
      got += text;
      const to = /^GET \/guide\/go\?to=(\S+)/.exec(text)?.[1];
      const head =
        to === undefined ? 'HTTP/1.1 200 OK' : `HTTP/1.1 302 Found\r\nlocation: ${decodeURIComponent(to)}`;
      socket.end(`${head}\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok`);
    });
  });
  await new Promise<void>((resolve) => server.listen(where, resolve));
  atEnd(() => void server.close());
  const address = server.address() as AddressInfo | string;
  return {
    port: typeof address === 'string' ? 0 : address.port,
    take: () => {
      const taken = got;
      got = '';
      return taken;
    },
  };
}

/** Characters of an encoded secret that stand together in what came; fewer than that say nothing. */
const fewest = 10;

/** Whether a part of it stands there, as it was written or as URLs write it. */
export function holds(text: string, encoded: string): boolean {
  const texts = [text, plain(text)].map((one) => one.toLowerCase());
  const forms = [encoded, plain(encoded)]
    .map((one) => one.toLowerCase())
    .filter((one) => one.length >= fewest);
  return forms.some((form) => {
    for (let at = 0; at + fewest <= form.length; at += 1) {
      const part = form.slice(at, at + fewest);
      // `0000000000` is no secret.
      if (new Set(part).size > 2 && texts.some((one) => one.includes(part))) return true;
    }
    return false;
  });
}

function plain(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (escaped) => {
    try {
      return decodeURIComponent(escaped);
    } catch {
      return escaped;
    }
  });
}
