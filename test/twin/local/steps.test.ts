import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PipelineResult } from '../../../components/twin/types.ts';
import { commitAll, git, writeFiles } from '../../support/workspace.ts';
import { makeProject, tryLocal } from './harness.ts';

const ok = { script: ['true'] };
const inMergeRequest = { rules: [{ if: '$CI_PIPELINE_SOURCE == "merge_request_event"' }] };
const onBranch = (more: object = {}) => ({ rules: [{ if: '$CI_COMMIT_BRANCH', ...more }] });

/** On branch `feature`, two commits ahead of main. */
function makeFeature(config: Readonly<Record<string, unknown>>): string {
  const folder = makeProject(config, { 'a.txt': '1' });
  git(folder, 'switch', '--quiet', '--create', 'feature');
  for (const text of ['one', 'two']) {
    writeFiles(folder, { [`${text}.txt`]: text });
    commitAll(folder, text);
  }
  return folder;
}

test('a merge request from its first commit to its merge', async () => {
  const folder = makeFeature({
    review: { ...ok, ...inMergeRequest },
    deploy: { ...ok, ...onBranch({ when: 'manual' }) },
  });
  const [first, last] = ['feature~1', 'feature'].map((name) => git(folder, 'rev-parse', name));
  const steps = ['open feature~1:feature', 'push feature', 'notes', 'merge', 'play deploy', 'notes !1'];
  const ran = await tryLocal(folder, { steps });
  expect(ran.failed).toBe(false);
  const told = ran.steps.map(({ text, pipelines }) => [
    text.split('\n')[0],
    pipelines.map(({ title = '', jobs }) => [
      title.replace(/^acme\/tools\/app pipeline \d+ of /, ''),
      ...jobs.filter(({ when }) => when !== 'never').map(({ name, outcome }) => `${name} ${outcome}`),
    ]),
  ]);
  const ofMergeRequest = ['refs/merge-requests/1/head (merge_request_event)', 'review success'];
  expect(told).toEqual([
    ['acme/tools/app!1', [ofMergeRequest]],
    ['', expect.arrayContaining([ofMergeRequest, ['feature (push)', 'deploy manual']])],
    ['acme/tools/app!1 one (opened)', []],
    ['acme/tools/app!1 is merged into main', [['main (push)', 'deploy manual']]],
    // The newest of the name.
    ['', [['main (push)', 'deploy success']]],
    ['acme/tools/app!1 one (merged)', []],
  ]);
  expect(ran.steps[5]?.text).toMatch(/^ {2}local .*commit/m);
  const shas = ran.steps.slice(0, 2).map(({ pipelines }) => pipelines.at(-1)?.folder.slice(-8));
  expect(shas).toEqual([first?.slice(0, 8), last?.slice(0, 8)]);
  // All of it happened on the twin.
  expect(git(folder, 'for-each-ref', '--format=%(refname)')).toBe('refs/heads/feature\nrefs/heads/main');
});

test('only the last pipeline of a branch decides, whatever the others came to', async () => {
  const folder = makeProject({ a: { script: ['test -f good'] } });
  writeFileSync(join(folder, 'good'), '');
  commitAll(folder, 'better');
  const better = await tryLocal(folder, { steps: ['push main~1:main', 'push main'] });
  expect(better.steps.map(({ pipelines }) => pipelines[0]?.status)).toEqual(['failed', 'success']);
  expect(better.failed).toBe(false);
  const other = await tryLocal(folder, { steps: ['push main~1:other', 'push main'] });
  expect(other.failed).toBe(true);
});

test('a job that failed is tried again, a pipeline is run, a schedule is started', async () => {
  const folder = makeProject({
    flaky: { script: ['test "$CI_PIPELINE_SOURCE" = schedule'], allow_failure: true },
  });
  writeFiles(folder, {
    'twin.yaml': `
projects:
  acme/tools/app:
    folder: .
    schedules:
      nightly run: {cron: '0 2 * * *', variables: {WHAT: all}}
`,
  });
  const ran = await tryLocal(folder, { steps: ['run', 'retry flaky', 'schedule nightly run'] });
  expect(ran.steps.map(({ pipelines }) => pipelines.map(({ jobs }) => jobs[0]))).toMatchObject([
    [{ outcome: 'failed (allowed)' }],
    [{ outcome: 'failed (allowed)', reason: '2 attempts' }],
    [{ outcome: 'success' }],
  ]);
});

