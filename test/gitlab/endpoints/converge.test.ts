import { describe, expect, test } from 'vitest';
import { convergeIssue } from '../../../components/gitlab/endpoints/converge-issue.ts';
import { convergeLabels } from '../../../components/gitlab/endpoints/converge-labels.ts';
import { createIssue, listIssues, updateIssue } from '../../../components/gitlab/endpoints/issues.ts';
import { getMergeRequest, updateMergeRequest } from '../../../components/gitlab/endpoints/merge-requests.ts';
import { currentUser } from '../../../components/gitlab/endpoints/users.ts';
import type { GitLab } from '../../../components/gitlab/types.ts';
import { type Scene, startScene } from './scene.ts';

const marker = '<!-- pipewright:flaky -->';
const about = (text: string) => `${text}\n\n${marker}`;

async function setUp() {
  const scene = await startScene();
  const mine = { marker, author: scene.botId, title: 'Flaky test' };
  const converge = (text: string, more: { title?: string; labels?: readonly string[] } = {}) =>
    convergeIssue(scene.bot, scene, { ...mine, description: about(text), ...more });
  const create = (gitlab: GitLab, author: number, text: string) =>
    createIssue(gitlab, {
      ...{ project: scene.project, marker, author, title: 'Flaky test' },
      description: about(text),
    });
  return { ...scene, converge, create };
}

const issuesOf = ({ bot, project }: Pick<Scene, 'bot' | 'project'> & Partial<Scene>) =>
  Array.fromAsync(listIssues(bot, { project }));

describe('one issue', () => {
  test('is opened by the first and changed in place by the second', async () => {
    const { converge, ...scene } = await setUp();
    const first = await converge('once');
    expect(first).toMatchObject({ done: 'created', closed: 0 });
    const second = await converge('twice', { title: 'Flaky test (2)' });
    expect(second).toMatchObject({ done: 'updated', issue: { iid: first.issue.iid } });
    expect(await issuesOf(scene)).toMatchObject([
      { title: 'Flaky test (2)', description: about('twice'), author: { username: 'bot' } },
    ]);
  });

  test('that says the same already is left alone', async () => {
    const { converge, api, bot, botId, project } = await setUp();
    await converge('once', { labels: ['bug'] });
    api.journal.clear();
    const again = { marker, author: botId, title: ' Flaky test', labels: ['bug'] };
    const description = `${about('once').replaceAll('\n', '\r\n')}\r\n`;
    expect(await convergeIssue(bot, { project }, { ...again, description })).toMatchObject({
      done: 'unchanged',
    });
    expect(api.journal.entries.map(({ method }) => method)).toEqual(['GET']);
  });

  test('gets the labels it lacks and keeps those of people', async () => {
    const { converge, asRole, project } = await setUp();
    const { issue } = await converge('once', { labels: ['bug'] });
    await updateIssue(asRole('owner'), { project, issue: issue.iid, addLabels: ['later'] });
    const labelled = await converge('once', { labels: ['bug', 'agent'] });
    expect(labelled.done).toBe('updated');
    expect([...labelled.issue.labels].sort()).toEqual(['agent', 'bug', 'later']);
  });

  test('that somebody has closed stays closed, as it is and the only one', async () => {
    const { converge, asRole, project, ...scene } = await setUp();
    const { issue } = await converge('once');
    await updateIssue(asRole('owner'), { project, issue: issue.iid, stateEvent: 'close' });
    expect(await converge('twice', { labels: ['bug'] })).toMatchObject({ done: 'unchanged', closed: 0 });
    expect(await issuesOf({ project, ...scene })).toMatchObject([
      { iid: issue.iid, state: 'closed', description: about('once'), labels: [] },
    ]);
  });

  test('stays of several: the oldest; the newer ones of ours are closed, what others copied is not', async () => {
    const { converge, create, bot, botId, asRole, ...scene } = await setUp();
    const stranger = asRole('developer');
    const copy = await create(stranger, (await currentUser(stranger)).id, 'copied');
    const oldest = await create(bot, botId, '1');
    for (const text of ['2', '3']) await create(bot, botId, text);
    expect(await converge('4')).toMatchObject({ done: 'updated', closed: 2, issue: { iid: oldest.iid } });
    const all = (await issuesOf({ bot, ...scene })).toSorted((a, b) => a.iid - b.iid);
    expect(all.map(({ iid, state }) => [iid, state])).toEqual([
      [copy.iid, 'opened'],
      [oldest.iid, 'opened'],
      [oldest.iid + 1, 'closed'],
      [oldest.iid + 2, 'closed'],
    ]);
    expect(await converge('4')).toMatchObject({ done: 'unchanged', closed: 0 });
  });

  test('is left by jobs that converge at the same time, at the latest by the next', async () => {
    const { converge, ...scene } = await setUp();
    await Promise.all(['1', '2', '3'].map((text) => converge(text)));
    await converge('4');
    const open = (await issuesOf(scene)).filter(({ state }) => state === 'opened');
    expect(open).toMatchObject([{ iid: 1, description: about('4') }]);
  });

  test.each([{ kind: 'after' }, { kind: 'cut', when: 'after' }, { kind: 'malformed', how: 'html' }] as const)(
    'is there once where the answer is lost (%o)',
    async (what) => {
      const { converge, api, ...scene } = await setUp();
      api.faults.add({ match: { method: 'POST' }, what });
      expect(await converge('once')).toMatchObject({ done: 'created' });
      expect(await issuesOf({ api, ...scene })).toHaveLength(1);
      expect(api.faults.pending()).toEqual([]);
    },
  );

  test('needs its marker', async () => {
    const { bot, botId, project } = await setUp();
    const wanted = { marker, author: botId, title: 'Flaky', description: 'without' };
    await expect(convergeIssue(bot, { project }, wanted)).rejects.toThrow('does not hold its marker');
  });
});

