import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { toolsOfCheckout } from '../../../scripts/wire/tool-places.ts';
import { atEnd } from '../../support/at-end.ts';
import { testContext } from '../../support/cli.ts';
import { repositoryOf } from '../../tools/repository.ts';

const sha = 'a'.repeat(40);
const job = {
  ...{ id: 3, name: 'unit', stage: 'test', status: 'failed', ref: 'vat', allow_failure: false },
  ...{ failure_reason: 'script_failure', web_url: 'http://x/3', pipeline: { id: 9, sha } },
};

test('a job of a merge request tells its own pipeline by its own token, and no log', async () => {
  const asked: [string | undefined, unknown][] = [];
  const server = createServer((request, response) => {
    asked.push([request.url, request.headers['job-token']]);
    response.setHeader('content-type', 'application/json').end(JSON.stringify([job]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const env = {
    ...{ GITLAB_CI: 'true', CI_SERVER_URL: url, CI_API_V4_URL: `${url}/api/v4`, CI_SERVER_VERSION: '18.5.0' },
    ...{ CI_PROJECT_ID: '5', CI_PROJECT_PATH: 'acme/shop', CI_PROJECT_URL: `${url}/acme/shop` },
    ...{ CI_DEFAULT_BRANCH: 'main', CI_COMMIT_SHA: sha, CI_JOB_TOKEN: 'glcbt-1234567890' },
    ...{ CI_PIPELINE_ID: '9', CI_PIPELINE_IID: '2', CI_PIPELINE_SOURCE: 'merge_request_event' },
    ...{ CI_PIPELINE_URL: `${url}/9`, CI_JOB_ID: '4', CI_JOB_NAME: 'run', CI_JOB_STAGE: 'test' },
    ...{ CI_JOB_URL: `${url}/4`, CI_JOB_STARTED_AT: new Date().toISOString(), CI_JOB_TIMEOUT: '3600' },
    ...{ CI_NODE_TOTAL: '1', CI_MERGE_REQUEST_IID: '7', CI_MERGE_REQUEST_EVENT_TYPE: 'detached' },
    ...{ CI_MERGE_REQUEST_PROJECT_ID: '5', CI_MERGE_REQUEST_PROJECT_PATH: 'acme/shop' },
    ...{ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '5', CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/shop' },
    ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'vat', CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' },
    CI_MERGE_REQUEST_TITLE: 'Raise VAT',
  };
  const { surroundings, missing } = toolsOfCheckout(testContext('/', { env }), repositoryOf({}));
  expect(await surroundings.mergeRequest?.()).toMatchObject({
    iid: 7,
    title: 'Raise VAT',
    author: undefined,
  });
  const jobs = await surroundings.jobs?.list();
  expect(jobs).toMatchObject([{ id: 3, name: 'unit', status: 'failed', failureReason: 'script_failure' }]);
  expect(asked).toEqual([
    [expect.stringMatching(/^\/api\/v4\/projects\/5\/pipelines\/9\/jobs\?/), env.CI_JOB_TOKEN],
  ]);
  expect(surroundings.jobLogs).toBeUndefined();
  expect(missing).toEqual({
    jobLogs: "a job's token may not read logs; in the trusted project the service account's may",
  });
});

test('at a terminal there is neither', () => {
  const { surroundings, missing } = toolsOfCheckout(testContext('/'), repositoryOf({}));
  expect(Object.keys(surroundings)).toEqual(['repository']);
  expect(Object.keys(missing).sort()).toEqual(['jobLogs', 'jobs', 'mergeRequest']);
});
