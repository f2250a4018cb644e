import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { otherParent } from '../../components/decide/pipeline-commit.ts';
import { findOpen } from '../../components/decide/sweep.ts';
import { createGitLab } from '../../components/gitlab/client.ts';
import type { Pipeline } from '../../components/twin/world/pipeline.ts';
import type { MergeRequest } from '../../components/twin/world/review.ts';
import { findUser } from '../../components/twin/world/world.ts';
import { repository } from '../session/support.ts';
import { pipewright, testContext } from '../support/cli.ts';
import { git, workspace } from '../support/workspace.ts';
import { type Boundary, notesOf, readDecision, startBoundary } from './boundary.ts';
import { agentPath, manifest, shopYaml } from './shop.ts';

const change = { 'src/price.js': 'export const vat = 19;\n' };
const note = { kind: 'note', topic: 0, body: 'A note.' } as const;
const forbidNotes = `apiVersion: pipewright/v1
kind: Policy
metadata: { name: no-notes }
spec:
  effect: forbid
  match: { actions: [propose], resources: [note] }
  message: No notes any more.
`;

test('a merge is of the head and of one other commit, and of nothing else', () => {
  const sha = fc.constantFrom('a', 'b', 'c', 'd');
  fc.assert(
    fc.property(fc.array(sha, { maxLength: 4 }), sha, (parents, head) => {
      const other = otherParent(parents, head);
      const isMerge = new Set(parents).size === 2 && parents.length === 2 && parents.includes(head);
      expect(other !== undefined).toBe(isMerge);
      if (other !== undefined) expect(new Set(parents)).toEqual(new Set([head, other]));
    }),
  );
});

/** A shop whose merge requests have pipelines of merged results. */
async function startMerging(yaml: string): Promise<Boundary> {
  const boundary = await startBoundary({ yaml });
  const { twin } = boundary;
  Object.assign(twin.world, { tier: 'premium' });
  twin.project('acme/shop').settings.merge_pipelines_enabled = true;
  return boundary;
}

const headOf = ({ versions }: MergeRequest) => versions.at(-1)?.headSha ?? '';

/** A pipeline as a merge train has it, of the commit of another. */
async function train({ twin }: Boundary, { iid }: MergeRequest, { sha, mergeRequest }: Pipeline) {
  const user = findUser(twin.world, 'alice');
  const merged = mergeRequest?.merged;
  if (user === undefined || merged === undefined) throw new Error('nobody, or no merged results');
  const project = twin.project('acme/shop');
  const created = await twin.pipelines.create({
    ...{ project, sha, user, source: 'merge_request_event', ref: `refs/merge-requests/${iid}/train` },
    mergeRequest: { projectId: project.id, iid, merged: { ...merged, event: 'merge_train' } },
  });
  if (!created.ok) throw new Error(created.messages.join());
  await twin.pipelines.settled(created.pipeline);
  return created.pipeline;
}

const include = (id: string, more: string) => `
  - component: $CI_SERVER_FQDN/pipewright/pipewright/${id}@main
    inputs:
      image: registry.example.com/pipewright:1
${more}`;
const componentsYaml = `
build: { script: [echo], rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
include:${include('gate', '      stage: test\n      pipelines: merge-request\n      mode: enforce\n      trusted-project: acme/agents\n      hand-off: always\n')}${include(
  'run',
  `      agent: ${agentPath}\n      cassette: none.jsonl\n`,
)}`;

