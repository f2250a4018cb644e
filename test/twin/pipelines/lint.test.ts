import { expect, test } from 'vitest';
import { makePlace } from './harness.ts';

async function lint(text: string, dryRun = false) {
  const place = makePlace();
  const project = await place.project({ 'more.yml': 'more: {script: run}\n' });
  const { sha, ref, user } = await place.request(project);
  const result = await place.factory.lint(project, { text, sha, ref, user, dryRun });
  return { ...result, pipelines: place.world.pipelines.size };
}

test('a valid configuration is given back as one, with its jobs', async () => {
  const result = await lint('include: more.yml\njob: {script: [a, b], when: manual, tags: [docker]}\n');
  expect(result).toMatchObject({ valid: true, errors: [], pipelines: 0 });
  expect(result.mergedYaml).toContain('more:');
  expect(result.jobs).toMatchObject([
    { name: 'more', stage: 'test', script: ['run'], when: 'on_success' },
    { name: 'job', script: ['a', 'b'], when: 'manual', allow_failure: true, tag_list: ['docker'] },
  ]);
});

test('every mistake is told', async () => {
  const result = await lint('a: {stage: nowhere, script: run}\nb: {script: run, needs: [nobody]}\n');
  expect(result).toMatchObject({ valid: false, jobs: [], mergedYaml: '' });
  expect(result.errors).toEqual([
    'a job: chosen stage nowhere does not exist; available stages are .pre, build, test, deploy, .post',
    'b job: undefined need: nobody',
  ]);
});

test('by itself it looks at no rules, as a pipeline it does', async () => {
  const text = 'a: {script: run, rules: [{if: $CI_COMMIT_TAG}]}\nb: {script: run}\n';
  expect((await lint(text)).jobs.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(await lint(text, true)).toMatchObject({ valid: true, jobs: [{ name: 'b' }], pipelines: 0 });
});

test('as a pipeline that rules want none of, it is not valid', async () => {
  const result = await lint('workflow: {rules: [{if: $CI_COMMIT_TAG}]}\njob: {script: run}\n', true);
  expect(result).toMatchObject({ valid: false, errors: ['Pipeline filtered out by workflow rules.'] });
});
