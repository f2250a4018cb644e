import { describe, expect, test } from 'vitest';
import { commitOnto, type LeasedCommit } from '../../../components/gitlab/endpoints/commit-onto.ts';
import { createCommit, type FileAction, listCommits } from '../../../components/gitlab/endpoints/commits.ts';
import { readFile } from '../../../components/gitlab/endpoints/files.ts';
import type { GitLab } from '../../../components/gitlab/types.ts';
import { rejection } from '../harness.ts';
import { type Scene, startScene } from './scene.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const update = (text: string): FileAction => ({
  action: 'update',
  filePath: 'a b.txt',
  content: bytes(text),
});

function onTip({ project, head }: Scene, change: Partial<LeasedCommit> = {}): LeasedCommit {
  const message = 'Fix it\n\nPipewright-Proposal: 1';
  return {
    project,
    branch: 'topic',
    expected: head,
    start: 'tip',
    message,
    actions: [update('ours\n')],
    ...change,
  };
}

const push = (gitlab: GitLab, project: string, action: FileAction) =>
  createCommit(gitlab, {
    project,
    branch: 'topic',
    message: 'Theirs',
    actions: [action],
    found: async () => undefined,
  });

const textOf = async ({ bot, project }: Scene) =>
  new TextDecoder().decode(await readFile(bot, { project, file: 'a b.txt', ref: 'topic' }));

/** Somebody pushes in between: after the branch was looked at, before the commit comes. */
function pushingBefore(scene: Scene, action: FileAction): GitLab {
  const { bot, asRole, project } = scene;
  let pushed = false;
  const request: GitLab['request'] = async (asked) => {
    if (asked.method === 'POST' && !pushed) {
      pushed = true;
      await push(asRole('owner'), project, action);
    }
    return bot.request(asked);
  };
  return { ...bot, request };
}

describe('onto the tip of a branch', () => {
  test('the commit stands on the expected one', async () => {
    const scene = await startScene();
    const { bot, head } = scene;
    const outcome = await commitOnto(bot, onTip(scene));
    expect(outcome).toMatchObject({ kind: 'committed', commit: { parentIds: [head] } });
    expect(await textOf(scene)).toBe('ours\n');
  });

  test('nothing is written where the branch has moved on, or is gone', async () => {
    const scene = await startScene();
    const { bot, asRole, project } = scene;
    const theirs = await push(asRole('owner'), project, update('theirs\n'));
    expect(await commitOnto(bot, onTip(scene))).toEqual({ kind: 'stale', tip: theirs.id });
    expect(await commitOnto(bot, onTip(scene, { branch: 'none' }))).toEqual({
      kind: 'stale',
      tip: undefined,
    });
    expect(
      scene.api.journal.entries.filter(({ actor, method }) => actor?.username === 'bot' && method === 'POST'),
    ).toEqual([]);
  });

  test('a push in between is told', async () => {
    const scene = await startScene();
    const gitlab = pushingBefore(scene, { action: 'create', filePath: 'theirs.txt', content: bytes('x') });
    const outcome = await commitOnto(gitlab, onTip(scene));
    expect(outcome.kind).toBe('raced');
    expect(outcome.kind === 'raced' && outcome.tip).not.toBe(scene.head);
  });

  test('a push in between to the same file is kept', async () => {
    const scene = await startScene();
    const { head } = scene;
    const gitlab = pushingBefore(scene, update('theirs\n'));
    const careful = { ...update('ours\n'), lastCommitId: head };
    const refused = await rejection(commitOnto(gitlab, onTip(scene, { actions: [careful] })));
    expect(refused.code).toBe('GITLAB_REFUSED');
    expect(await textOf(scene)).toBe('theirs\n');
  });

  test('there is one commit where the answer is lost', async () => {
    const scene = await startScene();
    const { bot, api, project, head } = scene;
    api.faults.add({ match: { method: 'POST' }, what: { kind: 'after' } });
    const outcome = await commitOnto(bot, onTip(scene));
    const [last, before] = await Array.fromAsync(listCommits(bot, { project, ref: 'topic' }));
    expect(outcome).toEqual({ kind: 'committed', commit: last });
    expect(before?.id).toBe(head);
  });
});

describe('onto a new branch', () => {
  const anew = { branch: 'proposal/1', start: 'new branch' } as const;

  test('that begins at the expected commit', async () => {
    const scene = await startScene();
    const outcome = await commitOnto(scene.bot, onTip(scene, anew));
    expect(outcome).toMatchObject({ kind: 'committed', commit: { parentIds: [scene.head] } });
  });

  test('nothing is written where it is there already', async () => {
    const scene = await startScene();
    expect(await commitOnto(scene.bot, onTip(scene, { start: 'new branch' }))).toEqual({
      kind: 'stale',
      tip: scene.head,
    });
  });

  test('there is one commit where the answer is lost', async () => {
    const scene = await startScene();
    scene.api.faults.add({ match: { method: 'POST' }, what: { kind: 'cut', when: 'after' } });
    const outcome = await commitOnto(scene.bot, onTip(scene, anew));
    expect(outcome).toMatchObject({ kind: 'committed', commit: { parentIds: [scene.head] } });
  });
});
