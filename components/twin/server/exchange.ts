import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JournalEntry } from './journal.ts';

/** A journal's entry while its request is under way. */
export type Draft = { -readonly [Key in keyof JournalEntry]: JournalEntry[Key] };

/** One request under way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Whether it is below `/api/v4`; undefined of what is below no address of the instance. */
  readonly part: 'api' | 'other' | undefined;
  /** Below `/api/v4`, or below the address of the instance; encoded. */
  readonly path: string;
  /** After the question mark. */
  readonly search: string;
  /** Absolute, with the query. */
  readonly address: URL;
  readonly draft: Draft;
}

/** @param url - of the instance, possibly with a path: `http://127.0.0.1:40001/gitlab` */
export function openExchange(request: IncomingMessage, response: ServerResponse, url: string): Exchange {
  const sent = request.url ?? '/';
  // `*` and whole addresses, as a proxy gets them, are nothing here.
  const target = sent.startsWith('/') ? sent : `/${encodeURIComponent(sent)}`;
  const at = target.indexOf('?');
  const [whole, search] = at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)];
  const base = new URL(url);
  const { part, path } = placeOf(whole, base.pathname.replace(/\/$/, ''));
  const method = request.method ?? 'GET';
  const address = new URL(`${base.origin}${whole}${search === '' ? '' : `?${search}`}`);
  return { request, response, method, part, path, search, address, draft: newDraft(method, path) };
}

/**
 * Whether a request means this server: `Host` is a name of the loopback interface with the port of the instance. A web
 * page whose own name was made to lead here (DNS rebinding) says that name instead.
 */
export function isForUs({ headers }: IncomingMessage, url: string): boolean {
  const { port } = new URL(url);
  const suffix = port === '' ? '' : `:${port}`;
  const host = headers.host?.toLowerCase();
  return ['127.0.0.1', 'localhost', '[::1]'].some((name) => host === `${name}${suffix}`);
}

function placeOf(whole: string, base: string): Pick<Exchange, 'part' | 'path'> {
  if (!whole.startsWith(`${base}/`)) return { part: undefined, path: whole };
  const below = whole.slice(base.length);
  return below.startsWith('/api/v4/')
    ? { part: 'api', path: below.slice('/api/v4'.length) }
    : { part: 'other', path: below };
}

function newDraft(method: string, path: string): Draft {
  return {
    ...{ method, path, query: {}, milliseconds: 0 },
    route: undefined,
    body: undefined,
    actor: undefined,
    status: undefined,
    fault: undefined,
    violation: undefined,
    error: undefined,
  };
}

const goneCodes = ['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE'];

/** The stack of what broke; undefined where the client went away, which is no defect of the twin. */
export function defectOf({ request }: Exchange, error: unknown): string | undefined {
  if (!(error instanceof Error)) return String(error);
  const isGone = 'code' in error && goneCodes.includes(String(error.code)) && request.socket.destroyed;
  return isGone ? undefined : (error.stack ?? error.message);
}
