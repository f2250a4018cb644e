import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { workspace, writeFiles } from '../../support/workspace.ts';

const policy = (name: string, spec: string) => `apiVersion: pipewright/v1
kind: Policy
metadata: { name: ${name} }
spec:
  effect: forbid
${spec}
  message: About ${name}.
`;
const noForks = policy('no-forks', '  match: { actions: [propose] }\n  conditions: [context.fork]');
const tests = (cases: string, given = '{}') => `apiVersion: pipewright/v1
kind: PolicyTest
metadata: { name: no-forks }
spec:
  given: ${given}
  cases:
${cases}
`;
const both = tests(`    - { name: a fork, given: { context.fork: true }, decision: deny, by: [no-forks] }
    - { name: no fork, decision: allow, by: [default/permit-notes] }`);

const run = (cwd: string, ...args: readonly string[]) => pipewright(['policy', ...args], { cwd });
const shop = (files: Readonly<Record<string, string>> = {}) =>
  workspace({ 'policies/no-forks.policy.yaml': noForks, 'policies/no-forks.test.yaml': both, ...files });

/** A report of a gate that has nothing but these requests. */
const report = (agents: readonly object[], levels = ['default', 'project']) =>
  JSON.stringify({
    ...{ format: 'pipewright/decision/v1', version: '0.1.0', by: 'gate', target: null },
    policies: { digest: '', commit: null, levels: levels.map((name) => ({ name, policies: 1 })) },
    ...{ verdict: 'allowed', reasons: [], agents, bundles: [] },
  });
const facts = {
  ...{ 'action.name': 'propose', 'resource.kind': 'note', 'agent.name': 'reviewer', 'agent.kind': 'Agent' },
  ...{ 'agent.tier': 'tier_1_read', 'agent.permissions': ['read_code'], 'agent.duties': [] },
  ...{ 'agent.changed': false, 'context.fork': true },
};
const permitted = { id: 'default/permit-notes', level: 'default', effect: 'permit', message: 'Notes.' };
const asked = (change: object = {}, policies: readonly object[] = [permitted]) => ({
  ...{ path: 'agents/a.ossa.yaml', verdict: 'allowed', reasons: [], policies, warnings: [] },
  facts: { ...facts, ...change },
});

