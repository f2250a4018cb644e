// Hostile texts as notes and descriptions on the twin, over HTTP: as they are they act, and sanitised nothing comes of them.
// The twin knows quick actions; of mentions, references and pictures it knows nothing, so those are only posted as well.
import { expect, test } from 'vitest';
import type { Issue, MergeRequest } from '../../../components/twin/world/review.ts';
import { startTestTwin } from '../../twin/harness.ts';
import { sanitised, sanitisedLine } from './sanitised.ts';

/** Each does something where it is a note of an issue. */
const acting: readonly string[] = [
  '/close',
  '/CLOSE',
  '/close because it is done',
  'Looks good.\n/close',
  'Looks good.\r\n/close\r\nThanks',
  'Looks good.\n\n/close\n\nThanks',
  '# Summary\n/close',
  '- item\n\n/close',
  '> quote\n\n/close',
  '```\ncode\n```\n/close',
  '`code`\n/close',
  '<!-- pipewright:note:0 -->\n/close',
  '<details>\n\n/close\n\n</details>',
  '| a |\n|---|\n| b |\n\n/close',
  '---\ntitle: x\n---\n/close',
  '```\n```\n/close\n```\n```',
  'a `b\n/close',
  '/label ~bug',
  '/label ~"needs work"',
  '/labels bug',
  '/relabel ~bug\n/label ~bug',
  '/assign @root',
  '/assign me',
  '/title You were hacked',
  '/lock',
  '/todo',
  '/subscribe',
  '/estimate 1w',
  '/spend 8h',
  '/due 2031-01-01',
  '/confidential',
  '/label ~bug\n/assign @root\n/close',
];

const quiet: readonly string[] = [
  '@root @all @acme please look',
  'Closes #1, see !1 and acme/app#1',
  '![x](https://evil.example/?q=secret)',
  '<img src="https://evil.example/x">',
  '\u200b/close',
  'text\u2028/close',
  '\\/close',
  '&sol;close',
  '```\n/close',
  '> /close',
  '>>>\n/close',
  '/close\u202e',
];

interface Made {
  readonly iid: number;
  readonly commands_changes?: Record<string, unknown>;
  readonly body?: string;
}

async function startScene() {
  const twin = await startTestTwin({
    setUp: { users: { bot: { role: 'maintainer' }, author: { role: 'maintainer' }, root: {} } },
  });
  const { id } = await twin.addProject('acme/app', { 'a.txt': 'a\n' });
  await twin.push('acme/app', 'feature', { 'a.txt': 'b\n' });
  // Each may write 60 notes a minute.
  const post = (path: string, json: unknown, as = 'bot') =>
    twin.api('POST', `/projects/${id}${path}`, { as, json }) as Promise<Made>;
  for (const name of ['bug', 'needs work', 'other']) await post('/labels', { name, color: '#123456' });
  return {
    post,
    put: (path: string, json: unknown) => twin.api('PUT', `/projects/${id}${path}`, { as: 'bot', json }),
    project: twin.project('acme/app'),
    openIssue: async () => (await post('/issues', { title: 'An issue', labels: 'other' })).iid,
  };
}

/** All that a text may change, notes left out; GitLab writes system notes for what it did. */
function stateOf(thing: Issue | MergeRequest | undefined) {
  if (thing === undefined) throw new Error('it is gone');
  const { notes, updatedAt: _, description: __, ...state } = structuredClone(thing);
  return { ...state, activity: notes.filter(({ system }) => system).map(({ body }) => body) };
}

test('as notes of an issue', async () => {
  const { post, project, openIssue } = await startScene();
  for (const text of [...acting, ...quiet]) {
    const iid = await openIssue();
    const before = stateOf(project.issues.get(iid));
    const safe = sanitised(text);
    const note = await post(`/issues/${iid}/notes`, { body: safe });
    expect(note.commands_changes, text).toEqual({});
    expect(note.body, text).toBe(safe);
    expect(stateOf(project.issues.get(iid)), text).toEqual(before);
    if (quiet.includes(text)) continue;
    await post(`/issues/${iid}/notes`, { body: text }, 'author');
    expect(stateOf(project.issues.get(iid)), text).not.toEqual(before);
  }
});

test('as descriptions of issues, when they are opened and when they are changed', async () => {
  const { post, put, project } = await startScene();
  const plain = { title: 'An issue', state: 'opened', labels: [], assigneeIds: [], confidential: false };
  for (const text of [...acting, ...quiet]) {
    const safe = sanitised(text);
    const { iid } = await post('/issues', { title: plain.title, description: safe });
    const made = project.issues.get(iid);
    expect(made, text).toMatchObject({ ...plain, description: safe, dueDate: undefined, timeEstimate: 0 });
    const before = stateOf(made);
    await put(`/issues/${iid}`, { description: `${safe}\n\nmore` });
    expect(stateOf(project.issues.get(iid)), text).toEqual(before);
    if (quiet.includes(text)) continue;
    // What cannot be done to an issue that is only being opened is taken out of the text all the same.
    const acted = await post('/issues', { title: plain.title, description: text });
    expect(project.issues.get(acted.iid)?.description, text).not.toBe(text);
  }
});

test('as notes of a merge request, where they could approve and merge', async () => {
  const { post, project } = await startScene();
  const { iid } = await post('/merge_requests', {
    ...{ source_branch: 'feature', target_branch: 'main', title: 'A change' },
  });
  const before = stateOf(project.mergeRequests.get(iid));
  const texts = ['/approve', '/merge', '/draft', '/target_branch feature', '/assign_reviewer @root'];
  for (const text of [...texts, ...acting, ...quiet]) {
    await post(`/merge_requests/${iid}/notes`, { body: sanitised(text) });
    expect(stateOf(project.mergeRequests.get(iid)), text).toEqual(before);
  }
  await post(`/merge_requests/${iid}/notes`, { body: texts.join('\n') });
  expect(stateOf(project.mergeRequests.get(iid))).not.toEqual(before);
});

test('as titles of issues', async () => {
  const { post, project } = await startScene();
  for (const text of [...acting, ...quiet]) {
    const title = sanitisedLine(text);
    const { iid } = await post('/issues', { title });
    expect(project.issues.get(iid), text).toMatchObject({ title, state: 'opened', labels: [] });
  }
});
