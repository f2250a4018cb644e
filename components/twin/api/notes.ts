import { removeNote } from '../review/notes.ts';
import { mayEditNote, mayReadInternalNotes, mayReadNote, mayWriteNote } from '../review/rights.ts';
import { rewriteNote, writeNote } from '../review/write-note.ts';
import { onProject } from '../server/on-project.ts';
import { forbidden, invalidParameter } from '../server/reply.ts';
import type { OwnSchema, ProjectCall, Reply, Route } from '../server/types.ts';
import { isAtLeastRole } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Issuable, Note } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { noteableOf, noteOf } from './find-issuable.ts';
import { flagOf, sortedBy, textOf, timeIn, wordOf } from './given.ts';
import { noteJson } from './json/note.ts';
import { writtenReply } from './written-reply.ts';

const source = 'docs.gitlab.com/api/notes';
const text = { type: 'string' };
const flag = { type: 'boolean' };

/** GitLab's OpenAPI document leaves the notes of issues out. */
const schemas = {
  list: {
    source,
    query: {
      order_by: { enum: ['created_at', 'updated_at'] },
      sort: { enum: ['asc', 'desc'] },
      activity_filter: { enum: ['all_notes', 'only_comments', 'only_activity'] },
    },
  },
  one: { source },
  create: {
    source,
    body: {
      properties: { body: text, confidential: flag, internal: flag, created_at: text },
      required: ['body'],
    },
  },
  update: { source, body: { properties: { body: text, confidential: flag } } },
} satisfies Record<string, OwnSchema>;

export const notesRoutes: readonly Route[] = [...routesOf('merge_request'), ...routesOf('issue')];

function routesOf(kind: Issuable['kind']): Route[] {
  const path = `/projects/:id/${kind}s/:noteable_id/notes`;
  const own = (name: keyof typeof schemas) => (kind === 'issue' ? { schema: schemas[name] } : {});
  // Job tokens read notes of merge requests; writing notes they cannot, in any version.
  const read = { role: 'anyone', ...(kind === 'merge_request' && { jobToken: { since: '18.0' } }) } as const;
  const write = { role: 'user' } as const;
  const about = (call: ProjectCall) => noteableOf(call, kind);
  return [
    {
      method: 'GET',
      path,
      access: read,
      ...own('list'),
      handle: onProject((call) => list(call, about(call))),
    },
    {
      method: 'POST',
      path,
      access: write,
      ...own('create'),
      handle: onProject((call) => create(call, about(call))),
    },
    {
      method: 'GET',
      path: `${path}/:note_id`,
      access: read,
      ...own('one'),
      handle: onProject((call) => ({
        json: noteJson(call.twin.world, about(call), noteOf(call, about(call))),
      })),
    },
    {
      method: 'PUT',
      path: `${path}/:note_id`,
      access: write,
      ...own('update'),
      handle: onProject((call) => update(call, about(call))),
    },
    {
      method: 'DELETE',
      path: `${path}/:note_id`,
      access: write,
      ...own('one'),
      handle: onProject((call) => remove(call, about(call))),
    },
  ];
}

function list({ twin, project, actor, query }: ProjectCall, target: Issuable): Reply {
  const filter = query.activity_filter ?? 'all_notes';
  const readable = target.notes
    .filter((note) => mayReadNote(actor?.user, project, note))
    .filter(({ system }) => filter === 'all_notes' || system === (filter === 'only_activity'));
  const key = query.order_by === 'updated_at' ? 'updatedAt' : 'createdAt';
  const direction = wordOf(query.sort, ['asc', 'desc']) ?? 'desc';
  const sorted = sortedBy(readable, (note: Note) => Date.parse(note[key]), direction);
  return { list: sorted.map((note) => noteJson(twin.world, target, note)) };
}

async function create(call: ProjectCall, target: Issuable): Promise<Reply> {
  const { twin, project } = call;
  const author = writerOf(call, target);
  const sent = call.body;
  const internal = flagOf(sent.internal) ?? flagOf(sent.confidential) ?? false;
  if (internal && !mayReadInternalNotes(author, project)) throw forbidden();
  const written = await writeNote(twin, project, target, {
    ...{ body: bodyOf(call), author, internal, createdAt: createdAtOf(call, author) },
    seenSha: textOf(sent.merge_request_diff_head_sha),
  });
  return writtenReply(written, (note, changes) => noteJson(twin.world, target, note, changes), 201);
}

export async function update(call: ProjectCall, target: Issuable): Promise<Reply> {
  const { twin, project } = call;
  const note = noteOf(call, target);
  const user = userOf(call);
  if (!mayEditNote(user, project, note)) throw forbidden();
  const body = textOf(call.body.body);
  if (body === undefined) return { json: noteJson(twin.world, target, note) };
  if (body.trim() === '') throw invalidParameter('body is empty');
  const written = await rewriteNote(twin, project, target, note, { body, user });
  return writtenReply(written, (changed, told) => noteJson(twin.world, target, changed, told), 200);
}

export function remove(call: ProjectCall, target: Issuable): Reply {
  const note = noteOf(call, target);
  if (!mayEditNote(userOf(call), call.project, note)) throw forbidden();
  removeNote(call.twin.world, target, note);
  return { status: 204 };
}

/** @throws Refusal 403 where the caller may read but not write */
export function writerOf(call: ProjectCall, target: Issuable): User {
  const user = userOf(call);
  if (!mayWriteNote(user, call.project, target)) throw forbidden();
  return user;
}

/** @throws Refusal 400 */
export function bodyOf(call: ProjectCall): string {
  const body = textOf(call.body.body);
  if (body === undefined) throw invalidParameter('body is missing');
  return body;
}

/** Owners may say when; of others GitLab does not listen to it. */
export function createdAtOf(call: ProjectCall, author: User): string | undefined {
  const time = timeIn(call.body.created_at);
  const isHeard = time !== undefined && isAtLeastRole(author, call.project, 'owner');
  return isHeard ? new Date(time).toISOString() : undefined;
}
