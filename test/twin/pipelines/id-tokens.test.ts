import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { oidcFallback } from '../../../components/twin/api/oidc.ts';
import { idTokenClaims, idTokensOf } from '../../../components/twin/pipelines/id-token-claims.ts';
import { createIdTokenIssuer } from '../../../components/twin/pipelines/id-tokens.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { addJob, addPipeline } from '../api/ci-project.ts';
import { startApi } from '../server/harness.ts';

function emptyWorld(version = '18.5.0') {
  const folder = workspace();
  return createWorld({ folder, version, clock: testContext(folder).clock });
}

function oneJob(version?: string) {
  const world = emptyWorld(version);
  const user = addUser(world, { username: 'ada' });
  const project = addProject(world, { path: 'acme/tools/app', creatorId: user.id });
  const pipeline = addPipeline(world, project, { userId: user.id, source: 'schedule' });
  const job = addJob(world, pipeline, {
    environment: { name: 'production', action: 'start', url: undefined, onStop: undefined, tier: undefined },
  });
  return { world, project, pipeline, job };
}

test('a token is verified by what the instance serves, below a path too', async () => {
  const api = await startApi({ routes: [], subPath: '/gitlab', fallbacks: [(...call) => serve(...call)] });
  const issuer = createIdTokenIssuer(api.world);
  const serve = oidcFallback(api.world, issuer);
  const described = await fetch(`${api.url}/.well-known/openid-configuration`);
  const discovery = (await described.json()) as { readonly jwks_uri: string };
  expect(discovery).toMatchObject({ issuer: api.url, jwks_uri: `${api.url}/oauth/discovery/keys` });
  const keys = createRemoteJWKSet(new URL(discovery.jwks_uri));
  const signed = await issuer.sign(
    { sub: 'x' },
    { audience: ['https://vault.example'], expiresInSeconds: 60 },
  );
  const { payload, protectedHeader } = await jwtVerify(signed, keys, {
    ...{ issuer: api.url, audience: 'https://vault.example', algorithms: ['RS256'] },
  });
  expect(payload).toMatchObject({ sub: 'x', aud: 'https://vault.example', jti: expect.any(String) });
  expect([protectedHeader.alg, Number(payload.exp) - Number(payload.iat)]).toEqual(['RS256', 60]);
  const other = await createIdTokenIssuer(api.world).sign(
    {},
    { audience: ['https://vault.example'], expiresInSeconds: 60 },
  );
  await expect(jwtVerify(other, keys)).rejects.toThrow();
  expect((await fetch(`${api.url}/oauth/token`)).status).toBe(501);
});

test('keys show nothing private', async () => {
  const { keys } = await createIdTokenIssuer(emptyWorld()).jwks();
  expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
});

test('the claims are those of GitLab, numbers as text', () => {
  const { world, ...rest } = oneJob();
  expect(idTokenClaims({ world, ...rest })).toEqual({
    sub: 'project_path:acme/tools/app:ref_type:branch:ref:main',
    namespace_id: '1',
    namespace_path: 'acme/tools',
    project_id: '1',
    project_path: 'acme/tools/app',
    job_namespace_id: '1',
    job_namespace_path: 'acme/tools',
    job_project_id: '1',
    job_project_path: 'acme/tools/app',
    user_id: '1',
    user_login: 'ada',
    user_email: 'ada@example.com',
    user_access_level: 'owner',
    pipeline_id: '1',
    pipeline_source: 'schedule',
    job_id: '1',
    ref: 'main',
    ref_type: 'branch',
    ref_path: 'refs/heads/main',
    ref_protected: 'true',
    environment: 'production',
    environment_protected: 'false',
    deployment_tier: 'production',
    environment_action: 'start',
    runner_id: 1,
    runner_environment: 'self-hosted',
    sha: '0'.repeat(40),
    project_visibility: 'private',
    ci_config_ref_uri: '127.0.0.1/acme/tools/app//.gitlab-ci.yml@refs/heads/main',
    ci_config_sha: '0'.repeat(40),
  });
});

test('before 18.4 a token does not say where its job runs', () => {
  expect(idTokenClaims(oneJob('18.3.0'))).not.toHaveProperty('job_project_id');
});

test('a job gets a token for each of its names, with its audiences', async () => {
  const { world, pipeline, job } = oneJob();
  const idTokens = { ONE: { aud: ['a'] }, TWO: { aud: ['a', 'b'] } };
  const tokens = await idTokensOf(world, createIdTokenIssuer(world), pipeline, job, { idTokens });
  const audiences = Object.entries(tokens).map(([name, token]) => [name, decodeJwt(token).aud]);
  expect(audiences).toEqual([
    ['ONE', 'a'],
    ['TWO', ['a', 'b']],
  ]);
});
