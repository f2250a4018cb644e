import { expect, test } from 'vitest';
import { receivePush } from '../../components/twin/pushes.ts';
import { type Json, startScene } from './api/review-scene.ts';

const zeros = '0'.repeat(40);

test('a branch gets its pipeline, and who pushed is told where to open a merge request', async () => {
  const { push, asked, project, users, url } = await startScene();
  const { sha, messages } = await push('feature', { 'b.txt': 'b\n' });
  expect(asked).toMatchObject([{ project, ref: 'feature', sha, source: 'push', user: users.developer }]);
  expect(messages).toEqual([
    '',
    'To create a merge request for feature, visit:',
    `  ${url}/group/app/-/merge_requests/new?merge_request%5Bsource_branch%5D=feature`,
    '',
  ]);
});

test('a tag gets a pipeline of its own', async () => {
  const { push, asked, twin, project, users } = await startScene();
  const { sha } = await push('feature', { 'b.txt': 'b\n' }, { quiet: true });
  await twin.repositories.updateRef(project, 'refs/tags/1.0.0', sha, undefined);
  await receivePush(
    twin,
    project,
    { ref: 'refs/tags/1.0.0', before: zeros, after: sha, options: [] },
    users.developer,
  );
  expect(asked).toMatchObject([{ ref: '1.0.0', sha, source: 'push' }]);
});

test('a merge request gets the new commits, a note on them and a pipeline', async () => {
  const { open, push, as, asked, url } = await startScene();
  const { sha: first } = await open();
  const { sha, messages } = await push('feature', { 'b.txt': 'more\n' }, { message: 'more <b>' });
  expect(messages).toEqual([
    '',
    'View merge request for feature:',
    `  ${url}/group/app/-/merge_requests/1`,
    '',
  ]);
  expect(asked.slice(1)).toMatchObject([
    { ref: 'feature', sha, source: 'push' },
    { ref: 'refs/merge-requests/1/head', sha, source: 'merge_request_event' },
  ]);
  const [note] = (await as<Json[]>('reporter', 'GET', '/merge_requests/1/notes')).json;
  expect(note).toMatchObject({ system: true, author: { username: 'developer' } });
  expect(note?.body).toContain(`added 1 commit\n\n<ul><li>${sha.slice(0, 8)} - more &lt;b&gt;</li></ul>`);
  expect(note?.body).toContain(`start_sha=${first}`);
});

test('push options open a merge request', async () => {
  const { push, as, asked } = await startScene();
  const pushed = await push(
    'feature',
    { 'b.txt': 'b\n' },
    {
      message: 'Add b',
      options: [
        ...[
          'merge_request.create',
          'merge_request.target=main',
          String.raw`merge_request.description=Why.\n/label ~x`,
        ],
        ...['merge_request.label=bug', 'merge_request.draft', 'merge_request.assign=reporter'],
      ],
    },
  );
  expect(pushed.messages).toContain('View merge request for feature:');
  expect((await as('developer', 'GET', '/merge_requests/1')).json).toMatchObject({
    ...{ title: 'Draft: Add b', description: 'Why.', labels: ['bug'], assignees: [{ username: 'reporter' }] },
  });
  expect(asked.map(({ source }) => source)).toEqual(['push', 'merge_request_event']);
});

test('what push options ask for and cannot have is told, and the push stands', async () => {
  const { push, project } = await startScene();
  const { messages } = await push(
    'feature',
    { 'b.txt': 'b\n' },
    { options: ['merge_request.target=nowhere'] },
  );
  const said = "Error encountered with push options 'merge_request.target=nowhere': Target branch";
  expect(messages).toContain(`${said} group/app:nowhere does not exist`);
  const alone = await push('feature', { 'b.txt': 'c\n' }, { options: ['merge_request.title=x'] });
  expect(alone.messages.join('\n')).toContain('A merge_request.create push option is required');
  expect(project.mergeRequests.size).toBe(0);
});

test('variables of a push reach its pipelines', async () => {
  const { push, asked } = await startScene();
  await push(
    'feature',
    { 'b.txt': 'b\n' },
    { options: ['ci.variable="A=b=c"', 'ci.variable=D=e', 'ci.variable=bad'] },
  );
  expect(asked[0]?.variables).toEqual([
    { key: 'A', value: 'b=c', variableType: 'env_var' },
    { key: 'D', value: 'e', variableType: 'env_var' },
  ]);
});

test('ci.skip skips the pipeline of the branch, [skip ci] all', async () => {
  const { push, asked, world, open } = await startScene();
  await open();
  asked.length = 0;
  await push('feature', { 'b.txt': 'b\n' }, { options: ['ci.skip'] });
  expect(asked.map(({ source }) => source)).toEqual(['merge_request_event']);
  await push('feature', { 'b.txt': 'c\n' }, { message: 'quiet [skip ci]' });
  expect(asked).toHaveLength(1);
  const skipped = [...world.pipelines.values()].filter(({ status }) => status === 'skipped');
  expect(skipped.map(({ source, ref }) => `${source} ${ref}`)).toEqual([
    ...['push feature', 'push feature', 'merge_request_event refs/merge-requests/1/head'],
  ]);
});

test('a branch that goes away leaves its merge request open, with nothing to merge', async () => {
  const { open, as, twin, project, users, asked } = await startScene();
  const { sha } = await open();
  const head = String(sha);
  await twin.repositories.updateRef(project, 'refs/heads/feature', undefined, head);
  await receivePush(
    twin,
    project,
    { ref: 'refs/heads/feature', before: head, after: zeros, options: [] },
    users.developer,
  );
  expect((await as('developer', 'GET', '/merge_requests/1')).json).toMatchObject({
    ...{ state: 'opened', detailed_merge_status: 'commits_status' },
  });
  expect(asked).toHaveLength(1);
});

test('a merge request whose commits were pushed to its target is merged', async () => {
  const { open, as, twin, project, users } = await startScene();
  const head = String((await open()).sha);
  const before = await twin.repositories.resolve(project, 'refs/heads/main');
  await twin.repositories.updateRef(project, 'refs/heads/main', head, before);
  const push = { ref: 'refs/heads/main', before: before ?? '', after: head, options: [] };
  await receivePush(twin, project, push, users.owner);
  expect((await as('developer', 'GET', '/merge_requests/1')).json).toMatchObject({
    ...{ state: 'merged', merged_by: { username: 'owner' } },
  });
});