// One twin for all of them, which a single test owns.
test('a decision binds to the head and to what GitLab merged it with', { timeout: 120_000 }, async () => {
  const boundary = await startMerging(shopYaml);
  const { twin, open, plant, bundleFor, apply } = boundary;
  const { mergeRequest, pipeline } = await open('price', change);
  const head = headOf(mergeRequest);
  const targetHead = await twin.repositories.resolve(twin.project('acme/shop'), 'refs/heads/main');
  expect([pipeline.ref, pipeline.sha === head]).toEqual(['refs/merge-requests/1/merge', false]);
  plant(pipeline, bundleFor(mergeRequest, [note]));
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  const first = await apply(asked, { args: ['--status'] });
  expect(first.exitCode, first.stdout + first.stderr).toBe(0);
  expect(readDecision(first.cwd).target).toMatchObject({ head, targetHead });
  expect(first.stdout).toContain(
    `merged results of ${head.slice(0, 12)} and ${String(targetHead).slice(0, 12)}\n`,
  );
  expect(pipeline.jobs.map(({ name, status }) => `${name} ${status}`)).toContain(
    'pipewright/decision success',
  );
  expect(notesOf(mergeRequest)).toHaveLength(1);

  const inTrain = await train(boundary, mergeRequest, pipeline);
  plant(inTrain, bundleFor(mergeRequest, [{ ...note, body: 'From a train.' }]));
  const refused = await apply({ ...asked, pipeline: inTrain.id });
  expect(refused.stdout).toMatch(/it is a pipeline of a merge train, which only checks what is about/);
  expect(refused.exitCode).toBe(22);

  // The sweep takes the newest pipeline of the head, which is no train's.
  const gitlab = createGitLab(testContext(workspace()), {
    ...{ apiUrl: `${twin.url}/api/v4`, token: { kind: 'private', value: twin.tokenOf('bot') } },
  });
  const passed: string[] = [];
  const sweep = () =>
    Array.fromAsync(
      findOpen(gitlab, ['acme/shop'], {
        onMissing: (project) => void passed.push(project),
        onPassed: (_project, _mergeRequest, why) => void passed.push(why),
      }),
    );
  expect(await sweep()).toEqual([{ project: twin.project('acme/shop').id, ...asked }]);

  // The target branch moves: the proposal still is of this head, and policies are those of now.
  const tip = await twin.push('acme/shop', 'main', { 'policies/a.policy.yaml': forbidNotes });
  const later = await apply(asked);
  expect(later.stdout).toContain(
    `the target branch has moved on since, and manifests and policies count as they are at ${tip.slice(0, 12)}`,
  );
  expect(later.stdout).toMatch(/note "review": DENIED\n +project\/no-notes/);
  const { target, policies } = readDecision(later.cwd);
  expect([target.targetHead, policies.commit]).toEqual([targetHead, tip]);

  await twin.push('acme/shop', 'price', { 'src/price.js': 'export const vat = 7;\n' }, 'alice');
  const newest = await twin.newest('acme/shop');
  const old = await apply(asked);
  expect(old.stdout).toMatch(/of another commit than the present head/);
  expect(old.exitCode).toBe(22);
  expect((await sweep()).map((one) => one.pipeline)).toEqual([newest.id]);
  expect(passed).toEqual([]);
  expect(newest.mergeRequest?.merged).toMatchObject({ sourceSha: headOf(mergeRequest), targetSha: tip });

  // The advice binds to the same, and a merge train runs no agent and hands nothing on.
  const edited = {
    ...{ [agentPath]: manifest.replace('one change', 'a change'), '.gitlab-ci.yml': componentsYaml },
  };
  const other = await open('agent', edited);
  const gate = twin.job(other.pipeline, 'pipewright-gate');
  expect(gate.trace).toContain(`merged results of ${headOf(other.mergeRequest).slice(0, 12)} and`);
  expect(gate.trace).toMatch(/^handed off to acme\/agents/m);
  const file = '.pipewright/gate/pipewright/decision.json';
  const report = JSON.parse(readFileSync(join(gate.artifacts?.folder ?? '', file), 'utf8'));
  expect(report.target).toMatchObject({ head: headOf(other.mergeRequest), targetHead: tip });
  expect(report.agents).toMatchObject([{ path: agentPath, verdict: 'allowed' }]);

  const advised = await train(boundary, other.mergeRequest, other.pipeline);
  const names = (jobs: Pipeline['jobs']) => jobs.map(({ name }) => name).sort();
  expect(names(other.pipeline.jobs)).toEqual(['build', 'pipewright-gate', 'pipewright-run']);
  expect(names(advised.jobs)).toEqual(['build', 'pipewright-gate']);
  const trace = twin.job(advised, 'pipewright-gate').trace;
  expect(trace).toMatch(/not handed off: a merge train only checks what is about to be merged/);
  expect(trace).not.toMatch(/handed off to/);
});

test('a checkout that is another commit than GitLab says advises nothing', async () => {
  const cwd = repository({ 'README.md': 'x\n' });
  const [source, target] = ['feature', 'main'].map((name) => git(cwd, 'rev-parse', name).trim());
  const env = {
    ...{ GITLAB_CI: 'true', CI_PIPELINE_SOURCE: 'merge_request_event', CI_PROJECT_ID: '7' },
    ...{ CI_MERGE_REQUEST_IID: '1', CI_MERGE_REQUEST_EVENT_TYPE: 'merged_result' },
    ...{ CI_MERGE_REQUEST_PROJECT_ID: '7', CI_MERGE_REQUEST_PROJECT_PATH: 'acme/shop' },
    ...{ CI_MERGE_REQUEST_SOURCE_PROJECT_ID: '7', CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/shop' },
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: 'feature',
    ...{ CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source ?? '', CI_MERGE_REQUEST_TARGET_BRANCH_SHA: target ?? '' },
    CI_MERGE_REQUEST_DIFF_BASE_SHA: target ?? '',
  };
  const run = await pipewright(['gate'], { cwd, env });
  expect(run.stderr).toContain('DECIDE_NOT_MERGED');
  expect(run.stderr).toContain(`expected the parents ${target} ${source}, got ${target}`);
  expect(run.exitCode).toBe(22);
  git(cwd, 'switch', '--quiet', '--detach', 'main');
  git(cwd, 'merge', '--quiet', '--no-ff', '--message', 'merged', 'feature');
  const merged = await pipewright(['gate'], { cwd, env });
  expect(merged.exitCode, merged.stderr).toBe(0);
});
