import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { approve, getApprovals } from '../../../components/gitlab/endpoints/approvals.ts';
import { readArtifact, whyNoArtifact } from '../../../components/gitlab/endpoints/artifacts.ts';
import { listProtectedBranches } from '../../../components/gitlab/endpoints/branches.ts';
import { listTree, readFile } from '../../../components/gitlab/endpoints/files.ts';
import { getJob } from '../../../components/gitlab/endpoints/jobs.ts';
import { getMember } from '../../../components/gitlab/endpoints/members.ts';
import { listMergeRequestPipelines } from '../../../components/gitlab/endpoints/merge-requests.ts';
import { getPipeline, listPipelines } from '../../../components/gitlab/endpoints/pipelines.ts';
import { listTriggers } from '../../../components/gitlab/endpoints/triggers.ts';
import { addPipeline, type CiProject, storeArtifacts } from '../../twin/api/ci-project.ts';
import { addProject } from '../../twin/server/harness.ts';
import { rejection } from '../harness.ts';
import { addTrigger } from './people.ts';
import { startScene } from './scene.ts';

// What a trusted project asks of GitLab before it does anything in another project.

test('a pipeline tells who started it, a list does not', async () => {
  const { bot, project, pipeline, api } = await startScene();
  const { id, username } = api.users.owner;
  const found = await getPipeline(bot, { project, pipeline: pipeline.id });
  expect(found.user).toEqual({ id, username });
  const [listed] = await Array.fromAsync(listPipelines(bot, { project }));
  expect(listed).toMatchObject({ id: pipeline.id });
  expect(listed).not.toHaveProperty('user');
});

test('a member has a role, and a stranger none', async () => {
  const { bot, project, api } = await startScene();
  const { developer, stranger } = api.users;
  expect(await getMember(bot, { project, user: developer.id })).toEqual({
    ...{ id: developer.id, username: 'developer', accessLevel: 30, state: 'active' },
  });
  developer.state = 'blocked';
  expect(await getMember(bot, { project, user: developer.id })).toMatchObject({ state: 'blocked' });
  expect(await getMember(bot, { project, user: stranger.id })).toBeUndefined();
  expect(await getMember(bot, { project, user: 4711 })).toBeUndefined();
  expect(await getMember(bot, { project: 'acme/none', user: developer.id })).toBeUndefined();
});

/** Pipelines of the source branch, the newest first. */
const ofTopic = ({ world }: CiProject) =>
  [...world.pipelines.values()].flatMap(({ id, ref }) => (ref === 'topic' ? [id] : [])).reverse();

describe("a merge request's pipelines", () => {
  test('are its own and those of its branch, the newest first', async () => {
    const { bot, project, mergeRequest, head, api } = await startScene();
    const own = addPipeline(api.world, api.project, {
      ...{ sha: head, ref: `refs/merge-requests/${mergeRequest}/head`, source: 'merge_request_event' },
      mergeRequest: { projectId: api.project.id, iid: mergeRequest },
    });
    addPipeline(api.world, api.project, { sha: api.sha });
    const listed = await Array.fromAsync(listMergeRequestPipelines(bot, { project, mergeRequest }));
    expect(listed.map(({ id }) => id)).toEqual([own.id, ...ofTopic(api)]);
    expect(listed[0]).toMatchObject({
      sha: head,
      ref: own.ref,
      source: own.source,
      projectId: api.project.id,
    });
  });

  test("of a fork have the fork's project, and are left out for who cannot see it", async () => {
    const { bot, project, mergeRequest, head, api, asRole } = await startScene();
    const fork = addProject(api.world, { path: 'eve/app', creatorId: api.users.owner.id });
    fork.members.set(api.users.owner.id, 50);
    const forked = addPipeline(api.world, fork, {
      ...{ sha: head, ref: `refs/merge-requests/${mergeRequest}/head`, source: 'merge_request_event' },
      mergeRequest: { projectId: api.project.id, iid: mergeRequest },
    });
    const ids = async (as = bot) =>
      (await Array.fromAsync(listMergeRequestPipelines(as, { project, mergeRequest }))).map((one) => [
        one.id,
        one.projectId,
      ]);
    const both = [[forked.id, fork.id], ...ofTopic(api).map((id) => [id, api.project.id])];
    expect(await ids(asRole('owner'))).toEqual(both);
    expect(await ids()).toEqual(both.slice(1));
    fork.visibility = 'public';
    expect(await ids()).toEqual(both);
  });
});

