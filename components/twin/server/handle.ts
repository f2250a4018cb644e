import { randomUUID } from 'node:crypto';
import type { Twin } from '../ports.ts';
import { actorIn, admit } from './access.ts';
import { type Answer, renderRefusal, renderReply } from './answer.ts';
import { checkActor, identify, parseCredentials } from './auth.ts';
import { readBody } from './body.ts';
import { defectOf, type Exchange } from './exchange.ts';
import type { JournalEntry } from './journal.ts';
import type { Limited } from './limits.ts';
import { nestParameters, parseQuery } from './parameters.ts';
import { maskRecord } from './redact.ts';
import { Refusal } from './reply.ts';
import type { Match } from './router.ts';
import type { Strictness } from './strictness.ts';
import type { Actor, Call, Route } from './types.ts';

/** What answering needs besides the request. */
export interface Answering extends Strictness {
  readonly twin: Twin;
  readonly maxBodyBytes: number;
  readonly limit: (who: string, route: Route) => Limited;
}

/** Answers a request to the API, whatever happens in its handler. */
export async function answer(server: Answering, exchange: Exchange, match: Match): Promise<Answer> {
  const { draft } = exchange;
  const headers: Record<string, string> = { 'x-request-id': randomUUID() };
  try {
    const found = await answerMatch(server, exchange, match, headers);
    return { ...found, headers: { ...headers, ...found.headers } };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : undefined;
    if (refusal === undefined) draft.error = defectOf(exchange, error);
    const body = renderRefusal(refusal ?? new Refusal(500, { message: '500 Internal Server Error' }));
    return { ...body, headers: { ...headers, ...body.headers } };
  }
}

async function answerMatch(
  server: Answering,
  exchange: Exchange,
  match: Match,
  headers: Record<string, string>,
): Promise<Answer> {
  switch (match.kind) {
    case 'malformed':
      throw new Refusal(400, { error: '400 Bad Request' });
    case 'route':
      return answerRoute(server, exchange, match, headers);
    default:
      return answerUnknown(server, exchange, match.kind === 'method' ? match.allowed : undefined);
  }
}

async function answerUnknown(
  server: Answering,
  { method, path }: Exchange,
  allowed: readonly string[] | undefined,
): Promise<Answer> {
  const documented = await server.documented(method, path);
  // Where nobody can say what GitLab knows, it may know the method, and only the twin does not.
  if (allowed !== undefined && documented === undefined && server.isDescribed)
    throw new Refusal(405, { error: '405 Not Allowed' }, { allow: allowed.join(', ') });
  throw notModelled(method, documented ?? path, documented !== undefined);
}

/** The answer to what GitLab may have and the twin does not. */
export function notModelled(method: string, path: string, isDocumented = false): Refusal {
  const known = isDocumented ? ", which GitLab's API has" : '';
  return new Refusal(501, {
    error: '501 Not Implemented',
    message: `the twin does not model ${method} ${path}${known}`,
  });
}

async function answerRoute(
  server: Answering,
  exchange: Exchange,
  { route, params }: Extract<Match, { kind: 'route' }>,
  headers: Record<string, string>,
): Promise<Answer> {
  const { request, address, draft } = exchange;
  const { world } = server.twin;
  const { access } = route;
  const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
  const { query, body } = await readParameters(server, exchange, route, isRead);
  const actor = identify(world, parseCredentials(request.headers, { ...query, ...body }), access);
  draft.actor = describeActor(actor);
  if (actor !== undefined) checkActor(actor, access, isRead);
  const limited = server.limit(actor === undefined ? 'nobody' : `user ${actor.user.id}`, route);
  Object.assign(headers, limited.headers);
  if (limited.refused !== undefined) return limited.refused;
  const project = admit(world, route, actor, params, isRead);
  const call = { twin: server.twin, actor, params, query, body, request };
  draft.violation = await server.check(call, route);
  if (draft.violation !== undefined) throw new Refusal(400, { error: draft.violation });
  const projectCall = project === undefined ? call : { ...call, project, actor: actorIn(project, actor) };
  const reply = await route.handle(projectCall);
  return renderReply(reply, query, request, address);
}

async function readParameters(
  server: Answering,
  { request, search, draft }: Exchange,
  route: Route,
  isRead: boolean,
): Promise<Pick<Call, 'query' | 'body'>> {
  const { redact } = server.twin.context;
  const query = parseQuery(search);
  draft.query = maskRecord(redact, query);
  if (route.schema?.body === 'raw') return { query, body: {} };
  const body = await readBody(request, server.maxBodyBytes);
  if (isRead) return { query, body };
  draft.body = maskRecord(redact, body);
  return { query, body: { ...nestParameters(new URLSearchParams(search)), ...body } };
}

function describeActor(actor: Actor | undefined): JournalEntry['actor'] {
  if (actor === undefined) return undefined;
  const { user, token } = actor;
  const isOfProject = token.kind === 'personal' && token.projectId !== undefined;
  return { username: user.username, token: isOfProject ? 'project' : token.kind };
}
