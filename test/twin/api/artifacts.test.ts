import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { expect, test } from 'vitest';
import { artifactsRoutes } from '../../../components/twin/api/artifacts.ts';
import { jobsRoutes } from '../../../components/twin/api/jobs.ts';
import type { Artifacts } from '../../../components/twin/world/pipeline.ts';
import { addProject } from '../server/harness.ts';
import {
  addJob,
  addPipeline,
  type CiOptions,
  type CiProject,
  jobTokenOf,
  startCi,
  storeArtifacts,
} from './ci-project.ts';

const files = { 'out/a.txt': 'alpha', 'out/deep/b.txt': 'beta', 'ü.txt': 'umlaut' };

async function withArtifacts(given: Partial<Artifacts> = {}, options: CiOptions = {}): Promise<CiProject> {
  const ci = await startCi([...artifactsRoutes, ...jobsRoutes], options);
  const artifacts = storeArtifacts(ci.world, files, given);
  addJob(ci.world, addPipeline(ci.world, ci.project), { artifacts });
  return ci;
}

async function download({ url }: CiProject, path: string, token: string): Promise<Response> {
  return fetch(`${url}/api/v4${path}`, { headers: { 'private-token': token } });
}

test('the archive holds files of paths, not of reports, and is as long as the job says', async () => {
  const ci = await withArtifacts({ reports: { junit: ['.keep'] } });
  const response = await download(ci, `${ci.at}/jobs/1/artifacts`, ci.tokens.reporter);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const found = Object.entries(unzipSync(bytes)).map(([name, content]) => [name, strFromU8(content)]);
  expect(Object.fromEntries(found)).toEqual(files);
  const { json } = await ci.call('GET', `${ci.at}/jobs/1`, { token: ci.tokens.reporter });
  expect(json).toMatchObject({
    artifacts_file: { filename: 'artifacts.zip', size: bytes.byteLength },
    artifacts: [{ file_type: 'archive' }, { file_type: 'junit' }, { file_type: 'trace', size: 6 }],
  });
});

test('gives single files and lists them', async () => {
  const { call, at, tokens } = await withArtifacts();
  const token = tokens.reporter;
  expect((await call('GET', `${at}/jobs/1/artifacts/out/deep/b.txt`, { token })).text).toBe('beta');
  expect((await call('GET', `${at}/jobs/1/artifacts/none`, { token })).status).toBe(404);
  expect((await call('GET', `${at}/jobs/1/artifacts/..%2f..%2fx`, { token })).status).toBe(400);
  const top = await call('GET', `${at}/jobs/1/artifacts/tree`, { token });
  expect(top.json).toEqual([
    { name: 'out', path: 'out', type: 'directory' },
    { name: 'ü.txt', path: 'ü.txt', type: 'file' },
  ]);
  const all = await call<{ path: string }[]>('GET', `${at}/jobs/1/artifacts/tree?path=out&recursive=true`, {
    token,
  });
  expect(all.json.map(({ path }) => path)).toEqual(['out/deep', 'out/a.txt', 'out/deep/b.txt']);
});

test('a link out of the artifacts leads nowhere', async () => {
  const ci = await withArtifacts();
  const job = ci.world.jobs.get(1);
  if (job?.artifacts === undefined) throw new Error('no artifacts');
  symlinkSync('/etc/hostname', join(job.artifacts.folder, 'leak'));
  job.artifacts = { ...job.artifacts, files: ['leak'] };
  expect((await ci.call('GET', `${ci.at}/jobs/1/artifacts/leak`, { token: ci.tokens.owner })).status).toBe(
    404,
  );
  const zip = await download(ci, `${ci.at}/jobs/1/artifacts`, ci.tokens.owner);
  expect(unzipSync(new Uint8Array(await zip.arrayBuffer()))).toEqual({});
});

