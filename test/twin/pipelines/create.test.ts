import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { protectBranch } from '../../../components/twin/world/seed.ts';
import { makePlace, ofMergeRequest } from './harness.ts';

const plain = {
  '.gitlab-ci.yml': 'build: {stage: build, script: run}\ntest: {script: run, tags: [docker]}\n',
};
const given = (key: string, value: string) => ({ key, value, variableType: 'env_var' as const });
const refused = (message: string) => ({ ok: false, filtered: false, messages: [message] });

describe('what is in the world afterwards', () => {
  test('a pipeline and its jobs, in the order of the stages, not started', async () => {
    const place = makePlace();
    const project = await place.project({
      '.gitlab-ci.yml': 'late: {stage: deploy, script: run}\nearly: {stage: build, script: run}\n',
    });
    const created = await place.factory.create(await place.request(project));
    if (!created.ok) throw new Error(created.messages.join());
    const { pipeline, stages } = created.planned;
    expect(place.world.pipelines.get(1)).toBe(pipeline);
    expect(pipeline).toMatchObject({ id: 1, iid: 1, status: 'created', protectedRef: true, tag: false });
    expect(pipeline.jobs.map(({ id, name, status }) => [id, name, status])).toEqual([
      [1, 'early', 'created'],
      [2, 'late', 'created'],
    ]);
    expect(place.world.jobs.get(2)).toBe(pipeline.jobs[1]);
    expect(stages).toEqual(['.pre', 'build', 'test', 'deploy', '.post']);
  });

  test('numbers of a project count for themselves, those of pipelines for all', async () => {
    const place = makePlace();
    const one = await place.project(plain);
    const other = await place.project(plain, { path: 'acme/other' });
    for (const project of [one, one, other]) await place.factory.create(await place.request(project));
    const numbers = [...place.world.pipelines.values()].map(({ id, iid, projectId }) => [id, iid, projectId]);
    expect(numbers).toEqual([
      [1, 1, one.id],
      [2, 2, one.id],
      [3, 1, other.id],
    ]);
  });

  test('of a broken configuration a failed pipeline, unless somebody asked and is told', async () => {
    const place = makePlace();
    const project = await place.project({ '.gitlab-ci.yml': 'a: {stage: nowhere, script: run}\n' });
    const message =
      'a job: chosen stage nowhere does not exist; available stages are .pre, build, test, deploy, .post';
    const pushed = await place.factory.create(await place.request(project));
    expect(pushed).toMatchObject({
      ...refused(message),
      failedPipeline: { status: 'failed', yamlErrors: message },
    });
    const asked = await place.factory.create(await place.request(project, { source: 'api' }));
    expect(asked).toEqual(refused(message));
    expect(place.world.pipelines.size).toBe(1);
  });
});

describe('who may create a pipeline', () => {
  test('a developer may, a reporter may not', async () => {
    const place = makePlace();
    const project = await place.project(plain);
    const bob = place.user('bob');
    await place.commit(project, 'feature', { 'a.txt': 'a' });
    place.member(project, bob, 'reporter');
    const request = await place.request(project, { user: bob, ref: 'feature' });
    expect(await place.factory.create(request)).toEqual(
      refused('Insufficient permissions to create a new pipeline'),
    );
    place.member(project, bob, 'developer');
    expect(await place.factory.create(request)).toMatchObject({ ok: true });
  });

  test('who may neither push to a protected branch nor merge into it runs nothing on it', async () => {
    const place = makePlace();
    const project = await place.project(plain);
    const bob = place.user('bob');
    place.member(project, bob, 'developer');
    const request = await place.request(project, { user: bob });
    expect(await place.factory.create(request)).toEqual(
      refused(
        "You do not have sufficient permission to run a pipeline on 'main'. Please select a different branch or contact your administrator for assistance.",
      ),
    );
    project.protectedBranches.length = 0;
    protectBranch(place.world, project, 'main', { merge: 'developer' });
    expect(await place.factory.create(request)).toMatchObject({ ok: true });
  });

  test('variables need the role the project asks for, but not those of a schedule', async () => {
    const place = makePlace();
    const project = await place.project(plain);
    project.settings.ci_pipeline_variables_minimum_override_role = 'no_one_allowed';
    const variables = [given('A', '1')];
    const create = async (source: 'api' | 'trigger' | 'schedule') =>
      place.factory.create(await place.request(project, { source, variables }));
    const message = 'Insufficient permissions to set pipeline variables';
    expect(await create('api')).toEqual(refused(message));
    expect(await create('trigger')).toEqual(refused(message));
    expect(await create('schedule')).toMatchObject({ ok: true });
    project.settings.ci_pipeline_variables_minimum_override_role = 'owner';
    expect(await create('api')).toMatchObject({ ok: true });
  });

  test('a variable is given once', async () => {
    const place = makePlace();
    const project = await place.project(plain);
    const variables = [given('A', '1'), given('A', '2')];
    const created = await place.factory.create(await place.request(project, { source: 'api', variables }));
    expect(created).toEqual(refused('Duplicate variable name: A'));
  });

  test('a member of the parent may run the merge request of a fork there', async () => {
    const place = makePlace();
    const files = { '.gitlab-ci.yml': 'workflow: {rules: [{when: always}]}\njob: {script: run}\n' };
    const parent = await place.project(files);
    const bob = place.user('bob');
    const fork = await place.project(files, { path: 'bob/app', creatorId: bob.id });
    await place.commit(fork, 'feature', { 'a.txt': 'a' });
    const mergeRequest = await place.mergeRequest(fork, 'feature', {}, parent);
    const asBob = await place.request(parent, { user: bob, ...ofMergeRequest(mergeRequest) });
    expect(await place.factory.create(asBob)).toEqual(
      refused('Insufficient permissions to create a new pipeline'),
    );
    const created = await place.factory.create({ ...asBob, user: place.alice });
    expect(created).toMatchObject({ ok: true, planned: { pipeline: { projectId: parent.id } } });
  });
});

