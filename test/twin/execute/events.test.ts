import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, git } from '../../support/workspace.ts';
import { makeProject, tryPipeline } from './harness.ts';

const show = {
  script: [
    'env',
    'base=$CI_MERGE_REQUEST_DIFF_BASE_SHA',
    '[ -z "$base" ] || git diff --name-only "$base" HEAD',
  ],
};
const onChange = (path: string) => ({ rules: [{ changes: [path] }], script: ['true'] });

function variablesOf(log: string): Record<string, string> {
  return Object.fromEntries(
    log.split('\n').flatMap((line) => [/^(\w+)=(.*)$/.exec(line)?.slice(1, 3) ?? []]),
  );
}

test('a push has the variables of a branch pipeline', async () => {
  const folder = makeProject({ 'a.txt': '1' });
  const head = git(folder, 'rev-parse', 'HEAD');
  const ran = await tryPipeline(folder, { show, changed: onChange('nothing/*') });
  expect(variablesOf(await ran.log('show'))).toMatchObject({
    ...{
      CI: 'true',
      GITLAB_CI: 'true',
      CI_PIPELINE_SOURCE: 'push',
      CI_COMMIT_SHA: head,
      CI_COMMIT_TITLE: 'files',
    },
    ...{ CI_COMMIT_BRANCH: 'main', CI_COMMIT_REF_NAME: 'main', CI_COMMIT_REF_SLUG: 'main' },
    ...{ CI_DEFAULT_BRANCH: 'main', CI_COMMIT_REF_PROTECTED: 'true', CI_PROJECT_PATH: 'acme/tools/app' },
    ...{
      CI_PROJECT_NAMESPACE: 'acme/tools',
      CI_PROJECT_ROOT_NAMESPACE: 'acme',
      CI_SERVER_FQDN: 'gitlab.local',
    },
    CI_API_V4_URL: 'https://gitlab.local/api/v4',
    CI_JOB_URL: expect.stringMatching(/^https:\/\/gitlab\.local\/acme\/tools\/app\/-\/jobs\/\d+$/),
    CI_PIPELINE_URL: 'https://gitlab.local/acme/tools/app/-/pipelines/1',
  });
  // A branch that was never pushed is a new one, and there all is changed.
  expect(ran.outcomes).toEqual({ show: 'success', changed: 'success' });
  expect(await ran.log('show')).not.toMatch(/^CI_MERGE_REQUEST/m);
});

test('a push is compared with what was pushed before, uncommitted changes included', async () => {
  const folder = makeProject({ 'a.txt': '1', 'b.txt': '1' });
  const pushed = git(folder, 'rev-parse', 'HEAD');
  git(folder, 'update-ref', 'refs/remotes/origin/main', pushed);
  writeFileSync(join(folder, 'a.txt'), '2 $HOME');
  const ran = await tryPipeline(folder, { show, a: onChange('a.txt'), b: onChange('b.txt') });
  expect(ran.outcomes).toEqual({ show: 'success', a: 'success', b: 'not in this pipeline' });
  const variables = variablesOf(await ran.log('show'));
  expect(variables.CI_COMMIT_BEFORE_SHA).toBe(pushed);
  expect(variables.CI_COMMIT_SHA).not.toBe(pushed);
  expect(ran.notes[0]).toMatch(/^uncommitted changes/);
  // Nothing of this is left in the project.
  expect(git(folder, 'rev-parse', 'HEAD')).toBe(pushed);
  expect(git(folder, 'status', '--short')).toBe('M a.txt');
});

test('a merge request has a detached pipeline, and its diff base is a commit its jobs have', async () => {
  const folder = makeProject({ 'a.txt': '1' });
  const base = git(folder, 'rev-parse', 'HEAD');
  git(folder, 'switch', '--quiet', '--create', 'feature/x');
  writeFileSync(join(folder, 'b.txt'), 'b');
  commitAll(folder);
  git(folder, 'switch', '--quiet', 'main');
  writeFileSync(join(folder, 'c.txt'), 'c');
  commitAll(folder);
  git(folder, 'switch', '--quiet', 'feature/x');
  const config = { show, a: onChange('a.txt'), b: onChange('b.txt') };
  const ran = await tryPipeline(folder, config, { event: 'merge-request' });
  expect(ran.outcomes).toEqual({ show: 'success', b: 'success', a: 'not in this pipeline' });
  const log = await ran.log('show');
  expect(variablesOf(log)).toMatchObject({
    ...{ CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_EVENT_TYPE: 'detached' },
    ...{ CI_MERGE_REQUEST_IID: '1', CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_COMMIT_REF_NAME: 'feature/x' },
    ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature/x', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
    ...{ CI_MERGE_REQUEST_TARGET_BRANCH_SHA: '', CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/tools/app' },
    ...{ CI_OPEN_MERGE_REQUESTS: 'acme/tools/app!1', CI_COMMIT_REF_SLUG: 'feature-x' },
  });
  expect(log).not.toMatch(/^CI_COMMIT_BRANCH=/m);
  expect(log.trimEnd().split('\n').at(-1)).toBe('b.txt');
});

test('a merge request into nothing is refused', async () => {
  const folder = makeProject({});
  const into = (target: string) => tryPipeline(folder, { show }, { event: 'merge-request', target });
  await expect(into('nowhere')).rejects.toMatchObject({ code: 'TWIN_NO_TARGET' });
  git(folder, 'switch', '--quiet', '--orphan', 'alone');
  commitAll(folder, 'unrelated');
  await expect(into('main')).rejects.toThrow(/it shares no commit with this branch/);
});

test('a schedule takes everything as changed', async () => {
  const folder = makeProject({});
  const scheduled = { rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }], script: ['true'] };
  const ran = await tryPipeline(folder, { scheduled, changed: onChange('x') }, { event: 'schedule' });
  expect(ran.outcomes).toEqual({ scheduled: 'success', changed: 'success' });
});

test('playing a manual job runs it and what it waits for', async () => {
  const folder = makeProject({});
  const config = {
    stages: ['build', 'deploy'],
    build: { stage: 'build', script: ['echo built > b.txt'], artifacts: { paths: ['b.txt'] } },
    other: { stage: 'build', script: ['exit 1'] },
    deploy: {
      stage: 'deploy',
      when: 'manual',
      needs: ['build'],
      script: ['cat b.txt', 'echo $CI_PIPELINE_SOURCE'],
    },
  };
  const ran = await tryPipeline(folder, config, { event: 'manual', job: 'deploy' });
  expect(ran.outcomes).toEqual({ build: 'success', other: 'skipped', deploy: 'success' });
  expect(await ran.log('deploy')).toMatch(/built\n.*\nweb\n/);
  const missing = tryPipeline(folder, config, { event: 'manual', job: 'build' });
  await expect(missing).rejects.toMatchObject({
    code: 'TWIN_NO_JOB',
    message: expect.stringContaining('it has deploy'),
  });
});
