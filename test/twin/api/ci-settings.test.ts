import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { accessTokensRoutes } from '../../../components/twin/api/access-tokens.ts';
import { artifactsRoutes } from '../../../components/twin/api/artifacts.ts';
import { ciLintRoutes } from '../../../components/twin/api/ci-lint.ts';
import { deploymentsRoutes } from '../../../components/twin/api/deployments.ts';
import { environmentsRoutes } from '../../../components/twin/api/environments.ts';
import { jobTokenScopeRoutes } from '../../../components/twin/api/job-token-scope.ts';
import { jobsRoutes } from '../../../components/twin/api/jobs.ts';
import { metadataRoutes } from '../../../components/twin/api/metadata.ts';
import { packagesRoutes } from '../../../components/twin/api/packages.ts';
import { pipelinesRoutes } from '../../../components/twin/api/pipelines.ts';
import { protectedEnvironmentsRoutes } from '../../../components/twin/api/protected-environments.ts';
import { releaseLinksRoutes } from '../../../components/twin/api/release-links.ts';
import { releasesRoutes } from '../../../components/twin/api/releases.ts';
import { resourceGroupsRoutes } from '../../../components/twin/api/resource-groups.ts';
import { scheduleVariablesRoutes } from '../../../components/twin/api/schedule-variables.ts';
import { schedulesRoutes } from '../../../components/twin/api/schedules.ts';
import { serviceAccountsRoutes } from '../../../components/twin/api/service-accounts.ts';
import { testReportRoutes } from '../../../components/twin/api/test-report.ts';
import { triggersRoutes } from '../../../components/twin/api/triggers.ts';
import { usersRoutes } from '../../../components/twin/api/users.ts';
import { variablesRoutes } from '../../../components/twin/api/variables.ts';
import type { LintResult } from '../../../components/twin/ports.ts';
import { routesWithoutSchema } from '../../../components/twin/server/check-request.ts';
import { parseOpenApi } from '../../../components/twin/server/openapi.ts';
import { addProject } from '../server/harness.ts';
import { addJob, addPipeline, openApiFile, startCi } from './ci-project.ts';

test('a resource group shows who has it, who waits, and takes another mode', async () => {
  const { call, at, tokens, world, project } = await startCi(resourceGroupsRoutes, { described: true });
  const first = addPipeline(world, project);
  const holder = addJob(world, first, { status: 'running', resourceGroup: 'prod' });
  addJob(world, addPipeline(world, project), {
    status: 'waiting_for_resource',
    resourceGroup: 'prod',
    name: 'later',
  });
  addJob(world, first, { status: 'waiting_for_resource', resourceGroup: 'prod', name: 'earlier' });
  project.resourceGroups.set('prod', {
    ...{
      id: 1,
      key: 'prod',
      processMode: 'unordered',
      heldBy: holder.id,
      createdAt: '2026-01-01T00:00:00.000Z',
    },
  });
  const one = `${at}/resource_groups/prod`;
  expect((await call('GET', `${one}/current_job`, { token: tokens.developer })).json).toMatchObject({
    id: holder.id,
  });
  const waiting = async () => {
    const { json } = await call<{ name: string }[]>('GET', `${one}/upcoming_jobs`, {
      token: tokens.developer,
    });
    return json.map(({ name }) => name);
  };
  expect(await waiting()).toEqual(['earlier', 'later']);
  const changed = await call('PUT', one, { token: tokens.developer, json: { process_mode: 'newest_first' } });
  expect(changed.json).toMatchObject({ key: 'prod', process_mode: 'newest_first' });
  expect(await waiting()).toEqual(['later', 'earlier']);
  expect((await call('PUT', one, { token: tokens.reporter, json: {} })).status).toBe(403);
  expect((await call('GET', `${at}/resource_groups/none`, { token: tokens.developer })).status).toBe(404);
  expect((await call('GET', `${at}/resource_groups`, { token: tokens.developer })).json).toMatchObject([
    { key: 'prod' },
  ]);
});

