import { describe, expect, test } from 'vitest';
import { requireCi } from '../../components/gitlab/ci-parts.ts';
import { connectionOfJob, readTokens } from '../../components/gitlab/ci-tokens.ts';
import type { CiParts } from '../../components/gitlab/ci-types.ts';
import { Failures } from '../../components/kernel/failure.ts';
import { quickClock } from './harness.ts';

const now = Date.parse('2026-01-31T12:00:00Z');
const clock = { ...quickClock().clock, now: () => now };
const [commit, head] = ['a'.repeat(40), 'b'.repeat(40)];

const branchJob = {
  GITLAB_CI: 'true',
  CI_PROJECT_ID: '7',
  CI_PROJECT_PATH: 'group/app',
  CI_PROJECT_URL: 'https://gitlab.example.com/sub/group/app',
  CI_DEFAULT_BRANCH: 'main',
  CI_COMMIT_REF_NAME: 'main',
  CI_COMMIT_BRANCH: 'main',
  CI_COMMIT_REF_PROTECTED: 'true',
  CI_COMMIT_SHA: commit,
  CI_PIPELINE_ID: '100',
  CI_PIPELINE_IID: '3',
  CI_PIPELINE_SOURCE: 'push',
  CI_PIPELINE_URL: 'https://gitlab.example.com/sub/group/app/-/pipelines/100',
  CI_JOB_ID: '1000',
  CI_JOB_NAME: 'review: [a]',
  CI_JOB_STAGE: 'test',
  CI_JOB_URL: 'https://gitlab.example.com/sub/group/app/-/jobs/1000',
  CI_JOB_STARTED_AT: '2026-01-31T11:59:00Z',
  CI_JOB_TIMEOUT: '3600',
  CI_JOB_TOKEN: 'glcbt-64_secret',
  CI_NODE_TOTAL: '1',
  CI_SERVER_URL: 'https://gitlab.example.com/sub',
  CI_API_V4_URL: 'https://gitlab.example.com/sub/api/v4',
  CI_SERVER_VERSION: '18.5.1-ee',
  GITLAB_USER_ID: '5',
  GITLAB_USER_LOGIN: 'ada',
};

const { CI_COMMIT_BRANCH: _, ...withoutBranch } = branchJob;
const mergeRequestJob = {
  ...withoutBranch,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_COMMIT_REF_NAME: 'feature',
  CI_COMMIT_REF_PROTECTED: 'false',
  CI_MERGE_REQUEST_IID: '12',
  CI_MERGE_REQUEST_EVENT_TYPE: 'detached',
  CI_MERGE_REQUEST_PROJECT_ID: '7',
  CI_MERGE_REQUEST_PROJECT_PATH: 'group/app',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
  CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7',
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'group/app',
  CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature',
};

type Env = Readonly<Record<string, string>>;

const every = ['project', 'ref', 'pipeline', 'job', 'server', 'user'] as const;

function mistakes(env: Env, ...parts: (keyof CiParts)[]): string[] {
  try {
    requireCi({ env, clock }, ...parts);
  } catch (error) {
    if (error instanceof Failures) return error.failures.map(({ code, message }) => `${code} ${message}`);
    throw error;
  }
  return [];
}

