import { describe, expect, test } from 'vitest';
import { convergeNote } from '../../../components/gitlab/endpoints/converge-note.ts';
import { createDiscussion, listDiscussions } from '../../../components/gitlab/endpoints/discussions.ts';
import { createIssue, listIssues } from '../../../components/gitlab/endpoints/issues.ts';
import { createNote, listNotes, updateNote } from '../../../components/gitlab/endpoints/notes.ts';
import { currentUser } from '../../../components/gitlab/endpoints/users.ts';
import { rejection } from '../harness.ts';
import { type Scene, startScene } from './scene.ts';

const marker = '<!-- pipewright:review -->';

async function setUp() {
  const scene = await startScene();
  const { project, mergeRequest, botId: author } = scene;
  return { ...scene, target: { project, mergeRequest }, mine: { marker, author } };
}

const notesOf = ({ bot, project, mergeRequest }: Scene) =>
  Array.fromAsync(listNotes(bot, { project, mergeRequest }));

describe('one note', () => {
  test('is written by the first push and changed in place by the second', async () => {
    const { bot, target, mine, ...scene } = await setUp();
    const { id: author } = await currentUser(bot);
    const first = await convergeNote(bot, target, { marker, author, body: `${marker}\n1 finding` });
    const second = await convergeNote(bot, target, { ...mine, body: `${marker}\n0 findings` });
    expect(first).toMatchObject({ done: 'created', removed: 0 });
    expect(second).toMatchObject({ done: 'updated', removed: 0, note: { id: first.note.id } });
    expect(await notesOf({ bot, ...scene })).toMatchObject([
      { body: `${marker}\n0 findings`, author: { username: 'bot' } },
    ]);
  });

  test('that says the same already is left alone', async () => {
    const { bot, api, target, mine } = await setUp();
    const wanted = { ...mine, body: `${marker}\nall well\n` };
    await convergeNote(bot, target, wanted);
    api.journal.clear();
    expect(await convergeNote(bot, target, wanted)).toMatchObject({ done: 'unchanged' });
    expect(api.journal.entries.map(({ method }) => method)).toEqual(['GET']);
  });

  test('stays of several that were written at once; what others copied is not ours', async () => {
    const { bot, asRole, target, mine, ...scene } = await setUp();
    const stranger = asRole('developer');
    const copied = { marker, author: (await currentUser(stranger)).id, body: `${marker} copied` };
    await createNote(stranger, { ...target, ...copied });
    for (const body of ['1', '2', '3'])
      await createNote(bot, { ...target, ...mine, body: `${marker} ${body}` });
    const converged = await convergeNote(bot, target, { ...mine, body: `${marker} 4` });
    expect(converged).toMatchObject({ done: 'updated', removed: 2 });
    const left = (await notesOf({ bot, asRole, ...scene })).map(({ body }) => body);
    expect(left).toEqual([`${marker} copied`, `${marker} 4`]);
  });

  test('is left by jobs that converge at the same time, at the latest by the next', async () => {
    const { bot, target, mine, ...scene } = await setUp();
    const converge = (text: string) => convergeNote(bot, target, { ...mine, body: `${marker} ${text}` });
    await Promise.all(['1', '2', '3'].map(converge));
    await Promise.all(['4', '5'].map(converge));
    await converge('6');
    expect(await notesOf({ bot, ...scene })).toMatchObject([{ body: `${marker} 6` }]);
  });

  test('of an issue converges as well', async () => {
    const { bot, project, mine } = await setUp();
    const { iid: issue } = await createIssue(bot, { project, ...mine, title: 'Flaky', description: marker });
    await convergeNote(bot, { project, issue }, { ...mine, body: `${marker} 1` });
    expect(await convergeNote(bot, { project, issue }, { ...mine, body: `${marker} 2` })).toMatchObject({
      done: 'updated',
    });
  });

  test('needs its marker', async () => {
    const { bot, target, mine } = await setUp();
    await expect(convergeNote(bot, target, { ...mine, body: 'without' })).rejects.toThrow(
      'does not hold its marker',
    );
    const shown = { ...mine, marker: 'review', body: 'review' };
    await expect(convergeNote(bot, target, shown)).rejects.toThrow('it would be shown');
  });
});

