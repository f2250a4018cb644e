import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsePublicKey, parseSeed } from '../../components/attest/keys.ts';
import { verifyEnvelope } from '../../components/attest/verify.ts';
import { decisionType } from '../../components/decide/statement.ts';
import { findUser } from '../../components/twin/world/world.ts';
import { pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { type Boundary, notesOf, readDecision, startBoundary } from './boundary.ts';
import { seed } from './shop.ts';

test('what is allowed is done once, whatever is run again, and the decision is signed', async () => {
  const { twin, open, plant, bundleFor, apply } = await startBoundary();
  const { mergeRequest, pipeline } = await open('price', { 'src/price.js': 'export const vat = 19;\n' });
  const bundle = bundleFor(mergeRequest, [
    {
      kind: 'note',
      topic: 0,
      body: 'VAT is **19**, not 0.19.\n\n/close\n@alice see ![x](https://evil.example/?s)',
    },
    { kind: 'label', label: 0 },
    { kind: 'issue', title: 'One unit for rates', body: 'Pick a unit.', labels: [] },
  ]);
  plant(pipeline, bundle);
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  const first = await apply(asked);
  expect(first.exitCode, first.stdout + first.stderr).toBe(0);
  const [note, ...others] = notesOf(mergeRequest);
  expect(others).toEqual([]);
  expect(note?.authorId).toBe(findUser(twin.world, 'bot')?.id);
  expect(note?.body).toContain('VAT is **19**, not 0.19.');
  expect(note?.body).toContain('\\/close\n\\@alice see \\![x] (`https://evil.example/?s`)');
  expect(mergeRequest.state).toBe('opened');
  expect(mergeRequest.labels).toEqual(['risky']);
  const issues = () => [...twin.project('acme/shop').issues.values()];
  expect(issues().map(({ title, state }) => ({ title, state }))).toEqual([
    { title: 'One unit for rates', state: 'opened' },
  ]);
  const before = structuredClone({ notes: notesOf(mergeRequest), labels: mergeRequest.labels });
  const second = await apply(asked);
  expect(second.exitCode).toBe(0);
  expect({ notes: notesOf(mergeRequest), labels: mergeRequest.labels }).toEqual(before);
  expect(issues()).toHaveLength(1);
  expect(second.stdout).toMatch(/unchanged/);

  const envelope = JSON.parse(
    readFileSync(join(first.cwd, '.pipewright/apply/pipewright/decision.dsse.json'), 'utf8'),
  );
  const key = parsePublicKey(parseSeed('KEY', seed).publicKey);
  const [{ digest }] = readDecision(first.cwd).bundles;
  const verified = verifyEnvelope(envelope, key === undefined ? [] : [key], {
    ...{ predicateType: decisionType, subjects: [digest] },
  });
  expect(verified.ok).toBe(true);
  for (const text of [first.stdout, first.stderr, second.stdout, second.stderr]) {
    expect(text).not.toContain(twin.tokenOf('bot'));
    expect(text).not.toContain(seed);
  }
});

const change = { 'src/price.js': 'export const vat = 19;\n' };
const note = { kind: 'note', topic: 0, body: 'A note.' } as const;

/** Everything on GitLab that an effect could have changed. */
function effectsOn({ twin }: Boundary): unknown {
  const { mergeRequests, issues, labels } = twin.project('acme/shop');
  return structuredClone({
    merge: [...mergeRequests.values()].map((one) => ({ ...one, notes: notesOf(one) })),
    ...{ issues: [...issues.values()], labels },
  });
}

// One twin for all of them, which a single test owns.
test('what stops it, and how that reads', { timeout: 180_000 }, async () => {
  const boundary = await startBoundary();
  const { open, plant, bundleFor, apply, twin } = boundary;
  const { mergeRequest, pipeline } = await open('price', change);
  const other = await open('other', { 'src/other.js': 'x\n' });
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  const good = bundleFor(mergeRequest, [note]);

  const cases: readonly [string, unknown, number, RegExp][] = [
    ['no JSON', 'not json', 22, /it is not JSON[\s\S]*NO DECISION/],
    ['a wrong version', { ...good, format: 'pipewright/proposals/v2' }, 22, /format/],
    ['another merge request', bundleFor(other.mergeRequest, [note]), 21, /made for another merge request/],
    ['another project', { ...good, target: { ...good.target, project: 99 } }, 21, /another merge request/],
    ['another commit', { ...good, target: { ...good.target, head: 'a'.repeat(40) } }, 21, /another commit/],
    ['no merge request', { ...good, target: null }, 21, /for no merge request/],
    [
      'an agent that is not there',
      { ...good, agent: { ...good.agent, path: 'agents/x.ossa.yaml' } },
      21,
      /no manifest on the target branch/,
    ],
    [
      'an agent outside of the folder',
      { ...good, agent: { ...good.agent, path: '../../etc/passwd' } },
      21,
      /no manifest/,
    ],
    ['an agent of another name', { ...good, agent: { ...good.agent, name: 'admin' } }, 21, /another name/],
    ['other lists', { ...good, choices: `sha256:${'0'.repeat(64)}` }, 21, /chose from other lists/],
    [
      'another manifest',
      { ...good, agent: { ...good.agent, digest: `sha256:${'0'.repeat(64)}` } },
      21,
      /changed-agent/,
    ],
    [
      'an index outside of its list',
      { ...good, proposals: [{ kind: 'label', label: 5 }] },
      21,
      /label is none/,
    ],
  ];
  for (const [name, bundle, exitCode, words] of cases) {
    plant(pipeline, bundle);
    const before = effectsOn(boundary);
    const run = await apply(asked);
    expect(run.stdout, name).toMatch(words);
    expect(run.exitCode, name).toBe(exitCode);
    expect(effectsOn(boundary), name).toEqual(before);
  }
  plant(other.pipeline, good);
  for (const id of [other.pipeline.id, 99_999]) {
    const run = await apply({ mergeRequest: mergeRequest.iid, pipeline: id });
    expect(run.exitCode).toBe(22);
    expect(run.stdout).toMatch(/is none of this merge request/);
  }
  expect((await apply({ mergeRequest: 77, pipeline: 1 })).stdout).toMatch(/has no merge request 77/);
  expect((await apply({ project: 88, mergeRequest: 1, pipeline: 1 })).stdout).toMatch(/sees no project 88/);

  // Artifacts that have expired.
  {
    const job = twin.job(other.pipeline, 'review-run');
    const { settings } = twin.project('acme/shop');
    const { artifacts } = job;
    settings.keep_latest_artifact = false;
    Object.assign(job, { artifacts: { ...artifacts, expireAt: new Date(0).toISOString() } });
    const run = await apply({ mergeRequest: other.mergeRequest.iid, pipeline: other.pipeline.id });
    Object.assign(job, { artifacts });
    settings.keep_latest_artifact = true;
    expect(run.stdout).toMatch(/its artifacts are expired/);
    expect(run.exitCode).toBe(22);
  }

  // No proposals are nothing to decide.
  {
    const { mergeRequest: empty, pipeline: ran } = await open('nothing', { nothing: '' });
    const run = await apply({ mergeRequest: empty.iid, pipeline: ran.id });
    expect(run.stdout).toMatch(/nothing to decide/);
    expect(run.exitCode).toBe(0);
  }

  // A project that is not served, however well the token sees it.
  {
    const run = await apply(asked, { args: ['--sweep=acme/other'] });
    expect(run.stdout).toMatch(/acme\/shop is none of the projects that are served here/);
    expect(run.exitCode).toBe(22);
  }

  // The signing key absent: decided all the same, and said; a wrong one stops.
  {
    plant(pipeline, good);
    const run = await apply(asked, { env: { PIPEWRIGHT_SIGNING_KEY: '' } });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/recorded unsigned: PIPEWRIGHT_SIGNING_KEY is not set/);
    const wrong = await apply(asked, { env: { PIPEWRIGHT_SIGNING_KEY: 'dG9vIHNob3J0' } });
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toMatch(/ATTEST_SEED/);
    expect(wrong.stderr).not.toContain('dG9vIHNob3J0');
  }

  // A token that may not, and none.
  {
    const none = await apply(asked, { env: { PIPEWRIGHT_GITLAB_TOKEN: '' } });
    expect(none.exitCode).toBe(2);
    expect(none.stderr).toMatch(/PIPEWRIGHT_GITLAB_TOKEN is not set/);
  }

  // DECIDE_TARGET_MISSING names what is missing.
  {
    const run = await pipewright(['apply', '--project=1'], { cwd: workspace() });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/mergeRequest, pipeline is not given/);
    expect((await pipewright(['apply'], { cwd: workspace() })).exitCode).toBe(2);
  }

  // DECIDE_ORGANISATION_MISSING: a wrong name does not make the organisation's policies void.
  {
    const run = await apply(asked, { args: ['--organisation=polices'] });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toMatch(/there is no folder polices with policies of the organisation/);
  }

  // After a push the old pipeline decides nothing any more.
  {
    plant(pipeline, good);
    await twin.push('acme/shop', 'price', { 'src/price.js': 'export const vat = 0.19; // again\n' }, 'alice');
    const before = effectsOn(boundary);
    const run = await apply(asked);
    expect(run.exitCode).toBe(22);
    expect(run.stdout).toMatch(/another commit than the present head/);
    expect(effectsOn(boundary)).toEqual(before);
  }

  // A merge request that is closed.
  {
    await twin.api('PUT', `/projects/acme%2Fshop/merge_requests/${other.mergeRequest.iid}`, {
      json: { state_event: 'close' },
    });
    const run = await apply({ mergeRequest: other.mergeRequest.iid, pipeline: other.pipeline.id });
    expect(run.exitCode).toBe(22);
    expect(run.stdout).toMatch(/the merge request is closed/);
  }
});

test('the whole way: a job of the author hands off, the trusted project decides in a job of its own', async () => {
  const { open, twin } = await startBoundary({
    yaml: `
workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
hand-off:
  script: ['node hand-off.mjs']
`,
  });
  const script = `
const { PIPEWRIGHT_TRIGGER_TOKEN: token, CI_API_V4_URL: api, CI_MERGE_REQUEST_PROJECT_ID, CI_MERGE_REQUEST_IID, CI_PIPELINE_ID } = process.env;
const body = { ref: 'main', token, inputs: { project: Number(CI_MERGE_REQUEST_PROJECT_ID), 'merge-request': Number(CI_MERGE_REQUEST_IID), pipeline: Number(CI_PIPELINE_ID) } };
const answer = await fetch(api + '/projects/acme%2Fagents/trigger/pipeline', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
console.log(answer.status);
`;
  const { pipeline } = await open('price', { ...change, 'hand-off.mjs': script });
  expect(twin.job(pipeline, 'hand-off').trace).toMatch(/^201$/m);
  const decided = await twin.newest('acme/agents');
  const job = twin.job(decided, 'pipewright-apply');
  expect(job.trace).toMatch(/nothing to decide/);
  expect(decided.status).toBe('success');
});
