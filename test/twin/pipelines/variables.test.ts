import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlannedPipeline } from '../../../components/twin/pipelines/types.ts';
import type { PipelineRequest } from '../../../components/twin/ports.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { addVariable, protectBranch } from '../../../components/twin/world/seed.ts';
import { makePlace, ofMergeRequest, type Place } from './harness.ts';

const given = (key: string, value: string) => ({ key, value, variableType: 'env_var' as const });

async function plan(place: Place, project: Project, more: Partial<PipelineRequest> = {}) {
  const created = await place.factory.create(await place.request(project, more));
  if (!created.ok) throw new Error(created.messages.join('\n'));
  return created.planned;
}

/** The variables of a job's first attempt, by name. */
async function variablesOf(
  place: Place,
  planned: PlannedPipeline,
  name = 'job',
  dotenv: { key: string; value: string }[] = [],
) {
  const job = planned.pipeline.jobs.find((one) => one.name === name);
  const spec = planned.specs.get(name);
  if (job === undefined || spec === undefined) throw new Error(`no job ${name}`);
  const attempt = { dotenv, token: 'glcbt-64_0123456789', idTokens: { ID: 'eyJ' } };
  const variables = await place.factory.variables(planned, spec, job, attempt);
  return Object.fromEntries(variables.map((variable) => [variable.key, variable]));
}

/** From the lowest precedence. */
const places = ['top', 'workflow', 'job', 'rule', 'dotenv', 'project', 'pipeline', 'play'] as const;

describe('precedence', () => {
  test('whatever sets a variable, the place of the highest precedence wins', {
    timeout: 60_000,
  }, async () => {
    const sets = fc.uniqueArray(fc.constantFrom(...places), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(sets, async (chosen) => {
        const has = (one: (typeof places)[number]) => (chosen.includes(one) ? { X: one } : {});
        const place = makePlace();
        const config = {
          variables: has('top'),
          workflow: { rules: [{ when: 'always', variables: has('workflow') }] },
          job: {
            script: ['run'],
            variables: has('job'),
            rules: [{ when: 'always', variables: has('rule') }],
          },
        };
        const project = await place.project({ '.gitlab-ci.yml': JSON.stringify(config) });
        if (chosen.includes('project')) addVariable(project, { key: 'X', value: 'project' });
        const variables = chosen.includes('pipeline') ? [given('X', 'pipeline')] : [];
        const planned = await plan(place, project, { source: 'api', variables });
        const job = planned.pipeline.jobs[0];
        if (job !== undefined && chosen.includes('play')) job.playVariables = [given('X', 'play')];
        const dotenv = chosen.includes('dotenv') ? [{ key: 'X', value: 'dotenv' }] : [];
        const found = await variablesOf(place, planned, 'job', dotenv);
        expect(found.X?.value).toBe(places.findLast((one) => chosen.includes(one)));
      }),
      { numRuns: 20 },
    );
  });

  test('the configuration may change what is predefined, but not who the user is', async () => {
    const place = makePlace();
    const text = 'variables: {CI_COMMIT_TITLE: mine, GITLAB_USER_LOGIN: root}\njob: {script: run}\n';
    const planned = await plan(place, await place.project({ '.gitlab-ci.yml': text }));
    const found = await variablesOf(place, planned);
    expect([found.CI_COMMIT_TITLE?.value, found.GITLAB_USER_LOGIN?.value]).toEqual(['mine', 'alice']);
  });

  test('a job takes of the whole what it inherits', async () => {
    const place = makePlace();
    const text = 'variables: {A: a, B: b}\njob: {script: run, inherit: {variables: [B]}}\n';
    const found = await variablesOf(
      place,
      await plan(place, await place.project({ '.gitlab-ci.yml': text })),
    );
    expect([found.A, found.B?.value]).toEqual([undefined, 'b']);
  });
});