test.each([
  ['push nowhere', 'nowhere names no commit of'],
  ['push HEAD:main', 'main is at'],
  ['open main into main', "You can't use same project/branch for source and target"],
  ['merge', 'acme/tools/app has no merge request'],
  ['approve', 'acme/tools/app has no merge request'],
  ['notes !7', 'acme/tools/app has no merge request !7'],
  ['run nowhere', 'there is no branch nowhere'],
  ['schedule nightly', 'acme/tools/app has no schedule "nightly"'],
  ['push main as nobody', 'there is no user nobody'],
  ['run in acme/nothing', 'there is no project acme/nothing'],
])('the step "%s" cannot happen', async (text, reason) => {
  const folder = makeProject({ a: ok });
  // What is pushed already can be pushed once more: not twice.
  const steps = text === 'push HEAD:main' ? ['push main', text] : [text];
  await expect(tryLocal(folder, { steps })).rejects.toMatchObject({
    ...{ code: 'TWIN_STEP_IMPOSSIBLE', kind: 'misuse' },
    message: expect.stringContaining(`the step "${text}" cannot happen: ${reason}`),
  });
});

test('what a user has no right to cannot happen, and nothing of it has', async () => {
  const folder = makeFeature({ a: { ...ok, ...inMergeRequest }, b: { ...ok, ...onBranch() } });
  writeFiles(folder, {
    'twin.yaml':
      'users: {dev: {role: developer}, rep: {role: reporter}}\nprojects: {acme/tools/app: {folder: .}}\n',
  });
  const impossible = (...steps: string[]) => {
    const run = tryLocal(folder, { steps });
    return expect(run).rejects.toMatchObject({ code: 'TWIN_STEP_IMPOSSIBLE' });
  };
  await impossible('push feature:main as dev');
  await impossible('push feature as rep');
  await impossible('open feature as rep');
  await impossible('open feature as dev', 'merge as dev');
});

test('a merge request is not merged while its pipeline is red, where the project says so', async () => {
  const folder = makeFeature({ a: { script: ['false'], ...inMergeRequest } });
  writeFiles(folder, {
    'twin.yaml':
      'projects: {acme/tools/app: {folder: ., settings: {only_allow_merge_if_pipeline_succeeds: true}}}\n',
  });
  await expect(tryLocal(folder, { steps: ['open feature', 'merge'] })).rejects.toMatchObject({
    ...{ code: 'TWIN_STEP_IMPOSSIBLE', message: expect.stringContaining('it is not mergeable') },
  });
});

test('there is no job to play that is none, waits or has run, and none to retry that has not', async () => {
  const folder = makeProject({
    a: ok,
    later: { ...ok, stage: '.post', when: 'manual', needs: ['gate'] },
    gate: { ...ok, when: 'manual' },
  });
  const noJob = (step: string, message: string) =>
    expect(tryLocal(folder, { steps: ['push main', step] })).rejects.toMatchObject({
      ...{ code: 'TWIN_NO_JOB', kind: 'misuse', message },
    });
  await noJob('play a', 'there is no job "a" to play; there is gate');
  await noJob('play later', 'there is no job "later" to play; there is gate');
  await noJob('retry gate', 'there is no job "gate" to retry; there is a');
});

test('uncommitted changes belong to the branch that is checked out, not to what it is merged into', async () => {
  const changed = (path: string) => ({ ...ok, rules: [{ ...inMergeRequest.rules[0], changes: [path] }] });
  const folder = makeProject({ a: changed('a.txt'), b: changed('b.txt') }, { 'a.txt': '1', 'b.txt': '1' });
  writeFiles(folder, { 'a.txt': '2' });
  const ran = await tryLocal(folder, { steps: ['open HEAD:feature'] });
  expect(ran.outcomes).toEqual({ a: 'success', b: 'not in this pipeline' });
});

