import { expect, test } from 'vitest';
import { readPolicies } from '../../components/decide/policies.ts';
import { digestBytes } from '../../components/kernel/canonical.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { certificationOf } from '../../components/policy/certification.ts';
import type { PolicyRequest } from '../../components/policy/types.ts';
import { longestInput, planProject } from '../../components/setup/inputs.ts';
import { renderSteps } from '../../components/setup/texts.ts';
import { image, trustedFiles } from './trusted-setup.ts';

const policy = (files = trustedFiles()) => ({
  ...{ path: 'policies/certified.policy.yaml', text: files['policies/certified.policy.yaml'] ?? '' },
});
const now = Date.parse('2026-11-29T00:00:00Z');

test('the policy file is right, certifies nothing, and takes the word from the projects', async () => {
  const digest = digestBytes('a manifest\n');
  const own = policy();
  const given = (text: string) => ({ path: 'policies/a.policy.yaml', text });
  const word = own.text.replace(`sha256:${'0'.repeat(64)}`, digest);
  expect(word).not.toBe(own.text);
  const asItIs = await readPolicies({ organisation: [own], project: [given(word)] });
  expect(asItIs.findings).toEqual([]);
  expect(asItIs.certifications).toHaveLength(1);
  expect(certificationOf(asItIs.certifications, digest, now)).toBe('none');
  const edited = await readPolicies({ organisation: [given(word)], project: [] });
  expect(edited.findings).toEqual([]);
  expect(certificationOf(edited.certifications, digest, now)).toBe('bronze');
});

test('the level it makes permits what ours permits', async () => {
  const facts = { 'agent.certification_rank': 0, 'agent.changed': false, 'agent.tier': 'tier_1_read' };
  const request: PolicyRequest = {
    ...{ action: 'propose', resource: 'note', agent: { name: 'a', kind: 'Agent', tier: 'tier_1_read' } },
    facts: {
      ...{ ...facts, 'agent.permissions': ['read_code'], 'context.approvals': 0 },
      ...{ 'agent.duties': [], 'context.fork': false, 'context.changes_policies': false },
    },
  };
  const without = (await readPolicies({ project: [] })).engine.decide(request);
  expect(without.effect).toBe('allow');
  expect((await readPolicies({ organisation: [policy()], project: [] })).engine.decide(request)).toEqual(
    without,
  );
});

test('the configuration holds every value whole, in its own place', () => {
  const serves = ['acme/shop', '1/2', 'a.b/c_d/e-f'];
  const written = trustedFiles({
    ...{ serves, catalog: 'tools/agents/pipewright', version: '1.2.0-rc.1' },
    ...{ image: 'registry.example.com:5000/p@sha256:0a', agent: 'agents/a.ossa.yaml', cassette: 'c/t.jsonl' },
  });
  const parsed = parseYaml(written['.gitlab-ci.yml'] ?? '', 'gitlab');
  const [header, content] = parsed.ok ? parsed.documents : [];
  expect(Object.keys((header as { spec: { inputs: object } }).spec.inputs)).toEqual([
    ...['project', 'merge-request', 'pipeline', 'session', 'head', 'hop'],
  ]);
  const common = { image: 'registry.example.com:5000/p@sha256:0a' };
  const numbers = { project: '$[[ inputs.project ]]', 'merge-request': '$[[ inputs.merge-request ]]' };
  const component = (id: string) => `$CI_SERVER_FQDN/tools/agents/pipewright/${id}@1.2.0-rc.1`;
  const session = { ...common, 'job-prefix': 'trusted', agent: 'agents/a.ossa.yaml', cassette: 'c/t.jsonl' };
  const further = {
    ...{ session: '$[[ inputs.session ]]', head: '$[[ inputs.head ]]', hop: '$[[ inputs.hop ]]' },
    continuation: true,
    carry:
      '{"project": $[[ inputs.project ]], "merge-request": $[[ inputs.merge-request ]], "pipeline": $[[ inputs.pipeline ]]}',
  };
  expect((content as { include: unknown }).include).toEqual([
    {
      ...{ component: component('run'), rules: [{ if: '"$[[ inputs.project ]]" != "0"' }] },
      inputs: { ...session, ...numbers, enforcement: 'best-effort', pipelines: 'branch', ...further },
    },
    {
      ...{ component: component('apply'), rules: [{ if: '"$[[ inputs.project ]]" != "0"' }] },
      inputs: {
        ...{ ...common, stage: 'deploy', from: 'here', ...numbers, pipeline: '$[[ inputs.pipeline ]]' },
        sweep: serves.join(' '),
      },
    },
    {
      ...{ component: component('apply'), rules: [{ if: '"$[[ inputs.project ]]" == "0"' }] },
      inputs: { ...common, sweep: serves.join(' ') },
    },
  ]);
});