const lost = [
  ['GitLab says 502 after it did it', { kind: 'after' }],
  ['the connection is cut before it did it', { kind: 'cut', when: 'before' }],
  ['the connection is cut after it did it', { kind: 'cut', when: 'after' }],
  ['the answer breaks off', { kind: 'cut', when: 'middle' }],
  ['the answer is a page of a proxy', { kind: 'malformed', how: 'html' }],
] as const;

describe.each(lost)('where %s', (_, what) => {
  test('there is one note, one thread and one issue', async () => {
    const { bot, api, target, mine, project, botId, ...scene } = await setUp();
    const fail = () => api.faults.add({ match: { method: 'POST' }, what });
    const body = `${marker} Hello`;
    fail();
    const note = await createNote(bot, { ...target, ...mine, body });
    const written = await notesOf({ bot, api, project, botId, ...scene });
    expect(written.map(({ id }) => id)).toEqual([note.id]);
    fail();
    const thread = '<!-- pipewright:thread -->';
    await createDiscussion(bot, { ...target, ...mine, marker: thread, body: thread });
    const threads = await Array.fromAsync(listDiscussions(bot, target));
    expect(threads.filter(({ notes }) => notes[0]?.body === thread)).toHaveLength(1);
    fail();
    const issue = await createIssue(bot, { project, ...mine, title: 'Flaky', description: marker });
    expect(await Array.fromAsync(listIssues(bot, { project, authorId: botId }))).toEqual([issue]);
    expect(api.faults.pending()).toEqual([]);
  });
});

test('a list of 250 notes comes whole, in three pages', async () => {
  const { bot, api, target, mine, ...scene } = await setUp();
  await createNote(bot, { ...target, ...mine, body: `${marker} 0` });
  const notes = api.project.mergeRequests.get(scene.mergeRequest)?.notes;
  const first = notes?.at(-1);
  if (notes === undefined || first === undefined) throw new Error('no note');
  for (let index = 1; index < 250; index++) {
    notes.push({
      ...first,
      id: first.id + index,
      discussionId: `${index}`.padStart(40, '0'),
      body: `${index}`,
    });
  }
  api.journal.clear();
  const all = await notesOf({ bot, api, ...scene });
  expect(all.map(({ id }) => id)).toEqual(notes.filter(({ system }) => !system).map(({ id }) => id));
  expect(new Set(all.map(({ id }) => id)).size).toBe(250);
  expect(api.journal.entries).toHaveLength(3);
});

test('a thread stands at a line of the diff', async () => {
  const { bot, api, target, mine, head } = await setUp();
  const position = {
    baseSha: api.sha,
    startSha: api.sha,
    headSha: head,
    oldPath: 'a b.txt',
    newPath: 'a b.txt',
    newLine: 2,
  };
  await createDiscussion(bot, { ...target, ...mine, body: marker, position });
  const [thread] = await Array.fromAsync(listDiscussions(bot, target));
  expect(thread?.notes).toMatchObject([{ body: marker, resolvable: true, resolved: false }]);
  expect(api.journal.mistakes()).toEqual([]);
});

describe('what is refused', () => {
  test.each([
    ['a job token', ({ asJob }: Scene) => asJob, 'GITLAB_UNAUTHORIZED'],
    ['a guest', ({ asRole }: Scene) => asRole('guest'), 'GITLAB_NOT_FOUND'],
    ['somebody who does not see the project', ({ asRole }: Scene) => asRole('stranger'), 'GITLAB_NOT_FOUND'],
    [
      'a token that is none',
      ({ as }: Scene) => as({ kind: 'private', value: 'glpat-00000000000000000000' }),
      'GITLAB_UNAUTHORIZED',
    ],
  ])('a note by %s', async (_, who, code) => {
    const scene = await setUp();
    const { target, mine } = scene;
    const body = { body: marker };
    expect((await rejection(createNote(who(scene), { ...target, ...mine, ...body }))).code).toBe(code);
  });

  test("a change of another's note", async () => {
    const { bot, asRole, target, mine } = await setUp();
    const { id: note } = await createNote(bot, { ...target, ...mine, body: marker });
    const changed = updateNote(asRole('developer'), { ...target, note, body: 'mine' });
    expect((await rejection(changed)).code).toBe('GITLAB_FORBIDDEN');
  });
});
