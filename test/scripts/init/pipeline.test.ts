import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Pipeline } from '../../../components/twin/world/pipeline.ts';
import { served, startTrusted, trusted, trustedFiles } from '../../setup/trusted-setup.ts';
import { type TestTwin, testMachine } from '../../twin/harness.ts';

const machine = () => testMachine({ entry: resolve('scripts/main.ts') });

const shopYaml = `
check:
  rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }]
  script: ['true']
`;

/** What a stranger with the trigger token can send. */
async function trigger(twin: TestTwin, body: Readonly<Record<string, unknown>>): Promise<Response> {
  const token = twin.project(served).variables.find(({ key }) => key === 'PIPEWRIGHT_TRIGGER_TOKEN')?.value;
  return fetch(`${twin.url}/api/v4/projects/acme%2Fagents/trigger/pipeline`, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ ref: 'main', token, ...body }),
  });
}

const names = ({ jobs }: Pipeline) => jobs.map(({ name }) => name);

describe('the files that init writes', () => {
  test('decide about the merge request whose three numbers a trigger token brings', async () => {
    const { twin, shop } = await startTrusted({ machine: machine() });
    await twin.push(served, 'main', { '.gitlab-ci.yml': shopYaml });
    await twin.push(served, 'price', { 'src/price.js': 'export const vat = 19;\n' }, 'alice');
    const { iid } = (await twin.api('POST', `/projects/${shop.id}/merge_requests`, {
      ...{ as: 'alice', json: { source_branch: 'price', target_branch: 'main', title: 'VAT' } },
    })) as { iid: number };
    const { id } = await twin.newest(served);
    const send = async (mergeRequest: number) => {
      const inputs = { project: shop.id, 'merge-request': mergeRequest, pipeline: id };
      const answer = await trigger(twin, { inputs });
      expect(answer.status, await answer.text()).toBe(201);
      const pipeline = await twin.newest(trusted);
      expect(names(pipeline)).toEqual(['pipewright-apply']);
      return twin.job(pipeline, 'pipewright-apply');
    };
    const decided = await send(iid);
    expect(decided.status, decided.trace).toBe('success');
    expect(decided.trace).toMatch(/decision: nothing to decide/);
    expect(decided.trace).toMatch(/signed with the key sha256:/);
    const stray = await send(iid + 1);
    expect(stray.status).toBe('failed');
    expect(stray.trace).toMatch(/acme\/shop has no merge request 2[\s\S]*NO DECISION/);
  });

  test('take nothing but the three numbers, whoever has the token', async () => {
    const { twin } = await startTrusted();
    const refused = [
      ...['1; id', '$(id)', '', [1], { a: 1 }].map((project) => ({ inputs: { project } })),
      { inputs: { image: 'evil.example.com/x' } },
      { inputs: { project: 1, 'merge-request': 1, pipeline: 1, sweep: 'acme/other' } },
      { variables: { BASH_ENV: 'evil.sh' } },
      { ref: 'idea' },
      { ref: 'refs/tags/main' },
    ];
    for (const body of refused) {
      const { status } = await trigger(twin, body);
      expect([400, 422], JSON.stringify(body)).toContain(status);
    }
    // GitLab keeps a pipeline without jobs for some mistakes in inputs, to show them.
    expect([...twin.world.pipelines.values()].flatMap(names)).toEqual([]);
  });

  test('sweep on the schedule, and make no pipeline of a push', async () => {
    const { twin, trusted: project } = await startTrusted({ machine: machine() });
    await twin.push(trusted, 'main', { 'note.txt': 'a push\n' });
    expect([...twin.world.pipelines.values()]).toEqual([]);
    const [schedule] = [...project.schedules.values()];
    await twin.api('POST', `/projects/${project.id}/pipeline_schedules/${schedule?.id}/play`, {
      as: 'starter',
    });
    const pipeline = await twin.newest(trusted);
    expect(names(pipeline)).toEqual(['pipewright-apply']);
    expect(pipeline.status, twin.job(pipeline, 'pipewright-apply').trace).toBe('success');
  });
});

describe('with an agent of its own', () => {
  const files = trustedFiles({ agent: 'agents/reviewer.ossa.yaml', cassette: 'agents/turns.jsonl' });

  test('a session begins for a merge request that is named, and is decided about after it', async () => {
    const { twin, shop } = await startTrusted({ machine: machine() }, files);
    await trigger(twin, { inputs: { project: shop.id, 'merge-request': 7, pipeline: 1 } });
    const pipeline = await twin.newest(trusted);
    expect(names(pipeline)).toEqual(['trusted-run', 'pipewright-apply']);
    // There is no such merge request, so the session does not begin, and nothing is decided.
    expect(twin.job(pipeline, 'trusted-run').trace).toMatch(
      /--project=\d+ --merge-request=7|SESSION_MERGE_REQUEST_UNREADABLE/,
    );
    expect(twin.job(pipeline, 'trusted-run').status).toBe('failed');
    expect(twin.job(pipeline, 'pipewright-apply').status).toBe('skipped');
  });

  test('one that goes on is named by its job, and gets the same numbers; none begins without them', async () => {
    const { twin, shop } = await startTrusted({ machine: machine() }, files);
    const numbers = { project: shop.id, 'merge-request': 7, pipeline: 1 };
    const session = { session: '8f14e45f-ceea-467f-9575-6e0c4f1d2b3a', head: `3:${'ab'.repeat(16)}`, hop: 1 };
    expect((await trigger(twin, { inputs: { ...numbers, ...session } })).status).toBe(201);
    const { trace } = twin.job(await twin.newest(trusted), 'trusted-run');
    expect(trace).toMatch(/--session=8f14e45f\S+ --head=3:abab\S+|SESSION_MERGE_REQUEST_UNREADABLE/);
    const hostile = ['x; id', '../x', '$(id)'].flatMap((text) => [{ session: text }, { head: text }]);
    for (const inputs of hostile)
      expect([400, 422]).toContain((await trigger(twin, { inputs: { ...numbers, ...inputs } })).status);
  });

  test('none begins on the schedule', async () => {
    const { twin, trusted: project } = await startTrusted({ machine: machine() }, files);
    const [schedule] = [...project.schedules.values()];
    await twin.api('POST', `/projects/${project.id}/pipeline_schedules/${schedule?.id}/play`, {
      as: 'starter',
    });
    const pipeline = await twin.newest(trusted);
    expect(names(pipeline)).toEqual(['pipewright-apply']);
    expect(pipeline.status, twin.job(pipeline, 'pipewright-apply').trace).toBe('success');
  });
});
