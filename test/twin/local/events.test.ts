import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commitAll, git } from '../../support/workspace.ts';
import { configure, makeProject, tryLocal } from './harness.ts';

const show = {
  script: [
    'env',
    'base=$CI_MERGE_REQUEST_DIFF_BASE_SHA',
    '[ -z "$base" ] || git diff --name-only "$base" HEAD | sed "s/^/differs=/"',
  ],
  // The base of a merge request lies further back than this history goes.
  variables: { GIT_DEPTH: '20' },
};
const onChange = (path: string) => ({ rules: [{ changes: [path] }], script: ['true'] });

function variablesOf(log: string): Record<string, string> {
  return Object.fromEntries(
    log.split('\n').flatMap((line) => [/^(\w+)=(.*)$/.exec(line)?.slice(1, 3) ?? []]),
  );
}

test('a push has the variables of a branch pipeline, of the server that the twin is', async () => {
  const folder = makeProject({ show, changed: onChange('nothing/*') });
  const head = git(folder, 'rev-parse', 'HEAD');
  const ran = await tryLocal(folder);
  const variables = variablesOf(await ran.log('show'));
  expect(variables).toMatchObject({
    ...{ CI: 'true', GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'push', CI_COMMIT_SHA: head },
    ...{ CI_COMMIT_BEFORE_SHA: '0'.repeat(40), CI_COMMIT_TITLE: 'files', CI_COMMIT_BRANCH: 'main' },
    ...{ CI_COMMIT_REF_NAME: 'main', CI_COMMIT_REF_SLUG: 'main', CI_COMMIT_REF_PROTECTED: 'true' },
    ...{ CI_DEFAULT_BRANCH: 'main', CI_PROJECT_PATH: 'acme/tools/app', CI_PROJECT_NAMESPACE: 'acme/tools' },
    ...{ CI_PROJECT_ROOT_NAMESPACE: 'acme', GITLAB_USER_LOGIN: 'local', CI_SERVER_HOST: '127.0.0.1' },
  });
  const url = `http://${variables.CI_SERVER_FQDN}`;
  expect(variables).toMatchObject({
    ...{ CI_SERVER_URL: url, CI_API_V4_URL: `${url}/api/v4` },
    CI_JOB_URL: expect.stringMatching(`^${url}/acme/tools/app/-/jobs/\\d+$`),
    CI_PIPELINE_URL: `${url}/acme/tools/app/-/pipelines/1`,
  });
  // A branch that was never pushed is a new one, and there all is changed.
  expect(ran.outcomes).toEqual({ show: 'success', changed: 'success' });
  expect(Object.keys(variables).filter((name) => name.startsWith('CI_MERGE_REQUEST'))).toEqual([]);
});

test('a push is compared with what was pushed before, uncommitted changes included', async () => {
  const folder = makeProject(
    { show, a: onChange('a.txt'), b: onChange('b.txt') },
    { 'a.txt': '1', 'b.txt': '1' },
  );
  const pushed = git(folder, 'rev-parse', 'HEAD');
  git(folder, 'update-ref', 'refs/remotes/origin/main', pushed);
  writeFileSync(join(folder, 'a.txt'), '2 $HOME');
  const ran = await tryLocal(folder);
  expect(ran.outcomes).toEqual({ show: 'success', a: 'success', b: 'not in this pipeline' });
  const variables = variablesOf(await ran.log('show'));
  expect(variables.CI_COMMIT_BEFORE_SHA).toBe(pushed);
  expect(variables.CI_COMMIT_SHA).not.toBe(pushed);
  // Nothing of this is left in the project.
  expect(git(folder, 'rev-parse', 'HEAD')).toBe(pushed);
  expect(git(folder, 'status', '--short')).toBe('M a.txt');
});

test('with nothing to push, the last commit is the push that is tried', async () => {
  const folder = makeProject({ a: onChange('a.txt'), b: onChange('b.txt') }, { 'a.txt': '1' });
  writeFileSync(join(folder, 'b.txt'), '1');
  git(folder, 'update-ref', 'refs/remotes/origin/main', commitAll(folder, 'second'));
  expect((await tryLocal(folder)).outcomes).toEqual({ a: 'not in this pipeline', b: 'success' });
});