describe('the context of a job', () => {
  test('on a branch', () => {
    expect(requireCi({ env: branchJob, clock }, ...every)).toEqual({
      project: {
        id: 7,
        path: 'group/app',
        url: 'https://gitlab.example.com/sub/group/app',
        defaultBranch: 'main',
      },
      ref: { kind: 'branch', name: 'main', protected: true, sha: commit },
      pipeline: {
        id: 100,
        iid: 3,
        source: 'push',
        url: 'https://gitlab.example.com/sub/group/app/-/pipelines/100',
        upstream: undefined,
      },
      job: {
        id: 1000,
        name: 'review: [a]',
        stage: 'test',
        url: 'https://gitlab.example.com/sub/group/app/-/jobs/1000',
        startedAt: now - 60_000,
        deadline: now + 3_540_000,
        node: undefined,
        environment: undefined,
      },
      server: {
        url: 'https://gitlab.example.com/sub',
        apiUrl: 'https://gitlab.example.com/sub/api/v4',
        version: '18.5.1-ee',
        caFile: undefined,
      },
      user: { id: 5, login: 'ada', name: undefined },
    });
  });

  test('of a tag, as one of many, in an environment, started by another pipeline', () => {
    const env = {
      ...withoutBranch,
      CI_COMMIT_TAG: 'v1',
      CI_COMMIT_REF_NAME: 'v1',
      CI_NODE_INDEX: '2',
      CI_NODE_TOTAL: '3',
      CI_ENVIRONMENT_NAME: 'production',
      CI_ENVIRONMENT_TIER: 'production',
      CI_ENVIRONMENT_URL: '',
      CI_UPSTREAM_PIPELINE_ID: '99',
      CI_UPSTREAM_PROJECT_ID: '6',
      CI_SERVER_TLS_CA_FILE: '/builds/ca.pem',
    };
    const ci = requireCi({ env, clock }, ...every);
    expect(ci.ref.kind).toBe('tag');
    expect(ci.job.node).toEqual({ index: 2, total: 3 });
    expect(ci.job.environment).toEqual({ name: 'production', url: undefined, tier: 'production' });
    expect(ci.pipeline.upstream).toEqual({ pipelineId: 99, projectId: 6 });
    expect(ci.server.caFile).toBe('/builds/ca.pem');
  });

  test('of a merge request: its source is the checkout, since GitLab names no other', () => {
    const { mergeRequest, ref } = requireCi({ env: mergeRequestJob, clock }, 'mergeRequest', 'ref');
    expect(ref).toEqual({ kind: 'merge-request', name: 'feature', protected: false, sha: commit });
    expect(mergeRequest).toEqual({
      iid: 12,
      event: 'detached',
      target: { projectId: 7, projectPath: 'group/app', branch: 'main' },
      source: { projectId: 7, projectPath: 'group/app', branch: 'feature', sha: commit },
      diffBaseSha: undefined,
      fork: false,
    });
  });

  test('of a merge request from a fork, of the merged result', () => {
    const env = {
      ...mergeRequestJob,
      CI_PROJECT_ID: '7',
      CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result',
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '8',
      CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head,
      CI_MERGE_REQUEST_TARGET_BRANCH_SHA: commit,
      CI_MERGE_REQUEST_DIFF_BASE_SHA: commit,
    };
    const { mergeRequest } = requireCi({ env, clock }, 'mergeRequest');
    expect(mergeRequest).toMatchObject({ fork: true, diffBaseSha: commit, source: { sha: head } });
    expect(mergeRequest.target.sha).toBe(commit);
  });
});

