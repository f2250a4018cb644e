import { describe, expect, test } from 'vitest';
import { findUser } from '../../components/twin/world/world.ts';
import { notesOf, readDecision, startBoundary } from './boundary.ts';
import { agentPath, manifest } from './shop.ts';

const change = { 'src/price.js': 'export const vat = 19;\n' };
const note = { kind: 'note', topic: 0, body: 'A note.' } as const;
const label = { kind: 'label', label: 0 } as const;

describe('policies of the trusted project and of the target branch', () => {
  const forbid = (condition: string) => `apiVersion: pipewright/v1
kind: Policy
metadata: { name: no-labels }
spec:
  effect: forbid
  match: { actions: [propose], resources: [label] }
  conditions: ["${condition}"]
  message: Labels are set by people here.
  fix: Ask a maintainer.
`;

  test('without a certificate a label is denied, and the note of the same bundle is written', async () => {
    const { open, plant, bundleFor, apply } = await startBoundary({ organisation: {} });
    const { mergeRequest, pipeline } = await open('price', change);
    plant(pipeline, bundleFor(mergeRequest, [note, label]));
    const run = await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
    expect(run.exitCode).toBe(21);
    expect(run.stdout).toMatch(
      /note "review": allowed[\s\S]*label "risky": DENIED\n +default\/[a-z-]*certif/,
    );
    expect(notesOf(mergeRequest)).toHaveLength(1);
    expect(mergeRequest.labels).toEqual([]);
  });

  test.each([
    ['does not compile', 'context.approvals >', /POLICY_EXPRESSION/],
    [
      'asks for a fact that does not exist',
      "agent.mood == 'good'",
      /POLICY_EXPRESSION[\s\S]*agent\.mood|mood/,
    ],
  ])('a policy that %s leaves all undecided, with its place', async (_, condition, words) => {
    const { open, plant, bundleFor, apply } = await startBoundary({
      shop: { 'policies/a.policy.yaml': forbid(condition) },
    });
    const { mergeRequest, pipeline } = await open('price', change);
    plant(pipeline, bundleFor(mergeRequest, [note]));
    const run = await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
    expect(run.stdout).toMatch(/policies\/a\.policy\.yaml:7:\d+ error POLICY_EXPRESSION/);
    expect(run.stdout).toMatch(words);
    expect(run.exitCode).toBe(22);
    expect(notesOf(mergeRequest)).toEqual([]);
  });

  test('a policy or a manifest that the source branch changes changes nothing', async () => {
    const boundary = await startBoundary({ shop: { 'policies/a.policy.yaml': forbid('true') } });
    const { open, plant, bundleFor, apply } = boundary;
    const { mergeRequest, pipeline } = await open('loose', {
      ...change,
      'policies/a.policy.yaml': null,
      [agentPath]: manifest.replace('"risky"', '"risky","approved"'),
    });
    plant(pipeline, { ...bundleFor(mergeRequest, [{ kind: 'label', label: 1 }]) });
    const run = await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
    expect(run.exitCode).toBe(21);
    expect(mergeRequest.labels).toEqual([]);
    plant(pipeline, bundleFor(mergeRequest, [note, label]));
    const again = await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
    const [asNote, asLabel] = readDecision(again.cwd).bundles[0].proposals;
    expect([asNote.verdict, asLabel.verdict]).toEqual(['allowed', 'denied']);
    expect(asLabel.policies.map(({ id }: { id: string }) => id)).toEqual([
      ...['default/policy-change-unapproved', 'project/no-labels'],
    ]);
    expect(asNote.facts).toMatchObject({
      ...{ 'context.changes_policies': true, 'context.place': 'trusted', 'context.approvals': 0 },
      ...{ 'resource.merge_request': mergeRequest.iid, 'resource.target_branch': 'main' },
    });
  });
});

test('a proposal may do no more than the user who started its pipeline', async () => {
  const { open, plant, bundleFor, apply, twin } = await startBoundary();
  const { mergeRequest, pipeline } = await open('price', change);
  plant(pipeline, bundleFor(mergeRequest, [note, label]));
  twin.project('acme/shop').members.set(pipeline.userId, 20);
  const run = await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
  expect(run.stdout).toMatch(
    /alice, who started the pipeline, may not do this in the project: it needs the role developer/,
  );
  expect(notesOf(mergeRequest)).toHaveLength(1);
  expect(mergeRequest.labels).toEqual([]);
  twin.project('acme/shop').members.delete(pipeline.userId);
  expect((await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id })).stdout).toMatch(
    /needs the role reporter/,
  );
});

test('tier 3 needs the approval of another, given after the last push, and a policy that of owners of code', async () => {
  const elevated = manifest.replace('tier_2_write_limited', 'tier_3_write_elevated');
  const { open, plant, bundleFor, apply, twin } = await startBoundary({
    manifest: elevated,
    organisation: {
      'owners.policy.yaml': `apiVersion: pipewright/v1
kind: Policy
metadata: { name: owners }
spec:
  effect: forbid
  match: { actions: [propose] }
  conditions: ["!context.code_owners_approved"]
  message: Owners of the changed files have not approved.
`,
    },
    shop: { '.gitlab/CODEOWNERS': '[Code] @Mallory\n/src/\n^[Docs] @alice\n/docs/\n' },
  });
  const { mergeRequest, pipeline } = await open('price', change);
  plant(pipeline, bundleFor(mergeRequest, [note]));
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  const denied = await apply(asked);
  expect(denied.stdout).toMatch(/default\/four-eyes/);
  expect(denied.exitCode).toBe(21);
  const approve = (as: string) =>
    twin.api('POST', `/projects/acme%2Fshop/merge_requests/${mergeRequest.iid}/approve`, { as });
  twin.project('acme/shop').members.set(findUser(twin.world, 'rita')?.id ?? 0, 30);
  await approve('rita');
  const byAnother = await apply(asked);
  expect(byAnother.stdout).toMatch(/organisation\/owners/);
  expect(byAnother.stdout).not.toMatch(/default\/four-eyes/);
  await approve('mallory');
  const allowed = await apply(asked);
  expect(allowed.exitCode, allowed.stdout).toBe(0);
});