test('a merge request has a detached pipeline, and its diff base is a commit its jobs have', async () => {
  const merging = { rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }] };
  const changed = (path: string) => ({ rules: [{ ...merging.rules[0], changes: [path] }], script: ['true'] });
  const folder = makeProject(
    { show: { ...show, ...merging }, a: changed('a.txt'), b: changed('b.txt') },
    { 'a.txt': '1' },
  );
  const base = git(folder, 'rev-parse', 'HEAD');
  git(folder, 'switch', '--quiet', '--create', 'feature/x');
  writeFileSync(join(folder, 'b.txt'), 'b');
  commitAll(folder);
  git(folder, 'switch', '--quiet', 'main');
  writeFileSync(join(folder, 'c.txt'), 'c');
  commitAll(folder);
  git(folder, 'switch', '--quiet', 'feature/x');
  const ran = await tryLocal(folder, { event: 'merge-request' });
  expect(ran.outcomes).toEqual({ show: 'success', b: 'success', a: 'not in this pipeline' });
  const variables = variablesOf(await ran.log('show'));
  expect(variables).toMatchObject({
    ...{ CI_PIPELINE_SOURCE: 'merge_request_event', CI_MERGE_REQUEST_EVENT_TYPE: 'detached' },
    ...{ CI_MERGE_REQUEST_IID: '1', CI_MERGE_REQUEST_DIFF_BASE_SHA: base, CI_COMMIT_REF_NAME: 'feature/x' },
    ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature/x', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
    ...{ CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/tools/app', CI_COMMIT_REF_SLUG: 'feature-x' },
    ...{ CI_OPEN_MERGE_REQUESTS: 'acme/tools/app!1', differs: 'b.txt' },
  });
  expect(variables).not.toHaveProperty('CI_COMMIT_BRANCH');
  expect(ran.steps.map(({ text }) => text)).toEqual(['acme/tools/app!1']);
});

test('a merge request into nothing is refused', async () => {
  const folder = makeProject({ show });
  const into = (targetBranch: string) => tryLocal(folder, { event: 'merge-request', targetBranch });
  await expect(into('nowhere')).rejects.toMatchObject({
    ...{ code: 'TWIN_NO_TARGET', message: expect.stringContaining('into "nowhere"') },
    fix: expect.stringContaining('--target-branch'),
  });
  git(folder, 'switch', '--quiet', '--orphan', 'alone');
  commitAll(folder, 'unrelated');
  await expect(into('main')).rejects.toThrow(/it shares no commit with this branch/);
});

test('a schedule takes everything as changed', async () => {
  const scheduled = { rules: [{ if: '$CI_PIPELINE_SOURCE == "schedule"' }], script: ['true'] };
  const folder = makeProject({ scheduled, changed: onChange('x') });
  const ran = await tryLocal(folder, { event: 'schedule' });
  expect(ran.outcomes).toEqual({ scheduled: 'success', changed: 'success' });
});

test.each([
  ['schedule', undefined],
  ['manual', 'see'],
] as const)('event %s is of what is checked out, under the name that was asked for', async (event, job) => {
  const folder = makeProject({ see: { script: ['false'] } });
  git(folder, 'checkout', '--quiet', '--detach');
  const when = event === 'manual' ? { when: 'manual' } : {};
  configure(folder, { see: { script: ['echo "ref=$CI_COMMIT_REF_NAME"'], ...when } });
  for (const [sourceBranch, ref] of [
    ['spring', 'spring'],
    [undefined, 'main'],
  ] as const) {
    const ran = await tryLocal(folder, { event, job, sourceBranch });
    expect(ran.outcomes).toEqual({ see: 'success' });
    expect(variablesOf(await ran.log('see')).ref).toBe(ref);
  }
});

test('playing a manual job runs it and what is before it', async () => {
  const folder = makeProject({
    stages: ['build', 'deploy'],
    build: { stage: 'build', script: ['echo built > b.txt'], artifacts: { paths: ['b.txt'] } },
    other: { stage: 'build', script: ['exit 1'] },
    deploy: {
      ...{ stage: 'deploy', when: 'manual', needs: ['build'] },
      script: ['cat b.txt', 'echo $CI_PIPELINE_SOURCE'],
    },
  });
  const ran = await tryLocal(folder, { event: 'manual', job: 'deploy' });
  // GitLab runs the jobs beside it, too.
  expect(ran.outcomes).toEqual({ build: 'success', other: 'failed', deploy: 'success' });
  expect(await ran.log('deploy')).toMatch(/built\n.*\nweb\n/);
  await expect(tryLocal(folder, { event: 'manual', job: 'build' })).rejects.toMatchObject({
    ...{ code: 'TWIN_NO_JOB', message: expect.stringMatching(/there is deploy$/) },
  });
});