describe('test', () => {
  test('says what passed, what is covered and what can be said without tests', async () => {
    const { exitCode, stdout } = await run(shop(), 'test', '--coverage=required');
    expect(stdout).toMatch(/2 passed, 0 failed\npolicies: 1, of which tests show both sides of 1\n/);
    expect(stdout).toMatch(/analysis: 1 tried with all values of their facts, 0 unknown/);
    expect(exitCode).toBe(0);
  });

  test('a case that is decided otherwise is told at its place, with what decides', async () => {
    const wrong = both.replace('deny, by: [no-forks]', 'allow, by: []');
    const { exitCode, stdout } = await run(shop({ 'policies/no-forks.test.yaml': wrong }), 'test');
    expect(stdout).toMatch(/policies\/no-forks\.test\.yaml:7:7 error POLICY_TEST_FAILED/);
    expect(stdout).toMatch(/is decided otherwise: deny by project\/no-forks\n +expected allow by none/);
    expect(exitCode).toBe(20);
  });

  test('without tests it is told which side is not shown, and is an error where that is required', async () => {
    const cwd = workspace({ 'policies/no-forks.policy.yaml': noForks });
    const told = await run(cwd, 'test');
    expect(told.stdout).toMatch(
      /no-forks\.policy\.yaml:3:19 warning POLICY_UNCOVERED[\s\S]*decides, and none that it is about and does not decide/,
    );
    expect(told.exitCode).toBe(0);
    expect((await run(cwd, 'test', '--coverage=required')).exitCode).toBe(20);
  });

  test.each([
    ['context.froth: true', /POLICY_TEST_FACT[\s\S]*there is no fact "context\.froth"[\s\S]*context\.fork/],
    ['context.fork: maybe', /POLICY_TEST_FACT[\s\S]*context\.fork is no bool/],
    ['context.approvals: 1.5', /context\.approvals is no int/],
    ['agent.permissions: read_code', /agent\.permissions is no list<string>/],
    ['action.name: dance', /this is no request: action\.name is none of: run, propose/],
    ['agent.tier: null', /this is no request: agent\.tier is no text/],
  ])('the fact %s is a mistake', async (fact, said) => {
    const text = tests('    - { name: a, decision: deny, by: [] }', `{ ${fact} }`);
    const { exitCode, stdout } = await run(shop({ 'policies/no-forks.test.yaml': text }), 'test');
    expect(stdout).toMatch(said);
    expect(exitCode).toBe(20);
  });

  test.each([
    ['- 1\n', /POLICY_STRUCTURE[\s\S]*no test of policies/],
    [both.replace('deny, by', 'maybe, by'), /7:\d+ error POLICY_STRUCTURE/],
    ['a: [', /YAML_SYNTAX/],
  ])('a file that is no test is told: %j', async (text, said) => {
    const { exitCode, stdout } = await run(shop({ 'policies/no-forks.test.yaml': text }), 'test');
    expect(stdout).toMatch(said);
    expect(exitCode).toBe(20);
  });

  test('broken policies are told and no test is run', async () => {
    const cwd = shop({ 'policies/b.policy.yaml': noForks.replace('context.fork', 'context.frok') });
    const { exitCode, stdout } = await run(cwd, 'test', '--json');
    const told = JSON.parse(stdout);
    expect(told).toMatchObject({ passed: 0, failed: 0 });
    expect(told.findings.map((finding: { code: string }) => finding.code)).toContain('POLICY_EXPRESSION');
    expect(exitCode).toBe(20);
  });

  test('policies of an organisation stand above those of the project, and are tested by themselves', async () => {
    const above = policy('quiet', '  match: { actions: [propose] }\n  conditions: [context.hour == 10]');
    const cwd = shop({ 'above/quiet.policy.yaml': above });
    const both = await run(cwd, 'test', '--organisation=above');
    expect(both.stdout).toMatch(/otherwise: deny by organisation\/quiet, project\/no-forks/);
    const alone = await run(cwd, 'test', '--level=organisation', '--policies=above');
    expect(alone.exitCode, alone.stdout).toBe(0);
    const twice = await run(cwd, 'test', '--level=organisation', '--organisation=above');
    expect([twice.exitCode, twice.stderr]).toEqual([2, expect.stringContaining('POLICY_LEVEL_TWICE')]);
  });
});

describe('init', () => {
  test.each([
    [[]],
    [['costly-session']],
    [['freeze']],
    [['model-region']],
    [['provider-data']],
    [['agent-data']],
  ])('what it writes for %j passes its own tests, which cover it', async (names) => {
    const cwd = workspace();
    expect((await run(cwd, 'init', ...names)).exitCode).toBe(0);
    expect((await run(cwd, 'init', ...names)).stdout).toMatch(/^unchanged policies\//);
    const tested = await run(cwd, 'test', '--coverage=required');
    expect(tested.stdout).toMatch(/ 0 failed\npolicies: 1, of which tests show both sides of 1\n/);
    expect(tested.exitCode).toBe(0);
  });

  test('it names what there is, and changes no file', async () => {
    const cwd = shop({ 'policies/freeze.policy.yaml': 'mine\n' });
    const other = await run(cwd, 'init', 'thaw');
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('POLICY_STARTER')]);
    const taken = await run(cwd, 'init', 'freeze');
    expect([taken.exitCode, taken.stderr]).toEqual([2, expect.stringContaining('SETUP_CONFLICT')]);
    expect(existsSync(join(cwd, 'policies/freeze.test.yaml'))).toBe(false);
  });
});

