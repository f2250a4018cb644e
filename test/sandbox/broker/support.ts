import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../../../components/kernel/context.ts';
import type { Broker, BrokerSettings } from '../../../components/sandbox/broker/types.ts';
import { openBroker } from '../../../scripts/wire/broker/open.ts';
import { atEnd } from '../../support/at-end.ts';
import { testContext } from '../../support/cli.ts';

export interface Outside {
  /** Such as http://127.0.0.1:34567. */
  readonly url: string;
  readonly port: number;
  /** What came, in order: method, target, and headers and body as they were. */
  readonly asked: {
    readonly line: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }[];
  readonly close: () => void;
}

/** A server on the loopback interface for one test, which keeps what it was asked. */
export async function outside(
  answer: RequestListener = (_, response) => response.end('hello'),
): Promise<Outside> {
  const asked: Outside['asked'] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  atEnd(close);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, asked, close };
}

/** A broker for one test, in a process of its own. */
export async function broker(
  settings: Partial<BrokerSettings>,
  env: Readonly<Record<string, string>> = {},
  change: Partial<Context> = {},
): Promise<Broker> {
  const context = testContext('/', { env: { PATH: process.env.PATH ?? '', ...env }, ...change });
  const opened = await openBroker(context, { upstreams: [], allow: [], ...settings });
  atEnd(() => void opened.close());
  return opened;
}

/** Waits until it is so, on a busy machine for many seconds. */
export async function until(what: () => boolean): Promise<boolean> {
  for (let tried = 0; tried < 2_500 && !what(); tried += 1)
    await new Promise((resolve) => setTimeout(resolve, 10));
  return what();
}
