import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createGitLab } from '../../components/gitlab/client.ts';
import type { GitLab, GitLabConnection } from '../../components/gitlab/types.ts';
import type { Clock, Context } from '../../components/kernel/context.ts';
import { testContext } from '../support/cli.ts';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface TestServer {
  readonly origin: string;
  /** What came, in order. */
  readonly seen: Seen[];
}

type Answer = (request: Seen, response: ServerResponse, count: number) => void;

/** A server that answers as the test says; `count` is how many requests came before. */
export async function serve(answer: Answer): Promise<TestServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    const { method = '', url = '', headers } = request;
    const entry = { method, url, headers, body };
    seen.push(entry);
    answer(entry, response, seen.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** Where nobody listens. */
export async function deadOrigin(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}

export function sendJson(response: ServerResponse, status: number, data: unknown, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(data));
}

/** A clock that sleeps no time, and what it was asked to sleep. */
export function quickClock(): { clock: Clock; slept: number[] } {
  const slept: number[] = [];
  let skipped = 0;
  const clock: Clock = {
    now: () => Date.now() + skipped,
    monotonic: () => performance.now() + skipped,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      skipped += milliseconds;
    },
  };
  return { clock, slept };
}

export const secret = 'not-of-any-known-form-4711';

interface Connected {
  readonly gitlab: GitLab;
  readonly context: Context;
  readonly slept: number[];
}

/** A client of the server, by default with an access token and a clock that does not wait. */
export function connect(
  origin: string,
  change: Partial<GitLabConnection> = {},
  port: Partial<Context> = {},
): Connected {
  const { clock, slept } = quickClock();
  const context = testContext('/', { clock, ...port });
  const connection = {
    apiUrl: `${origin}/api/v4`,
    token: { kind: 'private', value: secret },
    ...change,
  } as const;
  return { gitlab: createGitLab(context, connection), context, slept };
}

/** What a promise rejects with; a test that gets a value fails. */
export async function rejection(promise: Promise<unknown>): Promise<Error & { readonly code: string }> {
  try {
    await promise;
  } catch (error) {
    return error as Error & { readonly code: string };
  }
  throw new Error('expected a rejection');
}