describe('build', () => {
  test('equal policies give equal bytes, wherever they lie; another version or byte is another digest', async () => {
    const cwd = shop({ 'elsewhere/no-forks.policy.yaml': noForks });
    const built = async (...args: string[]) => {
      const run1 = await run(cwd, 'build', ...args);
      expect(run1.exitCode, run1.stdout + run1.stderr).toBe(0);
      return readFileSync(join(cwd, 'policies.bundle.json'), 'utf8');
    };
    const first = await built('--version=1.0.0');
    expect(await built('--version=1.0.0', '--policies=elsewhere')).toBe(first);
    expect(JSON.parse(first)).toMatchObject({
      ...{ format: 'pipewright/policy-bundle/v1', dialect: 'pipewright/v1', version: '1.0.0' },
      files: [{ path: 'no-forks.policy.yaml', text: noForks }],
    });
    expect(JSON.parse(await built('--version=1.0.1')).digest).not.toBe(JSON.parse(first).digest);
  });

  test.each([
    ['does not compile', { 'policies/no-forks.policy.yaml': noForks.replace('fork]', 'frok]') }],
    [
      'fails its tests',
      { 'policies/no-forks.policy.yaml': noForks.replace('context.fork', '!context.fork') },
    ],
  ])('what %s is not built', async (_, files) => {
    const cwd = shop(files);
    const { exitCode, stdout } = await run(cwd, 'build', '--version=1.0.0');
    expect(stdout).toMatch(/not built/);
    expect(exitCode).toBe(20);
    expect(existsSync(join(cwd, 'policies.bundle.json'))).toBe(false);
  });

  test.each([
    [['build'], 'POLICY_VERSION_MISSING'],
    [['build', '--version=1', '--policies=nothing'], 'POLICY_NONE'],
    [['test', '--organisation=nothing'], 'POLICY_NONE'],
    [['test', 'more'], 'POLICY_ACTION'],
    [[], 'POLICY_ACTION'],
    [['diff'], 'POLICY_ACTION'],
  ])('%j is misuse', async (args, code) => {
    const { exitCode, stderr } = await run(shop(), ...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(code)]);
  });

  test('a bundle decides as its folder does, and one that was changed is refused', async () => {
    const cwd = shop({ 'report.json': report([asked()]) });
    await run(cwd, 'build', '--version=1.0.0');
    const diff = (...args: string[]) => run(cwd, 'diff', 'report.json', ...args);
    expect((await diff('--policies=policies.bundle.json')).stdout).toBe((await diff()).stdout);
    expect((await diff('--against=policies.bundle.json')).exitCode).toBe(0);
    const path = join(cwd, 'policies.bundle.json');
    const bytes = readFileSync(path, 'utf8');
    writeFileSync(path, bytes.replace('forbid', 'permit'));
    const changed = await diff('--policies=policies.bundle.json');
    expect([changed.exitCode, changed.stderr]).toEqual([2, expect.stringContaining('POLICY_BUNDLE_DIGEST')]);
    for (const text of ['{', '{}', bytes.replace('bundle/v1', 'bundle/v2')]) {
      writeFileSync(path, text);
      const broken = await diff('--policies=policies.bundle.json');
      expect([broken.exitCode, broken.stderr]).toEqual([2, expect.stringContaining('POLICY_BUNDLE_INVALID')]);
    }
  });
});