describe('one artifact in memory', () => {
  const limits = { maxBytes: 100 };

  test('comes with the digest of its bytes', async () => {
    const { bot, project, job } = await startScene();
    const wanted = { project, job: job.id, artifact: 'out/a b.txt' };
    const found = await readArtifact(bot, wanted, limits);
    expect(new TextDecoder().decode(found?.bytes)).toBe('made');
    expect(found?.digest).toBe(`sha256:${createHash('sha256').update('made').digest('hex')}`);
  });

  test('is refused beyond the limit, once and for all', async () => {
    const { bot, project, job, api } = await startScene();
    api.journal.clear();
    const wanted = { project, job: job.id, artifact: 'out/a b.txt' };
    expect((await rejection(readArtifact(bot, wanted, { maxBytes: 3 }))).code).toBe('GITLAB_TOO_LARGE');
    expect(api.journal.entries).toHaveLength(1);
    expect((await readArtifact(bot, wanted, { maxBytes: 4 }))?.bytes).toHaveLength(4);
  });

  test('breaks off and comes whole the next time', async () => {
    const { bot, project, job, api } = await startScene();
    api.faults.add({ what: { kind: 'cut', when: 'middle' } });
    const wanted = { project, job: job.id, artifact: 'out/a b.txt' };
    expect((await readArtifact(bot, wanted, limits))?.bytes).toHaveLength(4);
  });

  test('that is not there says why', async () => {
    const { bot, project, job, manual, api } = await startScene();
    const why = async (id: number, artifact = 'out/a b.txt') => {
      expect(await readArtifact(bot, { project, job: id, artifact }, limits)).toBeUndefined();
      return whyNoArtifact(await getJob(bot, { project, job: id }), api.world.clock.now());
    };
    expect(await why(job.id, 'out/none.txt')).toBe('not-in-archive');
    expect(await why(job.id, 'out')).toBe('not-in-archive');
    expect(await why(manual.id)).toBe('no-archive');
    const past = new Date(api.world.clock.now() - 1000).toISOString();
    api.project.settings.keep_latest_artifact = false;
    job.artifacts = storeArtifacts(api.world, { 'out/a b.txt': 'made' }, { expireAt: past });
    expect(await why(job.id)).toBe('expired');
    job.artifacts = undefined;
    job.erasedAt = past;
    expect(await why(job.id)).toBe('erased');
  });

  test('that is shut to the token is refused', async () => {
    const { asRole, project, job, api } = await startScene();
    job.artifacts = storeArtifacts(api.world, { 'a.txt': 'made' }, { access: 'developer' });
    const wanted = { project, job: job.id, artifact: 'a.txt' };
    const refused = await rejection(readArtifact(asRole('reporter'), wanted, limits));
    expect(refused.code).toBe('GITLAB_FORBIDDEN');
  });
});

test('an approval tells when it was given', async () => {
  const { bot, project, mergeRequest, head } = await startScene();
  await approve(bot, { project, mergeRequest, sha: head });
  const { approvedBy } = await getApprovals(bot, { project, mergeRequest });
  expect(Date.parse(approvedBy[0]?.approvedAt ?? '')).toBeGreaterThan(0);
});

test('trigger tokens are listed with their owners and without their values', async () => {
  const { asRole, project, api } = await startScene();
  const value = addTrigger(api);
  const all = await Array.fromAsync(listTriggers(asRole('maintainer'), { project }));
  const { id, username } = api.users.developer;
  expect(all).toEqual([{ id: expect.any(Number), description: 'ours', owner: { id, username } }]);
  expect(JSON.stringify(all)).not.toContain(value.slice(0, 10));
});

test('protected branches are listed with who may do what', async () => {
  const { asRole, project } = await startScene();
  const all = await Array.fromAsync(listProtectedBranches(asRole('maintainer'), { project }));
  expect(all).toMatchObject([{ name: 'main', mergeAccessLevels: [{ accessLevel: 40 }] }]);
});

describe('the tree', () => {
  test('is listed at a reference, all the way down, and its files are read there', async () => {
    const { bot, project } = await startScene();
    const listed = await Array.fromAsync(listTree(bot, { project, ref: 'topic', recursive: true }));
    const entry = listed.find(({ path }) => path === 'a b.txt');
    expect(entry).toMatchObject({ name: 'a b.txt', type: 'blob', mode: '100644' });
    const atMain = await Array.fromAsync(listTree(bot, { project, ref: 'main', recursive: true }));
    expect(atMain.map(({ path }) => path)).not.toContain('a b.txt');
    const bytes = await readFile(bot, { project, file: 'a b.txt', ref: 'topic' });
    expect(new TextDecoder().decode(bytes)).toBe('one\ntwo\n');
  });

  test('of a folder that is not there is missing', async () => {
    const { bot, project } = await startScene();
    const none = Array.fromAsync(listTree(bot, { project, ref: 'topic', path: 'none' }));
    expect((await rejection(none)).code).toBe('GITLAB_NOT_FOUND');
  });
});
