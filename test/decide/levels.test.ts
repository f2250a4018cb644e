import { expect, test } from 'vitest';
import { makeBundle, renderBundle } from '../../components/policy/bundle/bundle.ts';
import { pipewright } from '../support/cli.ts';
import { type Boundary, notesOf, readDecision, startBoundary } from './boundary.ts';
import { agentPath, manifest, trustedYaml } from './shop.ts';

const forbid = (name: string, match: string) => `apiVersion: pipewright/v1
kind: Policy
metadata: { name: ${name} }
spec:
  effect: forbid
  match: { ${match} }
  message: About ${name}.
`;
const noLabels = forbid('no-labels', 'actions: [propose], resources: [label]');
const noRuns = forbid('no-runs', 'actions: [run], agents: { names: [reviewer] }');
const bundle = makeBundle([{ path: 'security.policy.yaml', text: `${noLabels}---\n${noRuns}` }], '1.2.0');
const lenient = makeBundle([{ path: 'security.policy.yaml', text: noRuns }], '1.2.1');
const file = 'policies.bundle.json';
const pin = (change: { tag?: string; file?: string; project?: string; digest?: string } = {}) => {
  const of = { project: 'acme/policies', file, tag: 'v1.2.0', digest: bundle.digest, ...change };
  return `security=${of.project}:${of.file}@${of.tag}#${of.digest}`;
};

const change = { 'src/price.js': 'export const vat = 19;\n' };
const note = { kind: 'note', topic: 0, body: 'A note.' } as const;
const label = { kind: 'label', label: 0 } as const;

/** A policy project whose tag names a commit with this file, which only the account that acts may read. */
async function addPolicies({ twin }: Boundary, text = renderBundle(bundle)) {
  await twin.addProject(
    'acme/policies',
    { [file]: text, 'README.md': 'Policies.\n' },
    { members: { bot: 'reporter', alice: 'reporter' } },
  );
  await tag(twin, 'v1.2.0');
}

const tags = '/projects/acme%2Fpolicies/repository/tags';
const tag = (twin: Boundary['twin'], name: string) =>
  twin.api('POST', tags, { json: { tag_name: name, ref: 'main', message: 'Released.' } });

/** A pipeline with the component gate, whose token is the job's. */
const gateYaml = `
workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
build: { script: [echo] }
include:
  - component: $CI_SERVER_FQDN/pipewright/pipewright/gate@main
    inputs:
      image: registry.example.com/pipewright:1
      mode: enforce
      levels: ${pin()}
`;

