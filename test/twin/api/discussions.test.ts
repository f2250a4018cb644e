import { expect, test } from 'vitest';
import { type Json, startScene } from './review-scene.ts';

const path = '/merge_requests/1/discussions';

interface Discussion {
  readonly id: string;
  readonly individual_note: boolean;
  readonly resolved?: boolean;
  readonly notes: readonly Json[];
}

async function startOpened(settings = {}) {
  const scene = await startScene({ settings });
  const { diff_refs } = await scene.open();
  const at = (place: Readonly<Record<string, unknown>>) => ({
    body: 'here',
    position: { ...(diff_refs as object), position_type: 'text', ...place },
  });
  return { ...scene, at };
}

test('a thread stands at a line of the diff', async () => {
  const { as, at } = await startOpened();
  const { status, json } = await as<Discussion>(
    'reporter',
    'POST',
    path,
    at({ new_path: 'a.txt', old_path: 'a.txt', new_line: 10 }),
  );
  expect(status).toBe(201);
  expect(json).toMatchObject({ individual_note: false, resolvable: true, resolved: false });
  expect(json.notes[0]).toMatchObject({
    ...{ type: 'DiffNote', resolvable: true, resolved: false },
    position: { new_path: 'a.txt', new_line: 10, old_line: null, position_type: 'text' },
  });
});

test.each([
  ['an added line', { new_path: 'a.txt', new_line: 10 }],
  ['a removed line', { old_path: 'a.txt', new_path: 'a.txt', old_line: 10 }],
  ['an unchanged line in the diff', { new_path: 'a.txt', old_line: 9, new_line: 9 }],
  ['an unchanged line outside of the diff', { new_path: 'a.txt', old_line: 20, new_line: 20 }],
  ['a line of a new file', { new_path: 'feature.txt', new_line: 1 }],
])('%s takes a thread', async (_, place) => {
  const { as, at } = await startOpened();
  expect((await as('developer', 'POST', path, at(place))).status).toBe(201);
});

test.each([
  ['an unchanged line by its new number alone', { new_path: 'a.txt', new_line: 9 }],
  ['a line after the end', { new_path: 'a.txt', old_line: 21, new_line: 21 }],
  ['numbers that do not belong together', { new_path: 'a.txt', old_line: 19, new_line: 20 }],
  ['a file that is not in the diff', { new_path: 'other.txt', new_line: 1 }],
  ['no file', { new_line: 1 }],
  ['no line', { new_path: 'a.txt' }],
  ['a commit nobody knows', { new_path: 'a.txt', new_line: 10, head_sha: '1'.repeat(40) }],
])('%s takes none', async (_, place) => {
  const { as, at } = await startOpened();
  const { status, json } = await as('developer', 'POST', path, at(place));
  expect(status).toBe(400);
  expect(json).toEqual({
    message: '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}',
  });
});

test('a position needs its commits', async () => {
  const { as } = await startOpened();
  const body = { body: 'x', position: { position_type: 'text', new_path: 'a.txt', new_line: 10 } };
  const { status, json } = await as('developer', 'POST', path, body);
  expect(status).toBe(400);
  expect(JSON.stringify(json)).toContain('position[base_sha] is missing');
});

test('answers stand in the thread, and a single note becomes one', async () => {
  const { as } = await startOpened();
  await as('developer', 'POST', '/merge_requests/1/notes', { body: 'single' });
  const [single] = (await as<Discussion[]>('developer', 'GET', path)).json;
  expect(single).toMatchObject({ individual_note: true });
  const answer = await as('reporter', 'POST', `${path}/${single?.id}/notes`, { body: 'answer' });
  expect(answer.json).toMatchObject({ type: 'DiscussionNote', body: 'answer' });
  const { json } = await as<Discussion>('reporter', 'GET', `${path}/${single?.id}`);
  expect(json).toMatchObject({ individual_note: false, resolvable: true });
  expect(json.notes.map(({ body }) => body)).toEqual(['single', 'answer']);
  expect((await as('reporter', 'GET', `${path}/${'0'.repeat(40)}`)).json).toEqual({
    message: '404 Discussion Not Found',
  });
});

test('threads that are not resolved hold a merge up where the project says so', async () => {
  const { as } = await startOpened({ only_allow_merge_if_all_discussions_are_resolved: true });
  const { json } = await as<Discussion>('reporter', 'POST', path, { body: 'why?' });
  const status = async () => (await as('developer', 'GET', '/merge_requests/1')).json.detailed_merge_status;
  expect(await status()).toBe('discussions_not_resolved');
  expect((await as('maintainer', 'PUT', '/merge_requests/1/merge', {})).status).toBe(405);
  const resolved = await as<Discussion>('developer', 'PUT', `${path}/${json.id}?resolved=true`);
  expect(resolved.json).toMatchObject({
    resolved: true,
    notes: [{ resolved_by: { username: 'developer' } }],
  });
  expect(await status()).toBe('mergeable');
  await as('developer', 'PUT', `${path}/${json.id}`, { resolved: false });
  expect(await status()).toBe('discussions_not_resolved');
});

test('who did not write it resolves a thread only as a developer', async () => {
  const { as } = await startOpened();
  const mine = await as<Discussion>('reporter', 'POST', path, { body: 'mine' });
  const theirs = await as<Discussion>('maintainer', 'POST', path, { body: 'theirs' });
  expect((await as('reporter', 'PUT', `${path}/${mine.json.id}`, { resolved: true })).status).toBe(200);
  expect((await as('reporter', 'PUT', `${path}/${theirs.json.id}`, { resolved: true })).status).toBe(403);
});

test('a note of a thread is changed, resolved and taken away by itself', async () => {
  const { as } = await startOpened();
  const { json } = await as<Discussion>('developer', 'POST', path, { body: 'one' });
  const one = `${path}/${json.id}/notes/${json.notes[0]?.id}`;
  expect((await as('developer', 'PUT', one, { body: 'two' })).json).toMatchObject({ body: 'two' });
  expect((await as('developer', 'PUT', one, { resolved: true })).json).toMatchObject({ resolved: true });
  expect((await as('developer', 'DELETE', one)).status).toBe(204);
  expect((await as('developer', 'GET', `${path}/${json.id}`)).status).toBe(404);
});

test('quick actions act in threads too', async () => {
  const { as } = await startOpened();
  expect((await as('developer', 'POST', path, { body: '/close' })).status).toBe(202);
  expect((await as('developer', 'GET', '/merge_requests/1')).json.state).toBe('closed');
});