test('by branch it is the latest successful pipeline, or a recent one where that is asked for', async () => {
  const { world, project, call, at, tokens } = await withArtifacts();
  const token = tokens.reporter;
  addPipeline(world, project, { status: 'failed' });
  const path = `${at}/jobs/artifacts/main/download`;
  const raw = `${at}/jobs/artifacts/main/raw/out/a.txt?job=test`;
  expect((await call('GET', `${path}?job=test`, { token })).status).toBe(200);
  expect((await call('GET', raw, { token })).text).toBe('alpha');
  expect((await call('GET', `${path}?job=other`, { token })).status).toBe(404);
  expect(
    (await call('GET', `${at}/jobs/artifacts/${'0'.repeat(40)}/download?job=test`, { token })).status,
  ).toBe(404);
  addJob(world, addPipeline(world, project), { name: 'test' });
  expect((await call('GET', `${path}?job=test`, { token })).status).toBe(404);
  const search = '&search_recent_successful_pipelines=true';
  expect((await call('GET', `${path}?job=test${search}`, { token })).status).toBe(200);
});

test('a job of a child pipeline is found under its parent', async () => {
  const { world, project, call, at, tokens } = await startCi(artifactsRoutes);
  const child = addPipeline(world, project, { source: 'parent_pipeline' });
  addJob(world, child, { name: 'build', artifacts: storeArtifacts(world, files) });
  const parent = addPipeline(world, project);
  addJob(world, parent, { kind: 'bridge', name: 'child', downstreamPipelineId: child.id });
  const path = `${at}/jobs/artifacts/main/raw/out/a.txt?job=build`;
  expect((await call('GET', path, { token: tokens.reporter })).text).toBe('alpha');
});

test('expired artifacts are gone, except those the project keeps', async () => {
  const { world, project, call, at, tokens } = await withArtifacts({ expireAt: '2020-01-01T00:00:00Z' });
  const path = `${at}/jobs/1/artifacts`;
  const status = async () => (await call('GET', path, { token: tokens.owner })).status;
  expect(await status()).toBe(200);
  addPipeline(world, project);
  expect(await status()).toBe(404);
});

test('kept artifacts do not expire, deleted ones are gone', async () => {
  const { world, call, at, tokens } = await withArtifacts({ expireAt: '2999-01-01T00:00:00Z' });
  const kept = await call('POST', `${at}/jobs/1/artifacts/keep`, { token: tokens.developer });
  expect([kept.status, kept.json]).toMatchObject([200, { artifacts_expire_at: null }]);
  expect((await call('DELETE', `${at}/jobs/1/artifacts`, { token: tokens.developer })).status).toBe(403);
  expect((await call('DELETE', `${at}/jobs/1/artifacts`, { token: tokens.maintainer })).status).toBe(204);
  expect(world.jobs.get(1)?.artifacts).toBeUndefined();
});

test.each([
  ['none', 403, 403],
  ['maintainer', 403, 200],
  ['developer', 200, 200],
] as const)('artifacts:access %s: developer %i, owner %i', async (access, developer, owner) => {
  const { call, at, tokens } = await withArtifacts({ access });
  expect((await call('GET', `${at}/jobs/1/artifacts`, { token: tokens.developer })).status).toBe(developer);
  expect((await call('GET', `${at}/jobs/1/artifacts`, { token: tokens.owner })).status).toBe(owner);
});

test.each([
  ['free', 404],
  ['premium', 200],
] as const)('a job token downloads on %s: %i', async (tier, expected) => {
  const { world, call, at, url } = await withArtifacts({}, { tier });
  const [pipeline] = world.pipelines.values();
  if (pipeline === undefined) throw new Error('no pipeline');
  const jobToken = jobTokenOf(world, addJob(world, pipeline, { name: 'next', status: 'running' }));
  expect((await call('GET', `${at}/jobs/1/artifacts/out/a.txt`, { jobToken })).status).toBe(expected);
  const byParameter = await fetch(`${url}/api/v4${at}/jobs/1/artifacts?job_token=${jobToken}`);
  expect(byParameter.status).toBe(expected);
});

test('a job token that is not let in gets only artifacts that everybody may have', async () => {
  const ci = await withArtifacts({ access: 'developer' }, { tier: 'premium' });
  ci.project.visibility = 'public';
  const other = addProject(ci.world, { path: 'acme/other', creatorId: ci.users.owner.id });
  const job = addJob(ci.world, addPipeline(ci.world, other), { status: 'running' });
  const jobToken = jobTokenOf(ci.world, job);
  const status = async () =>
    (await ci.call('GET', `${ci.at}/jobs/1/artifacts/out/a.txt`, { jobToken })).status;
  expect(await status()).toBe(403);
  ci.project.jobTokenAllowlist.add(other.id);
  expect(await status()).toBe(200);
});