describe('labels of a merge request', () => {
  const target = ({ project, mergeRequest }: Scene) => ({ project, mergeRequest });

  test('are added where they lack, and no other goes', async () => {
    const scene = await startScene();
    const { bot, asRole, api } = scene;
    await updateMergeRequest(asRole('owner'), { ...target(scene), labels: ['mine', 'agent'] });
    expect(await convergeLabels(bot, target(scene), ['agent', 'risky', 'risky'])).toEqual({
      added: ['risky'],
      refused: [],
    });
    expect([...(await getMergeRequest(bot, target(scene))).labels].sort()).toEqual([
      'agent',
      'mine',
      'risky',
    ]);
    api.journal.clear();
    expect(await convergeLabels(bot, target(scene), ['agent', 'risky'])).toEqual({ added: [], refused: [] });
    expect(api.journal.entries.map(({ method }) => method)).toEqual(['GET']);
  });

  test('are removed by name', async () => {
    const scene = await startScene();
    await updateMergeRequest(scene.bot, { ...target(scene), addLabels: ['a', 'b'] });
    const { labels } = await updateMergeRequest(scene.bot, { ...target(scene), removeLabels: ['a', 'none'] });
    expect(labels).toEqual(['b']);
  });

  test('that GitLab leaves out without a word are told', async () => {
    const scene = await startScene();
    const { api, as, bot } = scene;
    // Authors change their merge requests whatever their role, but set no labels.
    api.project.members.set(api.users.owner.id, 20);
    const author = as({ kind: 'private', value: api.tokens.owner });
    expect(await convergeLabels(author, target(scene), ['risky'])).toEqual({ added: [], refused: ['risky'] });
    expect((await getMergeRequest(bot, target(scene))).labels).toEqual([]);
  });

  test.each(['a,b', '', ' '])('that would be read as two or none are not sent: "%s"', async (name) => {
    const scene = await startScene();
    await expect(convergeLabels(scene.bot, target(scene), [name])).rejects.toThrow('is no name of a label');
  });
});
