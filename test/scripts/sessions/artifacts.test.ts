import { randomBytes } from 'node:crypto';
import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startScene } from '../../gitlab/endpoints/scene.ts';
import {
  agentPath,
  agentYaml,
  record,
  repository,
  review,
  runArguments,
  sessionOf,
} from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { addJob, jobTokenOf, storeArtifacts } from '../../twin/api/ci-project.ts';
import { addPersonalToken } from '../../twin/server/harness.ts';

/** A job that has run a session and left its folder among its artifacts, and those who read it. */
async function startLeft(tier: 'free' | 'premium') {
  const key = randomBytes(32).toString('base64');
  const { api, pipeline, manual, botId, project } = await startScene({ tier });
  const cwd = repository({ [agentPath]: agentYaml() });
  await record(cwd, review);
  const session = sessionOf(await pipewright(runArguments, { cwd, env: { PIPEWRIGHT_SESSION_KEY: key } }));
  const files = globSync('.pipewright/sessions/*/*', { cwd });
  const artifacts = storeArtifacts(api.world, {}, { folder: cwd, files, access: 'developer' });
  const { id } = addJob(api.world, pipeline, { artifacts });
  const token = addPersonalToken(api.world, { userId: botId, scopes: ['read_api'] }).value;
  const place = [`--server=${api.url}`, `--project=${project}`];
  const sessions = (args: readonly string[], env: Readonly<Record<string, string>>, job = id) =>
    pipewright(['sessions', ...args, '--store=gitlab-artifact', `--job=${job}`], {
      cwd: workspace(),
      env: { PIPEWRIGHT_SESSION_KEY: key, ...env },
    });
  return {
    ...{ session, token, manual },
    atTerminal: (args: readonly string[], job?: number) =>
      sessions([...args, ...place], { PIPEWRIGHT_GITLAB_TOKEN: token }, job),
    inJob: (args: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const reader = addJob(api.world, pipeline, { status: 'running', userId: api.users.owner.id });
      return sessions(args, {
        ...{ GITLAB_CI: 'true', CI_SERVER_URL: api.url, CI_API_V4_URL: `${api.url}/api/v4` },
        ...{ CI_SERVER_VERSION: '18.5.0', CI_JOB_ID: `${reader.id}`, CI_JOB_NAME: reader.name },
        ...{ CI_JOB_STAGE: 'test', CI_JOB_STARTED_AT: new Date().toISOString(), CI_JOB_TIMEOUT: '3600' },
        ...{ CI_JOB_TOKEN: jobTokenOf(api.world, reader), CI_JOB_URL: `${api.url}/-/jobs/${reader.id}` },
        ...{ CI_PROJECT_ID: `${api.project.id}`, CI_PROJECT_PATH: project, CI_DEFAULT_BRANCH: 'main' },
        ...{ CI_PROJECT_URL: `${api.url}/${project}`, ...env },
      });
    },
  };
}

test('on Free with a token they are listed, shown, verified and exported, and nothing is written', async () => {
  const { session, token, manual, atTerminal, inJob } = await startLeft('free');
  const wanted: Readonly<Record<string, string>> = {
    show: 'begun: Agent reviewer',
    verify: 'of 1 job, each as it was written',
    export: 'urn:pipewright:gitlab-artifact:',
  };
  const listed = await atTerminal(['list']);
  expect(listed.stdout, listed.stderr).toContain(`Agent reviewer, 1 job: complete`);
  for (const [action, words] of Object.entries(wanted)) {
    const run = await atTerminal([action, session]);
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(words) });
    expect(run.stdout + run.stderr).not.toContain(token);
  }
  for (const args of [
    ['prune', session],
    ['answer', session, '19 %'],
  ])
    expect(await atTerminal(args)).toMatchObject(refused('STORE_READ_ONLY'));
  for (const job of [manual.id, 999_999])
    expect(await atTerminal(['list'], job)).toMatchObject(refused('STORE_ARTIFACTS_MISSING'));
  // The token of a job is not enough there, and it says so.
  const run = await inJob(['show', session]);
  expect(run).toMatchObject(refused('STORE_ARTIFACTS_MISSING'));
  expect(run.stderr).toContain("below GitLab Premium a job's token reads no artifacts");
  const helped = await inJob(['show', session], { PIPEWRIGHT_GITLAB_TOKEN: token });
  expect(helped.stdout, helped.stderr).toContain('begun: Agent reviewer');
});

test("a job's own token is enough from Premium on", async () => {
  const { session, inJob } = await startLeft('premium');
  const run = await inJob(['show', session]);
  expect(run.stdout, run.stderr).toContain('begun: Agent reviewer');
});

const refused = (code: string) => ({ exitCode: 2, stderr: expect.stringContaining(code) });

test.each([
  [[], '--job'],
  [['--job=7'], '--server'],
  [['--job=7', '--server=https://gitlab.example.com'], '--project'],
  [['--job=7', '--server=https://gitlab.example.com', '--project=a/b'], 'PIPEWRIGHT_GITLAB_TOKEN'],
])('%j: what is missing is named', async (args, missing) => {
  const run = await pipewright(['sessions', '--store=gitlab-artifact', ...args], { cwd: workspace() });
  expect(run).toMatchObject(refused('STORE_ARTIFACTS_INPUT'));
  expect(run.stderr).toContain(missing);
});

test('a run has no such store', async () => {
  const run = await pipewright([...runArguments, '--store=gitlab-artifact'], { cwd: workspace() });
  expect(run).toMatchObject(refused('INPUT_INVALID'));
});