describe("variables of the project's settings", () => {
  const text = 'job: {script: run}\ndeploy: {script: run, environment: review/one}\n';

  test('the scope that fits an environment best wins', async () => {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': text });
    for (const environmentScope of ['review/*', '*', 'review/one', 'other']) {
      addVariable(project, { key: 'WHERE', value: environmentScope, environmentScope });
    }
    const planned = await plan(place, project);
    expect((await variablesOf(place, planned)).WHERE?.value).toBe('*');
    expect((await variablesOf(place, planned, 'deploy')).WHERE?.value).toBe('review/one');
  });

  test('files, masks and raw values are what the settings say', async () => {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': text });
    addVariable(project, { key: 'FILE', value: 'content', variableType: 'file' });
    addVariable(project, { key: 'SECRET', value: 'hidden-value', masked: true });
    addVariable(project, { key: 'RAW', value: '$FILE', raw: true });
    const found = await variablesOf(place, await plan(place, project));
    expect(found.FILE).toMatchObject({
      key: 'FILE',
      value: 'content',
      file: true,
      masked: false,
      raw: false,
    });
    expect([found.SECRET?.masked, found.RAW?.value, found.RAW?.raw]).toEqual([true, '$FILE', true]);
    expect([found.CI_JOB_TOKEN?.masked, found.ID?.masked, found.CI_REPOSITORY_URL?.masked]).toEqual([
      true,
      true,
      true,
    ]);
  });

  test('protected ones are for protected references', async () => {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': text });
    addVariable(project, { key: 'KEY', value: 'k', protected: true });
    await place.commit(project, 'feature', { 'a.txt': 'a' });
    const main = await variablesOf(place, await plan(place, project));
    const feature = await variablesOf(place, await plan(place, project, { ref: 'feature' }));
    expect([main.KEY?.value, main.CI_COMMIT_REF_PROTECTED?.value]).toEqual(['k', 'true']);
    expect([feature.KEY, feature.CI_COMMIT_REF_PROTECTED?.value]).toEqual([undefined, 'false']);
  });
});

describe('merge requests', () => {
  const text = 'workflow: {rules: [{when: always}]}\njob: {script: run}\n';

  async function protectedOf(protect: boolean, setting: boolean): Promise<unknown> {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': text });
    project.settings.protect_merge_request_pipelines = setting;
    addVariable(project, { key: 'KEY', value: 'k', protected: true });
    await place.commit(project, 'feature', { 'a.txt': 'a' });
    if (protect) protectBranch(place.world, project, 'feature');
    const mergeRequest = await place.mergeRequest(project, 'feature');
    const planned = await plan(place, project, ofMergeRequest(mergeRequest));
    return (await variablesOf(place, planned)).KEY?.value;
  }

  test('protected variables are seen where both branches are protected and the project lets them', async () => {
    expect(await protectedOf(true, true)).toBe('k');
    expect(await protectedOf(false, true)).toBeUndefined();
    expect(await protectedOf(true, false)).toBeUndefined();
  });

  test('a fork runs with its own variables, and knows both projects', async () => {
    const place = makePlace();
    const parent = await place.project({ '.gitlab-ci.yml': text });
    addVariable(parent, { key: 'PARENT', value: 'secret' });
    const bob = place.user('bob');
    const fork = await place.project({ '.gitlab-ci.yml': text }, { path: 'bob/app', creatorId: bob.id });
    addVariable(fork, { key: 'FORK', value: 'own' });
    await place.commit(fork, 'feature', { 'a.txt': 'a' });
    const mergeRequest = await place.mergeRequest(fork, 'feature', { labels: ['a', 'b'] }, parent);
    const planned = await plan(place, fork, { user: bob, ...ofMergeRequest(mergeRequest) });
    const found = await variablesOf(place, planned);
    const value = (name: string) => found[name]?.value;
    expect([found.PARENT, value('FORK')]).toEqual([undefined, 'own']);
    expect(found.CI_COMMIT_BRANCH).toBeUndefined();
    expect({
      project: value('CI_PROJECT_PATH'),
      target: value('CI_MERGE_REQUEST_PROJECT_PATH'),
      source: value('CI_MERGE_REQUEST_SOURCE_PROJECT_ID'),
      branch: value('CI_COMMIT_REF_NAME'),
      base: value('CI_MERGE_REQUEST_DIFF_BASE_SHA'),
      head: value('CI_MERGE_REQUEST_SOURCE_BRANCH_SHA'),
      labels: value('CI_MERGE_REQUEST_LABELS'),
      open: value('CI_OPEN_MERGE_REQUESTS'),
    }).toEqual({
      ...{ project: 'bob/app', target: 'acme/app', source: String(fork.id), branch: 'feature' },
      ...{ base: mergeRequest.versions[0]?.baseSha, head: '', labels: 'a,b', open: 'acme/app!1' },
    });
  });

  test('a title is a value, not a text to be expanded', async () => {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': text });
    await place.commit(project, 'feature', { 'a.txt': 'a' });
    const title = 'Use $CI_JOB_TOKEN and $$ "here"\n';
    const mergeRequest = await place.mergeRequest(project, 'feature', { title });
    const found = await variablesOf(place, await plan(place, project, ofMergeRequest(mergeRequest)));
    expect(found.CI_MERGE_REQUEST_TITLE?.value).toBe(title);
  });
});

