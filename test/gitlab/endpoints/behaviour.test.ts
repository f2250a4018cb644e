import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { approve, getApprovals, unapprove } from '../../../components/gitlab/endpoints/approvals.ts';
import { downloadArtifact } from '../../../components/gitlab/endpoints/artifacts.ts';
import { createBranch, deleteBranch, getBranch } from '../../../components/gitlab/endpoints/branches.ts';
import { convergeMergeRequest } from '../../../components/gitlab/endpoints/converge-merge-request.ts';
import { createEnvironment, listEnvironments } from '../../../components/gitlab/endpoints/environments.ts';
import { downloadPackage, uploadPackage } from '../../../components/gitlab/endpoints/generic-packages.ts';
import { playJob } from '../../../components/gitlab/endpoints/jobs.ts';
import { ensureLabels, listLabels } from '../../../components/gitlab/endpoints/labels.ts';
import {
  getMergeRequest,
  listMergeRequests,
  mergeMergeRequest,
} from '../../../components/gitlab/endpoints/merge-requests.ts';
import { createPipeline } from '../../../components/gitlab/endpoints/pipelines.ts';
import { createRelease, listReleases } from '../../../components/gitlab/endpoints/releases.ts';
import { createSchedule } from '../../../components/gitlab/endpoints/schedules.ts';
import { listStatuses, setStatus } from '../../../components/gitlab/endpoints/statuses.ts';
import { runTrigger } from '../../../components/gitlab/endpoints/triggers.ts';
import { listVariableNames } from '../../../components/gitlab/endpoints/variables.ts';
import { connect, rejection, sendJson, serve } from '../harness.ts';
import { addTrigger } from './people.ts';
import { startScene } from './scene.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const after = { kind: 'after' } as const;

describe('statuses', () => {
  test('are set twice as well as once, each by its name', async () => {
    const { bot, project, api, pipeline } = await startScene();
    const status = { project, sha: pipeline.sha, name: 'review', pipelineId: pipeline.id } as const;
    await setStatus(bot, { ...status, state: 'running' });
    api.faults.add({ match: { method: 'POST' }, what: after });
    const last = await setStatus(bot, { ...status, state: 'success', description: 'all well' });
    const all = await Array.fromAsync(listStatuses(bot, { project, sha: pipeline.sha, name: 'review' }));
    expect(all).toEqual([last]);
    expect(last).toMatchObject({ status: 'success', pipelineId: pipeline.id, description: 'all well' });
  });

  test('that another sets at the same time (409) are set again', async () => {
    const answer = {
      id: 1,
      sha: 'a'.repeat(40),
      name: 'review',
      status: 'success',
      ref: 'main',
      pipeline_id: 7,
    };
    const server = await serve((_, response, count) =>
      count === 0 ? sendJson(response, 409, { message: '409 Conflict' }) : sendJson(response, 201, answer),
    );
    const { gitlab } = connect(server.origin);
    const status = { project: 1, sha: answer.sha, name: 'review', state: 'success' } as const;
    expect(await setStatus(gitlab, status)).toMatchObject({ id: 1, pipelineId: 7 });
    expect(server.seen).toHaveLength(2);
  });
});

describe('merge requests', () => {
  test('converge to one open between two branches, changed where it differs', async () => {
    const { bot, project, api, mergeRequest } = await startScene();
    const wanted = { project, sourceBranch: 'topic', targetBranch: 'main', title: 'Update' };
    expect(await convergeMergeRequest(bot, wanted)).toMatchObject({ iid: mergeRequest, title: 'Update' });
    api.journal.clear();
    await convergeMergeRequest(bot, wanted);
    expect(api.journal.entries.map(({ method }) => method)).toEqual(['GET']);
  });

  test('are opened once where the answer is lost', async () => {
    const { bot, project, api, head } = await startScene();
    await createBranch(bot, { project, branch: 'other', sha: head });
    api.faults.add({ match: { method: 'POST' }, what: after });
    const wanted = {
      project,
      sourceBranch: 'other',
      targetBranch: 'main',
      title: 'Other',
      labels: ['b', 'a'],
    };
    const opened = await convergeMergeRequest(bot, wanted);
    expect(await Array.fromAsync(listMergeRequests(bot, { project, sourceBranch: 'other' }))).toMatchObject([
      { iid: opened.iid, labels: expect.arrayContaining(['a', 'b']) },
    ]);
  });

  test('are merged at the very head that was looked at', async () => {
    const { asRole, project, mergeRequest, api, head } = await startScene();
    const maintainer = asRole('maintainer');
    const merge = { project, mergeRequest };
    expect(await rejection(mergeMergeRequest(maintainer, { ...merge, sha: api.sha }))).toMatchObject({
      code: 'GITLAB_REFUSED',
      cause: { status: 409 },
    });
    api.faults.add({ match: { method: 'PUT' }, what: after });
    expect(await mergeMergeRequest(maintainer, { ...merge, sha: head })).toMatchObject({ state: 'merged' });
    expect(await getMergeRequest(maintainer, merge)).toMatchObject({ state: 'merged', sha: head });
  });

  test('are approved and disapproved once, also where the answer is lost', async () => {
    const { bot, project, mergeRequest, api, head, botId } = await startScene();
    const target = { project, mergeRequest };
    expect((await rejection(approve(bot, { ...target, sha: api.sha }))).code).toBe('GITLAB_REFUSED');
    api.faults.add({ match: { method: 'POST' }, what: after });
    await approve(bot, { ...target, sha: head });
    expect(await getApprovals(bot, target)).toMatchObject({
      approved: true,
      approvedBy: [{ user: { id: botId } }],
    });
    api.faults.add({ match: { method: 'POST' }, what: after });
    await unapprove(bot, target);
    expect((await getApprovals(bot, target)).approvedBy).toEqual([]);
  });
});