test('configuration is linted as it is sent, or as it lies in a commit', async () => {
  const asked: string[] = [];
  const result: LintResult = {
    valid: false,
    errors: ['no jobs'],
    warnings: [],
    mergedYaml: '---\n',
    jobs: [{ name: 'a' }],
  };
  const lint = async (_: unknown, { text, ref, dryRun }: { text: string; ref: string; dryRun: boolean }) => {
    asked.push(`${ref} ${dryRun} ${text}`);
    return result;
  };
  const { call, at, tokens } = await startCi(ciLintRoutes, { described: true, pipelines: { lint } });
  const token = tokens.developer;
  const sent = await call('POST', `${at}/ci/lint`, {
    token,
    json: { content: 'x: 1', dry_run: true, ref: 'topic' },
  });
  const shown = { valid: false, errors: ['no jobs'], warnings: [], merged_yaml: '---\n' };
  expect([sent.status, sent.json]).toEqual([200, shown]);
  const own = await call('GET', `${at}/ci/lint?content_ref=main&include_jobs=true`, { token });
  expect(own.json).toEqual({ ...shown, jobs: [{ name: 'a' }] });
  expect(asked).toEqual(['topic true x: 1', 'main false job: {script: echo}\n']);
  expect((await call('GET', `${at}/ci/lint?content_ref=gone`, { token })).status).toBe(404);
  expect(
    (await call('POST', `${at}/ci/lint`, { token: tokens.reporter, json: { content: '' } })).status,
  ).toBe(403);
});

test('other projects are let in by name', async () => {
  const { call, at, tokens, world, project, users } = await startCi(jobTokenScopeRoutes, { described: true });
  const token = tokens.maintainer;
  const path = `${at}/job_token_scope`;
  const other = addProject(world, { path: 'acme/other', creatorId: users.maintainer.id });
  const hidden = addProject(world, { path: 'acme/hidden', creatorId: users.owner.id });
  const allow = async (id: number) =>
    (await call('POST', `${path}/allowlist`, { token, json: { target_project_id: id } })).status;
  expect(await allow(other.id)).toBe(201);
  expect(await allow(other.id)).toBe(422);
  expect(await allow(hidden.id)).toBe(404);
  const listed = await call('GET', `${path}/allowlist`, { token });
  expect(listed.json).toMatchObject([{ id: project.id }, { path_with_namespace: 'acme/other' }]);
  expect((await call('DELETE', `${path}/allowlist/${other.id}`, { token })).status).toBe(204);
  expect((await call('DELETE', `${path}/allowlist/${other.id}`, { token })).status).toBe(404);
  expect((await call('PATCH', path, { token, json: { enabled: false } })).status).toBe(204);
  expect((await call('GET', path, { token })).json).toEqual({
    inbound_enabled: false,
    outbound_enabled: false,
  });
  expect((await call('GET', path, { token: tokens.developer })).status).toBe(403);
});

test('the version is the one the twin plays', async () => {
  const { call, tokens } = await startCi(metadataRoutes, { version: '18.9.0' });
  for (const path of ['/version', '/metadata']) {
    expect((await call('GET', path, { token: tokens.guest })).json).toMatchObject({ version: '18.9.0-ee' });
    expect((await call('GET', path)).status).toBe(401);
  }
});

test.skipIf(!existsSync(openApiFile))('GitLab or we describe what every route of this side takes', () => {
  const routes = [
    ...[
      accessTokensRoutes,
      artifactsRoutes,
      ciLintRoutes,
      deploymentsRoutes,
      environmentsRoutes,
      jobTokenScopeRoutes,
    ],
    ...[
      jobsRoutes,
      metadataRoutes,
      packagesRoutes,
      pipelinesRoutes,
      protectedEnvironmentsRoutes,
      releaseLinksRoutes,
    ],
    ...[
      releasesRoutes,
      resourceGroupsRoutes,
      scheduleVariablesRoutes,
      schedulesRoutes,
      serviceAccountsRoutes,
    ],
    ...[testReportRoutes, triggersRoutes, usersRoutes, variablesRoutes],
  ].flat();
  expect(routesWithoutSchema(routes, parseOpenApi(readFileSync(openApiFile, 'utf8')))).toEqual([]);
});