test('findings are said where that is asked for, by each job that decides', () => {
  const count = (files: Readonly<Record<string, string>>) =>
    files['.gitlab-ci.yml']?.match(/^ {6}findings: threads$/gm)?.length ?? 0;
  expect(count(trustedFiles())).toBe(0);
  expect(count(trustedFiles({ findings: true }))).toBe(1);
  expect(count(trustedFiles({ findings: true, agent: 'agents/a.ossa.yaml' }))).toBe(2);
});

test('commits happen as is said, in each job that decides, and a table answers in the session', () => {
  const includesOf = (change: Parameters<typeof trustedFiles>[0]) => {
    const parsed = parseYaml(trustedFiles(change)['.gitlab-ci.yml'] ?? '', 'gitlab');
    return (parsed.ok ? parsed.documents.at(-1) : {}) as { include: { inputs: Record<string, unknown> }[] };
  };
  const agent = 'agents/ci-doctor/agent.ossa.yaml';
  const playbook = 'agents/ci-doctor/playbook.yaml';
  const forks = ['bots/shop', 'bots/web'];
  const [run, ...applies] = includesOf({ agent, playbook, commits: 'fork', forks }).include;
  expect(run?.inputs).toMatchObject({ agent, playbook });
  expect(applies.map(({ inputs }) => [inputs.commits, inputs['bot-fork']])).toEqual([
    ['fork', 'bots/shop bots/web'],
    ['fork', 'bots/shop bots/web'],
  ]);
  const [clicked] = includesOf({ commits: 'click' }).include;
  expect(clicked?.inputs).toMatchObject({ commits: 'click' });
  expect(clicked?.inputs).not.toHaveProperty('bot-fork');
  expect(includesOf({ commits: 'none' }).include[0]?.inputs).not.toHaveProperty('commits');
});

test('levels stand whole in every include that decides, and as many as an input holds', () => {
  const digest = `sha256:${'0a'.repeat(32)}`;
  const level = (name: string) => `${name}=acme/policies:dist/p.json@v1.2.0#${digest}`;
  const levels = [level('security'), level('data')];
  const parsed = parseYaml(
    trustedFiles({ levels, agent: 'agents/a.ossa.yaml' })['.gitlab-ci.yml'] ?? '',
    'gitlab',
  );
  const { include } = (parsed.ok ? parsed.documents.at(-1) : {}) as { include: { inputs: object }[] };
  expect(include).toHaveLength(3);
  for (const { inputs } of include) expect(inputs).toMatchObject({ levels: levels.join(' ') });
  const many = Array.from({ length: 10 }, (_, index) => level(`l${index}`));
  expect(() => trustedFiles({ levels: many })).toThrow(
    expect.objectContaining({ failures: [expect.objectContaining({ code: 'SETUP_LEVELS_TOO_LONG' })] }),
  );
  expect(() => trustedFiles({ levels: ['x'] })).toThrow(
    expect.objectContaining({ code: 'POLICY_LEVEL_INVALID' }),
  );
});

test('as many projects as an input holds, and each once', () => {
  const asked = { catalog: 'a/b', version: '1', image, agent: undefined, cassette: undefined };
  const fit = Array.from({ length: 102 }, (_, index) => `acme/p${String(index).padStart(3, '0')}`);
  const { serves } = planProject({ ...asked, serves: [...fit, ...fit] });
  expect(serves).toEqual(fit);
  expect(serves.join(' ').length).toBeLessThanOrEqual(longestInput);
  expect(() => planProject({ ...asked, serves: [...fit, 'acme/one-more'] })).toThrow(/1033 characters/);
});

test('the steps name what is known, and leave a blank for what is not', () => {
  const project = planProject({
    ...{ catalog: 'a/b', version: '1', image, serves: ['acme/shop'], agent: undefined, cassette: undefined },
  });
  const known = renderSteps(project, { server: 'https://git.example.com', project: 'acme/agents' });
  expect(known).toContain('"https://git.example.com/api/v4/projects/acme%2Fagents/triggers"');
  expect(known).toContain('--server=https://git.example.com --project=acme/agents --account=');
  const blank = renderSteps(project, { server: undefined, project: undefined });
  expect(blank).toContain('--project=<path of this project>');
  expect(blank).toMatch(/openssl rand -base64 32/);
});
