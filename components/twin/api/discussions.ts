import { type Discussion, discussionsOf, makeThread, resolveNotes } from '../review/discussions.ts';
import type { NewNote } from '../review/notes.ts';
import { type Position, placePosition } from '../review/positions.ts';
import { isMergeRequest, mayResolve } from '../review/rights.ts';
import { writeNote } from '../review/write-note.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter, notFound } from '../server/reply.ts';
import type { OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import type { Issuable } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { noteableOf, noteOf } from './find-issuable.ts';
import { flagOf, isRecord, numberOf, textOf, wordOf } from './given.ts';
import { discussionJson, noteJson } from './json/note.ts';
import { bodyOf, createdAtOf, remove, update, writerOf } from './notes.ts';
import { badNote, badRequest, writtenReply } from './written-reply.ts';

const source = 'docs.gitlab.com/api/discussions';
const text = { type: 'string' };

/** GitLab's OpenAPI document leaves the discussions of issues out. */
const schemas = {
  read: { source },
  create: { source, body: { properties: { body: text, created_at: text }, required: ['body'] } },
  resolve: { source, body: { properties: { resolved: { type: 'boolean' } }, required: ['resolved'] } },
  update: { source, body: { properties: { body: text, resolved: { type: 'boolean' } } } },
} satisfies Record<string, OwnSchema>;

export const discussionsRoutes: readonly Route[] = [...routesOf('merge_request'), ...routesOf('issue')];

type Handle = (call: ProjectCall, target: Issuable) => Reply | Promise<Reply>;

function routesOf(kind: Issuable['kind']): Route[] {
  const path = `/projects/:id/${kind}s/:noteable_id/discussions`;
  const one = `${path}/:discussion_id`;
  const route = (method: Route['method'], at: string, name: keyof typeof schemas, handle: Handle): Route => ({
    method,
    path: at,
    // Unlike notes, no discussion is open to a job token.
    access: { role: method === 'GET' ? 'anyone' : 'user' },
    ...(kind === 'issue' && { schema: schemas[name] }),
    handle: onProject((call) => handle(call, noteableOf(call, kind))),
  });
  return [
    route('GET', path, 'read', list),
    route('POST', path, 'create', create),
    route('GET', one, 'read', (call, target) => ({
      json: present(call, target, findDiscussion(call, target)),
    })),
    route('PUT', one, 'resolve', resolve),
    route('GET', `${one}/notes`, 'read', (call, target) => ({
      json: findDiscussion(call, target).notes.map((note) => noteJson(call.twin.world, target, note)),
    })),
    route('POST', `${one}/notes`, 'create', reply),
    route('GET', `${one}/notes/:note_id`, 'read', (call, target) => ({
      json: noteJson(call.twin.world, target, noteOf(call, target)),
    })),
    route('PUT', `${one}/notes/:note_id`, 'update', updateOrResolve),
    route('DELETE', `${one}/notes/:note_id`, 'read', remove),
  ];
}

function list({ twin, project, actor }: ProjectCall, target: Issuable): Reply {
  const discussions = discussionsOf(target, project, actor?.user);
  return { list: discussions.map((discussion) => discussionJson(twin.world, target, discussion)) };
}

async function create(call: ProjectCall, target: Issuable): Promise<Reply> {
  const author = writerOf(call, target);
  const { position } = call.body;
  const placed = position === undefined ? undefined : await place(call, target, position);
  return write(call, target, {
    ...{ body: bodyOf(call), author, createdAt: createdAtOf(call, author) },
    ...(placed === undefined ? { type: 'DiscussionNote' } : { type: 'DiffNote', position: placed }),
  });
}

async function write({ twin, project, actor }: ProjectCall, target: Issuable, note: NewNote): Promise<Reply> {
  const written = await writeNote(twin, project, target, note);
  return writtenReply(
    written,
    ({ discussionId }) => {
      const discussion = discussionsOf(target, project, actor?.user).find(({ id }) => id === discussionId);
      return discussionJson(twin.world, target, discussion ?? { id: discussionId, notes: [] });
    },
    201,
  );
}

async function place(call: ProjectCall, target: Issuable, sent: unknown): Promise<NewNote['position']> {
  const position = parsePosition(sent);
  const placed = isMergeRequest(target) && (await placePosition(call.twin, call.project, position));
  if (placed === undefined || placed === false)
    throw badNote('line_code', ["can't be blank", 'must be a valid line code']);
  return placed;
}

/** @throws Refusal 400 */
function parsePosition(sent: unknown): Position {
  if (!isRecord(sent)) throw invalidParameter('position is invalid');
  const required = (name: string): string => {
    const value = textOf(sent[name]);
    if (value === undefined) throw invalidParameter(`position[${name}] is missing`);
    return value;
  };
  const [baseSha, startSha, headSha] = [required('base_sha'), required('start_sha'), required('head_sha')];
  const type = wordOf(required('position_type'), ['text', 'image', 'file']);
  if (type === undefined) throw invalidParameter('position[position_type] does not have a valid value');
  return {
    ...{ baseSha, startSha, headSha, type },
    ...{ oldPath: textOf(sent.old_path), newPath: textOf(sent.new_path) },
    ...{ oldLine: numberOf(sent.old_line), newLine: numberOf(sent.new_line) },
    lineRange: sent.line_range,
  };
}

async function reply(call: ProjectCall, target: Issuable): Promise<Reply> {
  const { twin, project } = call;
  const author = writerOf(call, target);
  const discussion = findDiscussion(call, target);
  if (discussion.notes.every(({ system }) => system)) throw badRequest('Discussion can not be replied to.');
  const [first] = discussion.notes;
  const written = await writeNote(twin, project, target, {
    ...{ body: bodyOf(call), author, createdAt: createdAtOf(call, author), discussionId: discussion.id },
    ...{ type: first?.type === 'DiffNote' ? 'DiffNote' : 'DiscussionNote', position: first?.position },
    internal: first?.internal ?? false,
  });
  if (written.kind === 'note') makeThread(discussion);
  return writtenReply(written, (note, changes) => noteJson(twin.world, target, note, changes), 201);
}

function resolve(call: ProjectCall, target: Issuable): Reply {
  const { twin, project } = call;
  const user = userOf(call);
  const discussion = findDiscussion(call, target);
  const resolved = flagOf(call.body.resolved);
  if (resolved === undefined) throw invalidParameter('resolved is missing');
  const [first] = discussion.notes;
  const can = first?.resolvable === true && mayResolve(user, project, target, first);
  if (!can) throw forbidden();
  resolveNotes(twin.world, target, user, discussion.notes, resolved);
  return { json: present(call, target, discussion) };
}

async function updateOrResolve(call: ProjectCall, target: Issuable): Promise<Reply> {
  const resolved = flagOf(call.body.resolved);
  if (resolved === undefined) return update(call, target);
  if (call.body.body !== undefined) throw invalidParameter('body, resolved are mutually exclusive');
  const note = noteOf(call, target);
  const user = userOf(call);
  if (!mayResolve(user, call.project, target, note)) throw forbidden();
  if (!note.resolvable) throw badRequest('Note is not resolvable');
  resolveNotes(call.twin.world, target, user, [note], resolved);
  return { json: noteJson(call.twin.world, target, note) };
}

function findDiscussion({ project, actor, params }: ProjectCall, target: Issuable): Discussion {
  const found = discussionsOf(target, project, actor?.user).find(({ id }) => id === params.discussion_id);
  if (found === undefined) throw notFound('Discussion');
  return found;
}

function present({ twin }: ProjectCall, target: Issuable, discussion: Discussion): unknown {
  return discussionJson(twin.world, target, discussion);
}
