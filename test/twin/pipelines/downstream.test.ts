import { describe, expect, test } from 'vitest';
import type { PlannedPipeline } from '../../../components/twin/pipelines/types.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { type Files, makePlace, ofMergeRequest, type Place } from './harness.ts';

const given = (key: string, value: string) => ({ key, value, variableType: 'env_var' as const });

async function plan(place: Place, project: Project, more = {}): Promise<PlannedPipeline> {
  const created = await place.factory.create(await place.request(project, { source: 'api', ...more }));
  if (!created.ok) throw new Error(created.messages.join());
  return created.planned;
}

function ask(place: Place, planned: PlannedPipeline, name = 'go', dotenv?: { key: string; value: string }[]) {
  const [job, spec] = [planned.pipeline.jobs.find((one) => one.name === name), planned.specs.get(name)];
  if (job === undefined || spec === undefined) throw new Error(`no job ${name}`);
  return place.factory.downstream(planned, spec, job, dotenv);
}

/** A project whose job `go` has this trigger. */
async function triggering(trigger: unknown, more: object = {}, artifacts: Files = {}) {
  const place = makePlace({ artifacts });
  const config = { go: { trigger, variables: { OWN: 'o', TEXT: '$OWN-$CI_PROJECT_PATH' } }, ...more };
  const files = { '.gitlab-ci.yml': JSON.stringify(config), 'child.yml': 'child: {script: run}\n' };
  return { place, project: await place.project(files) };
}

describe('pipelines of other projects', () => {
  test('run on the default branch, with the variables of the configuration', async () => {
    const { place, project } = await triggering('acme/other', { variables: { TOP: 't' } });
    const other = await place.project({ '.gitlab-ci.yml': 'job: {script: run}\n' }, { path: 'acme/other' });
    const planned = await plan(place, project, { variables: [given('GIVEN', 'g')] });
    const asked = await ask(place, planned, 'go', [{ key: 'DOTENV', value: 'd' }]);
    expect(asked).toMatchObject({
      ok: true,
      request: {
        ...{ project: other, ref: 'main', source: 'pipeline', user: place.alice, upstreamJobId: 1 },
        variables: [given('TOP', 't'), given('OWN', 'o'), given('TEXT', 'o-acme/app'), given('DOTENV', 'd')],
      },
    });
    if (asked.ok) expect(await place.factory.create(asked.request)).toMatchObject({ ok: true });
  });

  test('forward chooses which variables go along', async () => {
    const forward = { yaml_variables: false, pipeline_variables: true };
    const { place, project } = await triggering({ project: '$WHERE', branch: 'next', forward });
    const other = await place.project({ '.gitlab-ci.yml': 'job: {script: run}\n' }, { path: 'acme/other' });
    await place.commit(other, 'next', { 'a.txt': 'a' });
    const variables = [given('WHERE', 'acme/other')];
    const asked = await ask(place, await plan(place, project, { variables }));
    expect(asked).toMatchObject({ ok: true, request: { ref: 'next', variables } });
  });

  test('fail for the reason GitLab names', async () => {
    const reasonOf = async (trigger: unknown, prepare: (place: Place) => Promise<unknown>) => {
      const { place, project } = await triggering(trigger);
      await prepare(place);
      const bob = place.user('bob');
      place.member(project, bob, 'maintainer');
      const asked = await ask(place, await plan(place, project, { user: bob }));
      return asked.ok ? 'none' : asked.reason;
    };
    const other = (visibility: 'public' | 'private') => (place: Place) =>
      place.project({ '.gitlab-ci.yml': 'job: {script: run}\n' }, { path: 'acme/other', visibility });
    expect(await reasonOf('acme/nowhere', async () => undefined)).toBe('downstream_bridge_project_not_found');
    expect(await reasonOf('acme/other', other('private'))).toBe('downstream_bridge_project_not_found');
    expect(await reasonOf('acme/other', other('public'))).toBe('insufficient_bridge_permissions');
    expect(await reasonOf('acme/app', async () => undefined)).toBe('invalid_bridge_trigger');
  });
});

describe('child pipelines', () => {
  test('run on the commit of their parent, with the files it names', async () => {
    const { place, project } = await triggering(
      { include: [{ local: '$FILE' }] },
      { variables: { FILE: 'child.yml' } },
    );
    const planned = await plan(place, project);
    const asked = await ask(place, planned);
    if (!asked.ok) throw new Error(asked.message);
    const created = await place.factory.create(asked.request);
    expect(created).toMatchObject({
      ok: true,
      planned: {
        pipeline: {
          source: 'parent_pipeline',
          sha: planned.pipeline.sha,
          ref: 'main',
          jobs: [{ name: 'child' }],
        },
      },
    });
  });

  test('belong to the merge request of their parent', async () => {
    const { place, project } = await triggering(
      { include: 'child.yml' },
      { workflow: { rules: [{ when: 'always' }] } },
    );
    await place.commit(project, 'feature', { 'a.txt': 'a' });
    const mergeRequest = await place.mergeRequest(project, 'feature');
    const planned = await plan(place, project, ofMergeRequest(mergeRequest));
    const asked = await ask(place, planned);
    expect(asked).toMatchObject({
      ok: true,
      request: { ref: 'refs/merge-requests/1/head', mergeRequest: { projectId: project.id, iid: 1 } },
    });
  });

  test('can be written by a job, and take inputs', async () => {
    const text = 'spec: {inputs: {name: {}}}\n---\n"made $[[ inputs.name ]]": {script: run}\n';
    const include = [{ artifact: 'out/child.yml', job: 'make', inputs: { name: 'here' } }];
    const more = { make: { script: ['run'], stage: 'build' } };
    const { place, project } = await triggering({ include }, more, { 'make/out/child.yml': text });
    const asked = await ask(place, await plan(place, project));
    if (!asked.ok) throw new Error(asked.message);
    const created = await place.factory.create(asked.request);
    expect(created.ok && [...created.planned.specs.keys()]).toEqual(['made here']);
  });

  test('of which nothing was written there is none', async () => {
    const include = [{ artifact: 'out/child.yml', job: 'make' }];
    const { place, project } = await triggering({ include }, { make: { script: ['run'], stage: 'build' } });
    expect(await ask(place, await plan(place, project))).toMatchObject({
      ok: false,
      reason: 'downstream_pipeline_creation_failed',
    });
  });

  test('have children, who have none', async () => {
    const { place, project } = await triggering({ include: '.gitlab-ci.yml' });
    let planned = await plan(place, project);
    const reasons: string[] = [];
    for (let depth = 0; depth < 3; depth += 1) {
      const asked = await ask(place, planned);
      reasons.push(asked.ok ? 'created' : asked.reason);
      if (!asked.ok) break;
      const created = await place.factory.create(asked.request);
      if (created.ok) planned = created.planned;
    }
    expect(reasons).toEqual(['created', 'created', 'reached_max_descendant_pipelines_depth']);
  });
});
