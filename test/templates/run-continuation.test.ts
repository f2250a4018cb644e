import { randomBytes, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Job, Pipeline } from '../../components/twin/world/pipeline.ts';
import { templates } from '../decide/shop.ts';
import { agentPath, agentYaml, runWith, scripted, turn } from '../session/support.ts';
import { directoryStore } from '../stores/support.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, workspace } from '../support/workspace.ts';
import { startTestTwin, type TestTwin, testMachine } from '../twin/harness.ts';

// In a job of a minute the time of a session is over before it begins: the last minute is for what follows it.
const yaml = (pipelines: string) => `spec:
  inputs:
    session: { default: '' }
    head: { default: '' }
    hop: { type: number, default: 0 }
    time: { default: 1 minute }
    later: { default: 1 hour }
---
include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/run@main
    inputs: &run
      image: registry.example.com/pipewright:1
      agent: ${agentPath}
      cassette: turns.jsonl
      pipelines: ${pipelines}
      session: $[[ inputs.session ]]
      head: $[[ inputs.head ]]
      continuation: true
      carry: '{"time": "$[[ inputs.later ]]", "later": "$[[ inputs.later ]]"}'
      hop: $[[ inputs.hop ]]
  - component: $CI_SERVER_FQDN/pipewright/pipewright/run@main
    inputs:
      <<: *run
      job-prefix: other
      session: ''
pipewright-run: { timeout: "$[[ inputs.time ]]" }
other-run: { timeout: 1 hour }
`;

const agent = agentYaml({ tools: '[]' });
const turns = [turn('Done.')];

async function recorded(): Promise<string> {
  const cwd = workspace({ [agentPath]: agent });
  commitAll(cwd);
  const [context, session] = [testContext(cwd), randomUUID()];
  const lines: string[] = [];
  const log = await directoryStore(context, workspace()).open(session, 'begin');
  await runWith(context, { model: scripted(turns, (line) => lines.push(line)), log, session });
  await log.close();
  return lines.join('');
}

interface Started {
  readonly pipelines?: 'branch' | 'merge-request';
  readonly key?: boolean;
  readonly text?: string;
}

async function start({
  pipelines = 'branch',
  key = true,
  text = yaml(pipelines),
}: Started): Promise<TestTwin> {
  const twin = await startTestTwin({ machine: testMachine({ entry: resolve('scripts/main.ts') }) });
  await twin.addProject('pipewright/pipewright', templates(), { visibility: 'public' });
  const files = { '.gitlab-ci.yml': text, [agentPath]: agent, 'turns.jsonl': await recorded() };
  const value = randomBytes(32).toString('base64');
  await twin.addProject('acme/shop', files, {
    variables: key ? { PIPEWRIGHT_SESSION_KEY: { value, masked: true } } : {},
  });
  return twin;
}

/** Starts a pipeline of main, and gives the runs of the session in this one and in those it has started, in order. */
async function chain(twin: TestTwin, inputs: Readonly<Record<string, unknown>>): Promise<readonly Job[]> {
  const { id } = (await twin.api('POST', '/projects/acme%2Fshop/pipeline', {
    json: { ref: 'main', inputs },
  })) as Pipeline;
  const jobs: Job[] = [];
  for (let next = twin.world.pipelines.get(id); next !== undefined; ) {
    await twin.pipelines.settled(next);
    const job = twin.job(next, 'pipewright-run');
    jobs.push(job);
    const started = Number(/^it goes on in pipeline (\d+)/m.exec(job.trace)?.[1]);
    next = twin.world.pipelines.get(started);
  }
  return jobs;
}

const sessionOf = ({ trace }: Job) => /^session (\S+), job (\d+) of it/m.exec(trace)?.slice(1);

describe('on a branch, with the token of the job and no other', () => {
  test('a session whose job is over goes on in a new pipeline, where no other session begins', async () => {
    const twin = await start({});
    const [first, second, ...more] = await chain(twin, {});
    expect([first?.exitCode, second?.exitCode, more], second?.trace ?? first?.trace).toEqual([30, 0, []]);
    expect(first?.trace).toContain('continue: the job is about to end');
    expect(first?.trace).toMatch(/it goes on in pipeline \d+, the 1 of at most 20/);
    const [id] = (first && sessionOf(first)) ?? [];
    expect(second && sessionOf(second)).toEqual([id, '2']);
    const pipelines = [...twin.world.pipelines.values()].filter(({ source }) => source === 'pipeline');
    expect(pipelines.map(({ jobs }) => jobs.map(({ name }) => name))).toEqual([['pipewright-run']]);
  });

  test('it starts twenty pipelines for itself, and says how a person goes on then', async () => {
    const twin = await start({});
    const jobs = await chain(twin, { hop: 19, later: '1 minute' });
    expect(jobs.map(({ exitCode }) => exitCode)).toEqual([30, 30]);
    expect(jobs.at(-1)?.trace).toContain('it has started 20 pipelines for itself, which is the limit');
    expect(jobs.at(-1)?.trace).toContain(
      `go on with it in another job: pipewright run --agent=${agentPath} --session=`,
    );
  });

  test('records that lie among the artifacts are found by no other pipeline, so none is started', async () => {
    const [job, ...more] = await chain(await start({ key: false }), {});
    expect([job?.exitCode, more]).toEqual([30, []]);
    expect(job?.trace).toContain(
      'it does not go on by itself: its records are among the artifacts of this job',
    );
  });

  test('a configuration without the inputs is told, in the words of GitLab', async () => {
    const text = yaml('branch')
      .replace('    hop: { type: number, default: 0 }\n', '')
      .replace('      hop: $[[ inputs.hop ]]\n', '');
    const [job, ...more] = await chain(await start({ text }), {});
    expect([job?.exitCode, more]).toEqual([30, []]);
    expect(job?.trace).toMatch(/it does not go on by itself: GitLab started no pipeline: .*hop/);
  });
});

test('in a merge request a manual job of the same pipeline goes on, also without a key', async () => {
  const twin = await start({ pipelines: 'merge-request', key: false });
  await twin.push('acme/shop', 'feature', { 'README.md': 'more\n' });
  await twin.api('POST', '/projects/acme%2Fshop/merge_requests', {
    json: { source_branch: 'feature', target_branch: 'main', title: 'More' },
  });
  const pipeline = await twin.newest('acme/shop');
  const first = twin.job(pipeline, 'pipewright-run');
  expect([pipeline.status, first.exitCode], first.trace).toEqual(['success', 30]);
  expect(first.trace).toContain('play the job pipewright-more-run of this one');
  const waiting = twin.job(pipeline, 'pipewright-more-run');
  expect([waiting.status, waiting.allowFailure]).toEqual(['manual', true]);
  await twin.api('POST', `/projects/acme%2Fshop/jobs/${waiting.id}/play`);
  await twin.pipelines.settled(pipeline);
  const more = twin.job(pipeline, 'pipewright-more-run');
  expect(more.exitCode, more.trace).toBe(0);
  const [id] = sessionOf(first) ?? [];
  expect(sessionOf(more)).toEqual([id, '2']);
  const folder = join(more.artifacts?.folder ?? '', '.pipewright/run/pipewright-more');
  expect(JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'))).toMatchObject({
    outcome: 'complete',
    session: { id },
  });
});