describe('diff', () => {
  test('tells requests that are decided otherwise, by what and before, and no others', async () => {
    const cwd = shop({ 'report.json': report([asked(), asked({ 'context.fork': false })]) });
    const { exitCode, stdout } = await run(cwd, 'diff', 'report.json');
    expect(stdout).toBe(
      [
        'report.json: agents/a.ossa.yaml: Agent reviewer (tier_1_read) wants to propose: note',
        '  before allow by default/permit-notes',
        '  now    deny by project/no-forks',
        '1 of 2 requests are decided otherwise\n',
      ].join('\n'),
    );
    expect(exitCode).toBe(20);
    const json = JSON.parse((await run(cwd, 'diff', 'report.json', '--json')).stdout);
    expect(json).toMatchObject({ requests: 2, differences: [{ after: { effect: 'deny' } }] });
  });

  test('two sets of policies are held against each other, whatever decided before', async () => {
    const cwd = shop({
      'report.json': report([asked()], ['default', 'organisation']),
      'next/no-forks.policy.yaml': noForks.replace('context.fork', 'context.fork && context.approvals < 1'),
    });
    const { stdout } = await run(cwd, 'diff', 'report.json', '--policies=next', '--against=policies');
    expect(stdout).toMatch(/before deny by project\/no-forks\n {2}now {4}deny by !project\/no-forks/);
    const recorded = await run(cwd, 'diff', 'report.json', '--policies=next');
    expect([recorded.exitCode, recorded.stderr]).toEqual([
      2,
      expect.stringContaining('POLICY_LEVELS_DIFFER'),
    ]);
  });

  test('further levels lie between organisation and project, in a folder or a bundle', async () => {
    const cwd = shop({
      'report.json': report([asked({ 'context.fork': false })], ['default', 'security', 'project']),
      'security/a.policy.yaml': policy('quiet', '  match: { actions: [propose] }'),
    });
    const build = ['build', '--policies=security', '--version=1.0.0', '--bundle=security.json'];
    expect((await run(cwd, ...build)).exitCode).toBe(0);
    for (const from of ['security', 'security.json']) {
      const { stdout } = await run(cwd, 'diff', 'report.json', `--levels=security=${from}`);
      expect(stdout).toMatch(/now {4}deny by security\/quiet\n1 of 1/);
    }
    for (const [args, code] of [
      [['--levels=security=nothing'], 'POLICY_NONE'],
      [['--levels=project=security'], 'POLICY_LEVEL_INVALID'],
      [['--levels=security=security', '--level=organisation'], 'POLICY_LEVELS_BELOW'],
    ] as const) {
      const { exitCode, stderr } = await run(cwd, 'diff', 'report.json', ...args);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(code)]);
    }
  });

  test('a report of the gate itself is decided as it was', async () => {
    const cwd = workspace({
      'agents/a.ossa.yaml': `apiVersion: ossa/v0.4.6
kind: Agent
metadata: { name: a, version: 1.0.0 }
spec:
  role: You help.
  llm: { provider: custom, model: m1 }
`,
    });
    const { commitAll, git } = await import('../../support/repository.ts');
    commitAll(cwd);
    git(cwd, 'switch', '--quiet', '--create', 'more');
    writeFiles(cwd, { 'agents/a.ossa.yaml': `${readFileSync(join(cwd, 'agents/a.ossa.yaml'), 'utf8')}\n` });
    git(cwd, 'commit', '--quiet', '--all', '--message', 'more');
    const gated = await pipewright(['gate'], { cwd });
    expect(gated.exitCode, gated.stdout + gated.stderr).toBe(21);
    const file = '.pipewright/gate/pipewright/decision.json';
    const { exitCode, stdout } = await run(cwd, 'diff', file);
    expect(stdout).toBe('0 of 1 requests are decided otherwise\n');
    expect(exitCode).toBe(0);
    expect((await run(cwd, 'explain', file)).stdout).toMatch(
      /default\/budget-present, a forbid, holds\n {4}true: !agent\.has_budget\n {6}agent\.has_budget = false/,
    );
  });
});

describe('explain', () => {
  test('names each policy about a request, its conditions and their facts', async () => {
    const request = Object.entries(facts).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`);
    const cwd = shop({ 'request.yaml': request.join('') });
    const { exitCode, stdout } = await run(cwd, 'explain', 'request.yaml');
    expect(stdout).toMatch(
      /project\/no-forks, a forbid, holds\n {4}true: context\.fork\n {6}context\.fork = true/,
    );
    expect(stdout).toMatch(/default\/permit-notes, a permit, holds\n/);
    expect(stdout).not.toMatch(/budget-present/);
    expect(stdout).toMatch(/decision: deny by project\/no-forks\n$/);
    expect(exitCode).toBe(0);
    const json = JSON.parse((await run(cwd, 'explain', 'request.yaml', '--json')).stdout);
    expect(json.requests[0].policies.at(-1)).toMatchObject({ id: 'project/no-forks', answer: true });
  });

  test.each([
    ['request.json', '{', 'it is not JSON'],
    ['request.json', '[]', 'it is no mapping'],
    ['request.json', '{"format":"pipewright/decision/v1"}', 'lacks'],
    ['request.yaml', 'a: 1\n---\nb: 2\n', 'not one document'],
    ['request.yaml', 'a: [', ''],
    ['request.yaml', 'context.froth: 1\n', 'there is no fact'],
    ['request.yaml', 'context.fork: true\n', 'action.name is none of'],
    ['request.yaml', 'action.name: run\n', 'resource.kind is no text'],
  ])('%s of %j is no request', async (file, text, reason) => {
    const { exitCode, stderr } = await run(shop({ [file]: text }), 'explain', file);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('POLICY_REQUEST_INVALID')]);
    expect(stderr).toContain(reason);
  });
});