test('what is predefined comes from the state of the world', async () => {
  const place = makePlace({ version: '19.3.0' });
  const text = 'job: {script: run, parallel: 2, environment: production, timeout: 90 minutes}\n';
  const project = await place.project(
    { '.gitlab-ci.yml': text },
    { path: 'acme/tools/app', name: 'The App' },
  );
  const planned = await plan(place, project);
  const job = planned.pipeline.jobs[1];
  if (job !== undefined) job.startedAt = '2026-11-21T03:31:16.123Z';
  const found = await variablesOf(place, planned, 'job 2/2');
  const shown = Object.fromEntries(Object.values(found).map(({ key, value }) => [key, value]));
  expect(shown).toMatchObject({
    CI_PIPELINE_ID: '1',
    CI_PIPELINE_IID: '1',
    CI_PIPELINE_URL: 'http://127.0.0.1:40001/acme/tools/app/-/pipelines/1',
    CI_PROJECT_ROOT_NAMESPACE: 'acme',
    CI_PROJECT_NAMESPACE: 'acme/tools',
    CI_PROJECT_TITLE: 'The App',
    CI_SERVER_PROTOCOL: 'http',
    CI_SERVER_PORT: '40001',
    CI_SERVER_FQDN: '127.0.0.1:40001',
    CI_SERVER_VERSION_MAJOR: '19',
    CI_API_V4_URL: 'http://127.0.0.1:40001/api/v4',
    CI_COMMIT_BRANCH: 'main',
    CI_COMMIT_AUTHOR: 'Alice A <alice@example.com>',
    CI_COMMIT_BEFORE_SHA: '0'.repeat(40),
    CI_JOB_NAME: 'job 2/2',
    CI_JOB_NAME_SLUG: 'job-2-2',
    CI_JOB_GROUP_NAME: 'job',
    CI_JOB_TIMEOUT: '5400',
    CI_JOB_STARTED_AT: '2026-11-21T03:31:16Z',
    CI_NODE_INDEX: '2',
    CI_NODE_TOTAL: '2',
    CI_ENVIRONMENT_NAME: 'production',
    CI_ENVIRONMENT_TIER: 'production',
    CI_REPOSITORY_URL: 'http://gitlab-ci-token:glcbt-64_0123456789@127.0.0.1:40001/acme/tools/app.git',
    CI_TRACESTATE: 'gitlab=pipeline:1;job:2',
  });
  expect(shown.CI_TRACEPARENT).toMatch(/^00-0{31}1-[0-9a-f]{16}-01$/);
  expect(
    ['CI_REGISTRY', 'CI_COMMIT_TAG', 'CI_DEPLOY_FREEZE', 'CI_JOB_MANUAL'].filter((name) => name in shown),
  ).toEqual([]);
});