describe('what has a name is created once where the answer is lost', () => {
  test('branches, labels, environments, releases', async () => {
    const { bot, project, api, head } = await startScene();
    const lose = () => api.faults.add({ match: { method: 'POST' }, what: after });
    lose();
    expect(await createBranch(bot, { project, branch: 'a/b', sha: head })).toMatchObject({ name: 'a/b' });
    lose();
    const label = { name: 'agent', color: '#ff0000' };
    expect(await ensureLabels(bot, { project }, [label])).toMatchObject([label]);
    expect(await ensureLabels(bot, { project }, [label])).toEqual([]);
    expect(await Array.fromAsync(listLabels(bot, { project }))).toHaveLength(1);
    lose();
    await createEnvironment(bot, { project, name: 'staging', tier: 'staging' });
    expect(await listEnvironments(bot, { project, name: 'staging' })).toMatchObject([{ tier: 'staging' }]);
    lose();
    await createRelease(bot, { project, tag: '2.0.0', ref: 'main', description: 'Second' });
    expect((await listReleases(bot, { project })).map(({ tagName }) => tagName).sort()).toEqual([
      '1.0.0',
      '2.0.0',
    ]);
  });

  test('and deleted once', async () => {
    const { bot, project, api } = await startScene();
    api.faults.add({ match: { method: 'DELETE' }, what: after });
    await deleteBranch(bot, { project, branch: 'topic' });
    expect((await rejection(getBranch(bot, { project, branch: 'topic' }))).code).toBe('GITLAB_NOT_FOUND');
  });
});

test('a manual job is started once where the answer is lost', async () => {
  const { bot, project, manual, api } = await startScene();
  api.faults.add({ match: { method: 'POST' }, what: after });
  expect(await playJob(bot, { project, job: manual.id })).toMatchObject({ id: manual.id, status: 'pending' });
  expect(api.asked.filter((asked) => asked.startsWith('play'))).toHaveLength(1);
  expect((await rejection(playJob(bot, { project, job: manual.id }))).code).toBe('GITLAB_REFUSED');
});

describe('what has no name is not created twice', () => {
  test('pipelines and schedules fail where the answer is lost', async () => {
    const { bot, project, api } = await startScene();
    const lose = () => api.faults.add({ match: { method: 'POST' }, what: after });
    lose();
    expect((await rejection(createPipeline(bot, { project, ref: 'topic' }))).code).toBe(
      'GITLAB_SERVER_ERROR',
    );
    expect(api.requests.filter(({ source }) => source === 'api')).toHaveLength(1);
    lose();
    const nightly = { project, description: 'Nightly', ref: 'topic', cron: '0 1 * * *' };
    expect((await rejection(createSchedule(bot, nightly))).code).toBe('GITLAB_SERVER_ERROR');
    expect(api.project.schedules.size).toBe(1);
  });
});

test('a package goes up and comes down the same', async () => {
  const { bot, asJob, project, context } = await startScene();
  const file = {
    project,
    name: 'pipewright',
    version: '1.0.0',
    fileName: 'a+b.bin',
  };
  const sent = await uploadPackage(bot, context, file, { source: { bytes: bytes('state') }, hidden: true });
  const target = { file: 'state.bin', maxBytes: 100, sha256: sent.sha256 };
  expect(await downloadPackage(asJob, context, file, target)).toEqual(sent);
  expect(readFileSync(join(context.cwd, 'state.bin'), 'utf8')).toBe('state');
  const wrong = downloadPackage(bot, context, file, { ...target, sha256: '0'.repeat(64) });
  expect((await rejection(wrong)).code).toBe('GITLAB_DIGEST');
});

test('one file out of the artifacts of a job', async () => {
  const { bot, project, job, context } = await startScene();
  const wanted = { project, job: job.id, artifact: 'out/a b.txt' };
  expect(await downloadArtifact(bot, context, wanted, { file: 'a.txt', maxBytes: 100 })).toMatchObject({
    bytes: 4,
  });
  expect(readFileSync(join(context.cwd, 'a.txt'), 'utf8')).toBe('made');
});

test('a trigger token travels in the body', async () => {
  const { as, api, project } = await startScene();
  const token = addTrigger(api);
  await runTrigger(as(undefined), { project, ref: 'topic', token, variables: { DEPTH: '3' } });
  expect(api.requests.filter(({ source }) => source === 'trigger')).toMatchObject([
    { ref: 'topic', variables: [{ key: 'DEPTH', value: '3' }, { key: 'TRIGGER_PAYLOAD' }] },
  ]);
  expect(JSON.stringify(api.journal.entries.map(({ path, query }) => [path, query]))).not.toContain(token);
});

test('values of variables are not in the result', async () => {
  const { asRole, project } = await startScene();
  const names = await Array.fromAsync(listVariableNames(asRole('maintainer'), { project }));
  expect(names).toEqual([
    { key: 'SECRET', protected: false, masked: false, hidden: false, raw: false, environmentScope: '*' },
  ]);
});