describe('references', () => {
  test('a name of both a branch and a tag is ambiguous, and its long form is not', async () => {
    const place = makePlace();
    const project = await place.project(plain);
    const sha = (await place.repositories.resolve(project, 'main')) ?? '';
    await place.repositories.updateRef(project, 'refs/tags/main', sha, undefined);
    expect(await place.factory.create(await place.request(project))).toEqual(refused('Ref is ambiguous'));
    const tag = await place.factory.create({ ...(await place.request(project)), ref: 'refs/tags/main', sha });
    expect(tag).toMatchObject({ ok: true, planned: { pipeline: { ref: 'main', tag: true } } });
  });

  test('of a name that is none there is no pipeline', async () => {
    const place = makePlace();
    const project = await place.project(plain);
    const request = await place.request(project, { sha: '0'.repeat(40) });
    expect(await place.factory.create({ ...request, ref: 'nowhere' })).toEqual(
      refused('Reference not found'),
    );
  });
});

describe('includes', () => {
  const including = {
    '.gitlab-ci.yml': 'include: [{project: acme/private, file: ci.yml}]\nown: {script: run}\n',
  };

  test('those of a private project are for its reporters', async () => {
    const place = makePlace();
    const project = await place.project(including);
    const hidden = await place.project({ 'ci.yml': 'shared: {script: run}\n' }, { path: 'acme/private' });
    const bob = place.user('bob');
    place.member(project, bob, 'owner');
    place.member(hidden, bob, 'guest');
    const request = await place.request(project, { user: bob, source: 'api' });
    const created = await place.factory.create(request);
    expect(created.ok ? '' : created.messages[0]).toContain(
      'Project `acme/private` not found or access denied!',
    );
    place.member(hidden, bob, 'reporter');
    expect(await place.factory.create(request)).toMatchObject({
      ok: true,
      planned: { pipeline: { jobs: [{ name: 'shared' }, { name: 'own' }] } },
    });
  });

  test('another configuration can be given, which includes files of the project', async () => {
    const place = makePlace();
    const project = await place.project({ ...plain, 'child.yml': 'child: {script: run}\n' });
    const config = { text: 'include: child.yml\nmore: {script: run}\n' };
    const created = await place.factory.create(await place.request(project, { source: 'api', config }));
    expect(created.ok && [...created.planned.specs.keys()]).toEqual(['child', 'more']);
  });
});

test('what is not as on GitLab is said', async () => {
  const place = makePlace();
  const jobs = {
    job: { script: 'run', image: 'alpine', retry: 2, only: { changes: ['a'] } },
    other: {
      script: 'run',
      rules: [{ when: 'always', exists: { paths: ['a'], project: 'acme/x' } }, { when: 'always' }],
    },
  };
  const project = await place.project({ '.gitlab-ci.yml': JSON.stringify(jobs) });
  const created = await place.factory.create(await place.request(project));
  expect(created.ok && created.planned.notes).toEqual([
    'image: the job runs on this machine, with its programs (job)',
    'rules:exists:project: files are looked for in this project (other)',
    'only:changes: is not evaluated (job)',
  ]);
});

test('somebody can look at what a pipeline is made from', async () => {
  const seen: unknown[] = [];
  const place = makePlace({
    look: ({ project }, { file, ok }) => void seen.push([project.path, file?.path, ok]),
  });
  const project = await place.project(plain);
  await place.factory.create(await place.request(project));
  expect(seen).toEqual([['acme/app', '.gitlab-ci.yml', true]]);
});

const schemaFile = join(import.meta.dirname, '../../../../shared/data/gitlab/ci.schema.json');

test("what GitLab's schema refuses is refused", async ({ skip }) => {
  if (!existsSync(schemaFile)) return skip("GitLab's ci.schema.json is not at hand");
  const place = makePlace({ schemaFile });
  const project = await place.project({ '.gitlab-ci.yml': 'job: {script: run, retry: 7}\n' });
  const created = await place.factory.create(await place.request(project, { source: 'api' }));
  expect(created.ok ? '' : created.messages[0]).toMatch(/^job\.retry: /);
});