// One twin for all of them, which a single test owns.
test('a level of a policy project decides as it was pinned, and nothing is decided without it', {
  timeout: 120_000,
}, async () => {
  const boundary = await startBoundary();
  const { twin, open, plant, bundleFor, apply } = boundary;
  await addPolicies(boundary);
  const { mergeRequest, pipeline } = await open('price', change);
  const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
  const withLevels = (...levels: readonly string[]) =>
    apply(asked, { args: [`--levels=${levels.join(' ')}`] });
  plant(pipeline, bundleFor(mergeRequest, [note, label]));

  const none: readonly [string, string, string, RegExp][] = [
    ['no tag', pin({ tag: 'v9.9.9' }), 'DECIDE_LEVEL_MISSING', /v9\.9\.9 of acme\/policies, got no such tag/],
    ['no file', pin({ file: 'other.json' }), 'DECIDE_LEVEL_MISSING', /got no such file in its commit/],
    [
      'no project',
      pin({ project: 'acme/gone' }),
      'DECIDE_LEVEL_MISSING',
      /no such project that the token sees/,
    ],
    ['another digest', pin({ digest: lenient.digest }), 'DECIDE_LEVEL_DIGEST', /expected sha256:/],
    ['a name twice', `${pin()} ${pin()}`, 'POLICY_LEVEL_INVALID', /security is given twice/],
  ];
  for (const [name, levels, code, words] of none) {
    const run = await withLevels(levels);
    expect(run.stderr, name).toContain(code);
    expect(run.stderr, name).toMatch(words);
    expect(run.exitCode, name).toBe(code.startsWith('DECIDE') ? 22 : 2);
    expect([notesOf(mergeRequest), mergeRequest.labels], name).toEqual([[], []]);
  }

  const denied = await withLevels(pin());
  expect(denied.exitCode, denied.stderr).toBe(21);
  expect(denied.stdout).toMatch(/^policies: default \d+, organisation 0, security 2$/m);
  expect(denied.stdout).toMatch(/label "risky": DENIED\n +security\/no-labels: About no-labels\./);
  expect([notesOf(mergeRequest).length, mergeRequest.labels]).toEqual([1, []]);
  const commit = await twin.repositories.resolve(twin.project('acme/policies'), 'refs/heads/main');
  expect(readDecision(denied.cwd).policies.levels[2]).toEqual({
    ...{ name: 'security', policies: 2, digest: bundle.digest },
    source: { project: 'acme/policies', file, tag: 'v1.2.0', commit },
  });

  // So does a session in the trusted project, which a policy of that level stops before it begins.
  const of = [`--project=${twin.project('acme/shop').id}`, `--merge-request=${mergeRequest.iid}`];
  const session = [
    'run',
    `--agent=${agentPath}`,
    ...of,
    '--cassette=none.jsonl',
    '--enforcement=best-effort',
  ];
  for (const [level, exitCode, words] of [
    [pin(), 21, /to run it DENIED\n +security\/no-runs/],
    [pin({ tag: 'v9.9.9' }), 22, /DECIDE_LEVEL_MISSING/],
  ] as const) {
    const run = await pipewright([...session, `--levels=${level}`], boundary.job());
    expect(run.stdout + run.stderr).toMatch(words);
    expect(run.exitCode).toBe(exitCode);
  }

  // The components take levels, too.
  const yaml = trustedYaml.replace('      sweep:', `      levels: ${pin()}\n      sweep:`);
  await twin.push('acme/agents', 'main', { '.gitlab-ci.yml': yaml });
  const numbers = { 'merge-request': mergeRequest.iid, pipeline: pipeline.id };
  const inputs = { project: twin.project('acme/shop').id, ...numbers };
  await twin.api('POST', '/projects/acme%2Fagents/pipeline', { json: { ref: 'main', inputs } });
  const decided = twin.job(await twin.newest('acme/agents'), 'pipewright-apply');
  expect(decided.trace).toMatch(/label "risky": DENIED\n +security\/no-labels/);
  expect([decided.exitCode, notesOf(mergeRequest).length, mergeRequest.labels]).toEqual([21, 1, []]);

  // The advice is the decision's where the job's token may read the level, and says what it lacks where it may not.
  const edited = { [agentPath]: manifest.replace('one change', 'a change'), '.gitlab-ci.yml': gateYaml };
  const advised = async (branch: string) =>
    twin.job((await open(branch, edited)).pipeline, 'pipewright-gate');
  const blind = await advised('blind');
  expect(blind.trace).toMatch(/not read with the token of the job: .*no such project/);
  expect(blind.trace).toMatch(/NO DECISION is possible here\n +it depends on level security/);
  expect(blind.exitCode).toBe(22);
  twin.project('acme/policies').jobTokenAllowlist.add(twin.project('acme/shop').id);
  const seeing = await advised('seeing');
  expect(seeing.trace).toMatch(/to run it would be DENIED\n +security\/no-runs/);
  expect(seeing.exitCode).toBe(21);

  // Whoever moves the tag to looser policies changes nothing but that nothing is decided.
  await twin.push('acme/policies', 'main', { [file]: renderBundle(lenient) });
  await twin.api('DELETE', `${tags}/v1.2.0`);
  await tag(twin, 'v1.2.0');
  const moved = await withLevels(pin());
  expect(moved.exitCode).toBe(22);
  expect(moved.stderr).toContain(`has the digest ${lenient.digest}, expected ${bundle.digest}`);
  const now = await withLevels(pin({ digest: lenient.digest }));
  expect(now.exitCode, now.stdout + now.stderr).toBe(0);
  expect(mergeRequest.labels).toEqual(['risky']);

  // Bytes that were changed after the build, and bytes that are no bundle.
  await twin.push('acme/policies', 'main', {
    [file]: renderBundle({ ...bundle, version: '1.3.0' }),
    'other.json': '{}',
  });
  await tag(twin, 'v1.3.0');
  for (const [odd, words] of [
    [pin({ tag: 'v1.3.0' }), /was changed after it was built/],
    [pin({ tag: 'v1.3.0', file: 'other.json' }), /is no bundle of policies/],
  ] as const) {
    const run = await withLevels(odd);
    expect(run.stderr).toContain('DECIDE_LEVEL_BROKEN');
    expect(run.stderr).toMatch(words);
    expect(run.exitCode).toBe(22);
  }

  twin.faults.add({
    match: { route: '/projects/:id/repository/tags/:tag_name' },
    what: { kind: 'status', status: 503, retryAfter: 86_400 },
  });
  const garbled = await withLevels(pin({ digest: lenient.digest }));
  expect(garbled.stderr).toContain('DECIDE_LEVEL_UNREADABLE');
  expect(garbled.exitCode).toBe(22);

  const bot = [...twin.world.users.values()].find(({ username }) => username === 'bot');
  twin.project('acme/policies').members.delete(bot?.id ?? 0);
  const unseen = await withLevels(pin({ digest: lenient.digest }));
  expect(unseen.exitCode).toBe(22);
  expect(unseen.stderr).toMatch(/no such project that the token sees/);
});
