import { expect, test } from 'vitest';
import { stoppedNames } from '../../components/decide/environments.ts';
import { whyNoPipeline } from '../../components/decide/rights.ts';
import { digestBytes } from '../../components/kernel/canonical.ts';
import type { ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { digestChoices, planChoices } from '../../components/proposals/choices.ts';
import { createEnvironment } from '../../components/twin/api/environments.ts';
import { startBoundary } from './boundary.ts';
import { certified, manifest as plain } from './shop.ts';

const environments = ['review/1', 'production', 'gone'];
const extension = { proposals: { status: { names: ['risk'] }, 'environment-stop': { environments } } };
const manifest = plain
  .replace(/extensions: .*/, `extensions: { pipewright: ${JSON.stringify(extension)} }`)
  .replace('tier_2_write_limited', 'tier_3_write_elevated');
const certificate = certified
  .replace(/sha256:[0-9a-f]{64}/, digestBytes(manifest))
  .replace('level: bronze', 'level: silver');
type Proposals = ProposalBundle['proposals'];
const status = (description: string, state: 'success' | 'failed' = 'failed'): Proposals[number] => ({
  ...{ kind: 'status', name: 0, state, description },
});
const stop = (environment: number): Proposals[number] => ({
  ...{ kind: 'environment-stop', environment, reason: 'Its branch is merged, @all.' },
});

test('a status and a stop are done once on what was decided, and production is stopped by nobody', async () => {
  const { twin, open, plant, bundleFor, apply } = await startBoundary({
    ...{ manifest, organisation: { 'certified.policy.yaml': certificate } },
  });
  const shop = twin.project('acme/shop');
  const review = createEnvironment(twin.world, shop, 'review/1');
  const production = createEnvironment(twin.world, shop, 'production');
  const { mergeRequest, pipeline } = await open('price', { 'src/price.js': 'export const vat = 19;\n' });
  const decide = (proposals: Proposals) => {
    const choices = digestChoices(planChoices(extension, 'reviewer'));
    plant(pipeline, { ...bundleFor(mergeRequest, proposals), choices });
    return apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
  };
  // Both ask for tier 3, which needs an approval; the stop for one of its own, too.
  const early = await decide([status('Two risks.'), stop(0)]);
  expect([early.exitCode, early.stdout]).toEqual([
    21,
    expect.stringMatching(/default\/four-eyes[\s\S]*default\/environment-stop-unapproved/),
  ]);
  expect(review.state).toBe('available');
  const at = `/projects/acme%2Fshop/merge_requests/${mergeRequest.iid}/approve`;
  await twin.api('POST', at, { as: 'mallory' });
  const done = await decide([status('Two risks, @all.'), stop(0)]);
  expect([done.exitCode, done.stdout], done.stderr).toEqual([
    0,
    expect.stringMatching(
      /status "risk failed: Two risks, @ all\.": allowed[\s\S]*created[\s\S]*"review\/1: Its .*": allowed[\s\S]*updated/,
    ),
  ]);
  const statuses = () =>
    pipeline.jobs
      .filter(({ name, retried }) => name.startsWith('pipewright/') && !retried)
      .map((job) => [job.name, job.status, job.pipelineId]);
  expect(statuses()).toEqual([['pipewright/reviewer/risk', 'failed', pipeline.id]]);
  expect(review.state).toBe('stopped');
  const again = await decide([status('Two risks, @all.'), stop(0)]);
  expect(again.stdout.match(/^ +unchanged$/gm), again.stdout).toHaveLength(2);
  const denied = await decide([status('Mended.', 'success'), stop(1), stop(2)]);
  expect(denied.exitCode).toBe(21);
  expect(denied.stdout).toMatch(/"production: .*": DENIED.*\n +default\/environment-stop-production/);
  expect(denied.stdout).toMatch(/"gone: .*": DENIED.*\n +the project has no environment gone\n/);
  expect(statuses()).toEqual([['pipewright/reviewer/risk', 'success', pipeline.id]]);
  expect(production.state).toBe('available');
}, 60_000);

test('what is looked up is of the manifest’s list, and a fork’s pipeline takes no status', () => {
  expect(stoppedNames([], () => undefined)).toEqual([]);
  expect(whyNoPipeline({ fork: true }, 'status')).toMatch(/one of a fork/);
  expect(whyNoPipeline({ fork: true }, 'note')).toBeUndefined();
  expect(whyNoPipeline({ fork: false }, 'status')).toBeUndefined();
});
