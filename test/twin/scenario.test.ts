import { expect, test } from 'vitest';
import { startTestTwin } from './harness.ts';

test('a branch, a merge request, its pipeline, and one more push', async () => {
  const { addProject, push, newest, job, api, world, journal } = await startTestTwin();
  await addProject('acme/shop', {
    '.gitlab-ci.yml': [
      'check:',
      '  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]',
      '  script: ["echo of $CI_MERGE_REQUEST_IID", "test -f good"]',
      '',
    ].join('\n'),
  });
  await push('acme/shop', 'feature', { bad: 'x' });
  expect(world.pipelines.size).toBe(0);
  const merge = await api('POST', '/projects/acme%2Fshop/merge_requests', {
    json: { source_branch: 'feature', target_branch: 'main', title: 'A feature' },
  });
  expect(merge).toMatchObject({ iid: 1, state: 'opened' });
  const red = await newest('acme/shop');
  expect(red).toMatchObject({ status: 'failed', source: 'merge_request_event' });
  expect(job(red, 'check')).toMatchObject({ status: 'failed', exitCode: 1 });
  expect(job(red, 'check').trace).toContain('of 1');
  await push('acme/shop', 'feature', { good: 'x' });
  expect(await newest('acme/shop')).toMatchObject({ status: 'success' });
  journal.assertExpected([
    { request: 'POST /projects/:id/repository/commits', times: 2, status: 201 },
    { request: 'POST /projects/:id/merge_requests', status: 201, actor: 'local' },
  ]);
});