describe('mistakes', () => {
  test('are told all at once, with who sets what is missing', () => {
    const found = mistakes({ GITLAB_CI: 'true' }, ...every, 'mergeRequest');
    expect(found.every((line) => line.startsWith('GITLAB_VARIABLE_MISSING'))).toBe(true);
    expect(found).toHaveLength(new Set(found).size);
    expect(found.length).toBeGreaterThan(25);
    expect(found).toContain(
      'GITLAB_VARIABLE_MISSING CI_MERGE_REQUEST_IID is not set: GitLab sets it in merge request pipelines, and in what they start',
    );
  });

  test.each([
    [{ CI_PROJECT_ID: '7a' }, 'CI_PROJECT_ID is "7a", expected a whole number from 1'],
    [{ CI_PROJECT_ID: '0' }, 'CI_PROJECT_ID is "0"'],
    [{ CI_PROJECT_ID: '99999999999999999999' }, 'expected a whole number from 1'],
    [{ CI_COMMIT_SHA: '--upload-pack=x' }, 'expected a commit of 40 or 64 hexadecimal digits'],
    [{ CI_COMMIT_REF_PROTECTED: 'yes' }, 'CI_COMMIT_REF_PROTECTED is "yes", expected true or false'],
    [{ CI_JOB_STARTED_AT: 'soon' }, 'expected a time such as'],
    [{ CI_JOB_TIMEOUT: '1h' }, 'CI_JOB_TIMEOUT is "1h", expected a whole number'],
    [{ CI_JOB_URL: 'javascript:alert(1)' }, 'expected an address with http or https'],
    [{ CI_NODE_INDEX: '-1' }, 'CI_NODE_INDEX is "-1"'],
    [{ CI_UPSTREAM_PIPELINE_ID: 'x' }, 'CI_UPSTREAM_PIPELINE_ID is "x"'],
  ])('in the value %j', (change, words) => {
    const [line, ...others] = mistakes({ ...branchJob, ...change }, ...every);
    expect(line).toContain('GITLAB_VARIABLE_INVALID');
    expect(line).toContain(words);
    expect(others).toEqual([]);
  });

  test.each<[Env, string]>([
    [{ ...branchJob, CI_COMMIT_TAG: 'main' }, 'CI_COMMIT_TAG and CI_COMMIT_BRANCH cannot both be right'],
    [{ ...branchJob, CI_COMMIT_BRANCH: 'x' }, 'CI_COMMIT_BRANCH and CI_COMMIT_REF_NAME'],
    [{ ...branchJob, CI_JOB_TIMEOUT: '60' }, 'CI_JOB_STARTED_AT and CI_JOB_TIMEOUT'],
    [{ ...branchJob, CI_NODE_INDEX: '4', CI_NODE_TOTAL: '3' }, 'there is no copy 4 of 3'],
    [{ ...branchJob, CI_API_V4_URL: 'https://evil.example/api/v4' }, 'CI_API_V4_URL and CI_SERVER_URL'],
    [{ ...branchJob, CI_API_V4_URL: 'http://gitlab.example.com/sub/api/v4' }, 'is not below'],
    [{ ...branchJob, CI_API_V4_URL: 'https://gitlab.example.com/subway/api/v4' }, 'is not below'],
  ])('between variables: %j', (env, words) => {
    const [line, ...others] = mistakes(env, ...every);
    expect(line).toContain('GITLAB_VARIABLES_CONTRADICT');
    expect(line).toContain(words);
    expect(others).toEqual([]);
  });

  test('of a merge request', () => {
    expect(mistakes(branchJob, 'mergeRequest').map((line) => line.split(' ')[1])).toContain(
      'CI_MERGE_REQUEST_IID',
    );
    expect(mistakes({ ...mergeRequestJob, CI_PROJECT_ID: '9' }, 'mergeRequest')).toEqual([
      expect.stringContaining('in its target (7) or its source (7), not in 9'),
    ]);
    expect(
      mistakes({ ...mergeRequestJob, CI_MERGE_REQUEST_EVENT_TYPE: 'merge_train' }, 'mergeRequest'),
    ).toEqual([
      expect.stringContaining('CI_MERGE_REQUEST_SOURCE_BRANCH_SHA is not set'),
      expect.stringContaining('CI_MERGE_REQUEST_TARGET_BRANCH_SHA is not set'),
    ]);
    expect(mistakes({ ...mergeRequestJob, CI_MERGE_REQUEST_IID: '' }, 'ref')).toHaveLength(1);
  });

  test('and no job at all', () => {
    const { GITLAB_CI: _job, ...env } = branchJob;
    expect(() => requireCi({ env, clock }, 'project')).toThrow(
      expect.objectContaining({ code: 'GITLAB_NO_JOB' }),
    );
  });
});

describe('the tokens of a job', () => {
  test('are its own and, where a variable holds one, an access token', () => {
    const job = { kind: 'job', value: 'glcbt-64_secret' };
    expect(readTokens(branchJob, 'MY_TOKEN')).toEqual({ job, access: undefined });
    expect(readTokens({ ...branchJob, MY_TOKEN: 'glpat-x\n' }, 'MY_TOKEN')).toEqual({
      job,
      access: { kind: 'private', value: 'glpat-x' },
    });
    expect(readTokens({ MY_TOKEN: ' ' }, 'MY_TOKEN')).toEqual({ job: undefined, access: undefined });
  });

  test('make a connection that ends with the job', () => {
    const env = { ...branchJob, MY_TOKEN: 'glpat-x' };
    const [apiUrl, deadline] = ['https://gitlab.example.com/sub/api/v4', now + 3_540_000];
    expect(connectionOfJob({ env, clock })).toEqual({
      apiUrl,
      deadline,
      token: { kind: 'job', value: 'glcbt-64_secret' },
    });
    expect(connectionOfJob({ env, clock }, 'MY_TOKEN').token?.kind).toBe('private');
    expect(() => connectionOfJob({ env, clock }, 'OTHER')).toThrow('OTHER is not set: you set it');
  });
});