test('a job that starts a pipeline of a trusted project by its trigger token is followed there', async () => {
  const request = `fetch(process.env.CI_API_V4_URL + '/projects/acme%2Ftrusted/trigger/pipeline', {
    method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: process.env.HAND_OFF, ref: 'main', ...JSON.parse(process.argv[1]) }),
  }).then(async (answer) => console.log(answer.status, await answer.text()))`;
  const folder = makeFeature({
    gate: { script: ['node -e "$REQUEST" "$WANTED"', 'node -e "$REQUEST" "$HOSTILE"'], ...inMergeRequest },
    variables: {
      REQUEST: { value: request, expand: false },
      WANTED: '{"inputs":{"pipeline":7}}',
      HOSTILE: '{"inputs":{"pipeline":7},"variables":{"BASH_ENV":"x"}}',
    },
  });
  const trusted = makeProject({}, {});
  const header = 'spec: {inputs: {pipeline: {type: number, default: 0}}}\n---\n';
  const show = `apply: {script: ['echo "pipeline $[[ inputs.pipeline ]] by $GITLAB_USER_LOGIN $PROTECTED"']}\n`;
  writeFiles(trusted, { '.gitlab-ci.yml': header + show });
  commitAll(trusted, 'applies');
  writeFiles(folder, {
    'twin.yaml': `
users:
  bot: {kind: service_account}
projects:
  acme/tools/app:
    folder: .
    variables: {HAND_OFF: {trigger_of: acme/trusted, owner: bot, masked: true}}
  acme/other:
    variables: {HAND_OFF: {trigger_of: acme/trusted, owner: bot}}
  acme/trusted:
    folder: ${JSON.stringify(trusted)}
    members: {bot: maintainer}
    settings: {ci_pipeline_variables_minimum_override_role: no_one_allowed}
    variables: {PROTECTED: {value: for main, protected: true}}
    schedules: {sweep: {cron: '0 2 * * *', ref: refs/heads/main, owner: bot, inputs: {pipeline: 9}}}
`,
  });
  const steps = ['open feature', 'schedule sweep in acme/trusted'];
  const ran = await tryLocal(folder, { steps });
  const told = ran.steps.map(({ pipelines }) => pipelines.map(({ title, status }) => [title, status]));
  expect(told).toEqual([
    [
      ['acme/tools/app pipeline 1 of refs/merge-requests/1/head (merge_request_event)', 'success'],
      ['acme/trusted pipeline 2 of main (trigger)', 'success'],
    ],
    [['acme/trusted pipeline 3 of main (schedule)', 'success']],
  ]);
  const logOf = ({ folder: at }: PipelineResult, job: string) =>
    readFileSync(join(at, 'logs', `${job}.log`), 'utf8');
  const [merge, applied] = ran.steps[0]?.pipelines ?? [];
  if (merge === undefined || applied === undefined) throw new Error('no pipelines');
  const gate = logOf(merge, 'gate');
  expect(gate).toMatch(/^201 /m);
  expect(gate).toMatch(/^400 .*Insufficient permissions to set pipeline variables/m);
  expect(logOf(applied, 'apply')).toContain('pipeline 7 by bot for main');
  expect(await ran.log('apply')).toContain('pipeline 9 by bot for main');
});

test('issues are printed as they stand, and what they say does nothing to the terminal', async () => {
  const folder = makeProject({
    ask: {
      script: ['for title in one two; do node -e "$REQUEST" "$title"; done', 'echo "{}" | node -e "$CLOSE"'],
    },
  });
  const common = `const at = process.env.CI_API_V4_URL + '/projects/' + process.env.CI_PROJECT_ID + '/issues';
    const send = (url, method, body) => fetch(url, { method, body: JSON.stringify(body), headers: {
      'private-token': process.env.TOKEN, 'content-type': 'application/json' } }).then((a) => console.log(a.status));
  `;
  const create = `send(at, 'POST', { title: process.argv[1] + String.fromCharCode(27) + '[31m', labels: 'b,a',
    description: 'First line\\n\\nlast line' })`;
  writeFiles(folder, {
    'twin.yaml': `
users: {bot: {role: maintainer}}
projects:
  acme/tools/app:
    folder: .
    variables:
      TOKEN: {token_of: bot}
      REQUEST: {value: ${JSON.stringify(common + create)}, raw: true}
      CLOSE: {value: ${JSON.stringify(`${common}send(at + '/2', 'PUT', { state_event: 'close' })`)}, raw: true}
`,
  });
  const ran = await tryLocal(folder, { steps: ['issues', 'push main', 'issues'] });
  expect(ran.outcomes).toEqual({ ask: 'success' });
  expect(ran.steps[0]?.text).toBe('acme/tools/app has no open issues');
  const [head = '', ...lines] = ran.steps[2]?.text.split('\n') ?? [];
  expect(head).toMatch(/^acme\/tools\/app#1 one\S* \(a, b\)$/);
  expect(head).not.toContain(String.fromCharCode(27));
  expect(lines).toEqual(['    First line', '', '    last line']);
});

test('a merge request of a fork runs in the fork, without the secrets of the project', async () => {
  const folder = makeFeature({ a: { script: ['test "$SECRET" = ""'], ...inMergeRequest } });
  writeFiles(folder, {
    'twin.yaml': `
users: {eve: {}}
projects:
  acme/tools/app: {folder: ., visibility: public, variables: {SECRET: x}}
  eve/app: {fork_of: acme/tools/app, members: {eve: owner}}
`,
  });
  commitAll(folder, 'two');
  const steps = ['open feature as eve in eve/app', 'notes', 'merge'];
  const ran = await tryLocal(folder, { steps });
  expect(ran.steps.map(({ text }) => text.split('\n')[0])).toEqual([
    'acme/tools/app!1',
    'acme/tools/app!1 two (opened)',
    'acme/tools/app!1 is merged into main',
  ]);
  const [opened] = ran.steps;
  expect(opened?.pipelines).toMatchObject([
    { title: 'eve/app pipeline 1 of refs/merge-requests/1/head (merge_request_event)', status: 'success' },
  ]);
  await expect(tryLocal(folder, { steps: ['push feature:new as eve in eve/app'] })).rejects.toMatchObject({
    ...{
      code: 'TWIN_STEP_IMPOSSIBLE',
      message: expect.stringContaining('eve/app has no folder to push from'),
    },
  });
});
