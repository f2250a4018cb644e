import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createGitLab } from '../../../components/gitlab/client.ts';
import { createNote } from '../../../components/gitlab/endpoints/notes.ts';
import type { MergeRequest } from '../../../components/twin/world/review.ts';
import { addVariable } from '../../../components/twin/world/seed.ts';
import { findUser } from '../../../components/twin/world/world.ts';
import { startTestTwin, type TestTwin, testMachine } from '../../twin/harness.ts';
import { known } from './start.ts';

const configuration = `
workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
check:
  script:
    - if test -f good; then echo green; else echo red; fi > result
    - test -f good
  artifacts: { paths: [result], when: always }
report:
  stage: deploy
  when: always
  script: [REPORT]
`;

/** A project whose jobs have the client as \`pipewright\` and the token of a service account in BOT_TOKEN. */
async function start(report: string) {
  const twin = await startTestTwin({
    machine: testMachine({ entry: join(import.meta.dirname, 'note-job.ts') }),
    setUp: { users: { bot: { kind: 'service_account', role: 'developer' } } },
  });
  const files = { '.gitlab-ci.yml': configuration.replace('REPORT', report) };
  const shop = await twin.addProject('acme/shop', files);
  addVariable(shop, { key: 'BOT_TOKEN', value: twin.tokenOf('bot'), masked: true });
  await twin.push('acme/shop', 'feature', { bad: 'x' });
  await twin.api('POST', '/projects/acme%2Fshop/merge_requests', {
    json: { source_branch: 'feature', target_branch: 'main', title: 'A feature' },
  });
  return twin;
}

function mergeRequestOf({ project }: TestTwin): MergeRequest {
  return known(project('acme/shop').mergeRequests.get(1), 'merge request');
}

const notesOf = (twin: TestTwin) => mergeRequestOf(twin).notes.filter(({ system }) => !system);

test('two pushes: a job writes the note as a service account, the next one changes it in place', async () => {
  const twin = await start('pipewright "$(cat result)" BOT_TOKEN');
  const red = await twin.newest('acme/shop');
  expect(red.status).toBe('failed');
  expect(twin.job(red, 'report').trace).toContain('note created');
  const [first, ...others] = notesOf(twin);
  expect(others).toEqual([]);
  expect(first).toMatchObject({
    body: `red in pipeline ${red.iid}\n\n<!-- check -->`,
    authorId: findUser(twin.world, 'bot')?.id,
  });
  await twin.push('acme/shop', 'feature', { good: 'x' });
  const green = await twin.newest('acme/shop');
  expect(green.status).toBe('success');
  expect(twin.job(green, 'report').trace).toContain('note updated');
  expect(notesOf(twin)).toMatchObject([
    {
      ...{ id: first?.id, authorId: first?.authorId },
      body: `green in pipeline ${green.iid}\n\n<!-- check -->`,
    },
  ]);
  expect(twin.journal.mistakes()).toEqual([]);
});

test("with the job's own token it is refused, and the failure says what to do", async () => {
  const twin = await start('pipewright "$(cat result)"');
  const { trace, exitCode } = twin.job(await twin.newest('acme/shop'), 'report');
  expect(exitCode).toBe(3);
  expect(trace).toMatch(/GITLAB_UNAUTHORIZED: POST \S+\/notes: GitLab refuses the job token: /);
  expect(trace).toContain('A job token is valid only while its job runs');
  expect(notesOf(twin)).toEqual([]);
});

test('a line of a text that is a quick action acts: what strangers wrote must not begin a line', async () => {
  const twin = await start('true');
  const bot = known(findUser(twin.world, 'bot'), 'bot');
  const gitlab = createGitLab(twin.context, {
    apiUrl: `${twin.url}/api/v4`,
    token: { kind: 'private', value: twin.tokenOf('bot') },
  });
  const marker = '<!-- check -->';
  const target = { project: 'acme/shop', mergeRequest: 1, marker, author: bot.id };
  await createNote(gitlab, { ...target, body: `The title is \`/close\`\n\n    /close\n\n${marker}` });
  expect(mergeRequestOf(twin).state).toBe('opened');
  const { body } = await createNote(gitlab, { ...target, body: `The title is\n/close\n\n${marker}` });
  expect(body).not.toContain('/close');
  expect(mergeRequestOf(twin).state).toBe('closed');
});
