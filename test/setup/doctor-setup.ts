import { join } from 'node:path';
import type { Tier } from '../../components/twin/world/world.ts';
import { quickClock } from '../gitlab/harness.ts';
import { type CliRun, pipewright } from '../support/cli.ts';
import { workspace, writeFiles } from '../support/workspace.ts';
import { testMachine } from '../twin/harness.ts';
import { startTrusted, type TrustedSetup, trusted } from './trusted-setup.ts';

export interface DoctorSetup extends TrustedSetup {
  /** The configuration of the project, as it stands where all is right. */
  readonly yaml: string;
}

const digest = `sha256:${'0'.repeat(64)}`;

/** A configuration that includes validate, run and gate as a whole. */
export function configuration(version: string): string {
  const component = (id: string, inputs: string) =>
    `  - component: $CI_SERVER_FQDN/pipewright/pipewright/${id}@${version}\n    inputs: { image: "registry.example.com/pipewright@${digest}", ${inputs} }\n`;
  return [
    'workflow:\n  rules:\n',
    '    - if: $CI_PIPELINE_SOURCE == "merge_request_event"\n',
    '    - if: $CI_COMMIT_BRANCH && $CI_OPEN_MERGE_REQUESTS\n      when: never\n',
    '    - if: $CI_COMMIT_BRANCH\n',
    'include:\n',
    component('validate', 'mode: enforce'),
    component('run', 'agent: agents/a.ossa.yaml, cassette: agents/a.jsonl, pipelines: branch'),
    component('gate', `mode: enforce, trusted-project: ${trusted}`),
    'test:\n  script: [echo tested]\n',
  ].join('');
}

/** Plays all commands; a job of `run` leaves what a session's result says of its sandbox. */
const player = `
import { mkdirSync, writeFileSync } from 'node:fs';
const [command, ...flags] = process.argv.slice(2);
const prefix = flags.find((flag) => flag.startsWith('--job-prefix='))?.slice(13);
if (command === 'run') {
  mkdirSync('.pipewright/run/' + prefix, { recursive: true });
  writeFileSync('.pipewright/run/' + prefix + '/result.json', JSON.stringify({ rung: 'namespaces' }));
}
`;

export const codeOwners = '/.gitlab-ci.yml @mia\n/agents/ @mia\n/policies/ @mia\nCODEOWNERS @mia\n';

/** A project that includes our components and the trusted project behind it, all as the pages say. */
export async function startDoctor(tier: Tier = 'free'): Promise<DoctorSetup> {
  const entry = join(workspace(), 'player.mjs');
  writeFiles(join(entry, '..'), { 'player.mjs': player });
  // Sixty runs a minute are what no person asks; the limit of requests has tests of its own.
  const limits = { requests: 100_000 };
  const setup = await startTrusted({ tier, limits, machine: testMachine({ entry }) });
  const { twin, shop, trusted: own } = setup;
  const { commit } = (await twin.api(
    'GET',
    `/projects/${encodeURIComponent('pipewright/pipewright')}/repository/branches/main`,
  )) as { commit: { id: string } };
  const yaml = configuration(commit.id);
  Object.assign(shop.settings, {
    only_allow_merge_if_pipeline_succeeds: true,
    only_allow_merge_if_all_discussions_are_resolved: true,
    ci_pipeline_variables_minimum_override_role: 'no_one_allowed',
    merge_method: 'ff',
    public_jobs: false,
    ci_default_git_depth: 0,
    ci_allow_fork_pipelines_to_run_in_parent_project: false,
    protect_merge_request_pipelines: false,
    shared_runners_enabled: false,
    group_runners_enabled: false,
  });
  Object.assign(own.settings, { shared_runners_enabled: false, group_runners_enabled: false });
  const kept = { masked: true, hidden: true, raw: true };
  const [trigger] = shop.variables;
  if (trigger === undefined) throw new Error('there is no trigger token');
  Object.assign(trigger, kept);
  shop.variables.push({ ...trigger, key: 'DEPLOY_TOKEN', value: 'not-for-us', protected: true });
  const runner = { type: 'project_type', paused: false, status: 'online', locked: true } as const;
  twin.world.runners.set(2, {
    ...{ ...runner, id: 2, description: 'of the shop', projectIds: new Set([shop.id]) },
    ...{ tags: ['linux'], runUntagged: true, accessLevel: 'not_protected' },
  });
  twin.world.runners.set(3, {
    ...{ ...runner, id: 3, description: 'of the trusted project', projectIds: new Set([own.id]) },
    ...{ tags: ['trusted'], runUntagged: false, accessLevel: 'ref_protected' },
  });
  for (const rule of shop.protectedBranches) rule.codeOwnerApproval = true;
  await twin.push('acme/shop', 'main', { '.gitlab-ci.yml': yaml, CODEOWNERS: codeOwners });
  for (const rule of shop.protectedBranches) rule.pushLevel = 0;
  await twin.newest('acme/shop');
  return { ...setup, yaml };
}

/** Commits to the default branch without a push: nothing runs because of it. */
export async function commitShop(
  { twin, shop }: TrustedSetup,
  files: Readonly<Record<string, string | null>>,
): Promise<void> {
  const who = { name: 'Mia', email: 'mia@example.com' };
  const tip = (await twin.repositories.resolve(shop, 'refs/heads/main')) ?? '';
  const there = await Promise.all(Object.keys(files).map((path) => twin.repositories.blob(shop, tip, path)));
  const written = await twin.repositories.write(shop, {
    ...{ branch: 'main', message: 'change', author: who, committer: who },
    actions: Object.entries(files).map(([path, text], index) => {
      if (text === null) return { action: 'delete', path };
      const action = there[index] === undefined ? 'create' : 'update';
      return { action, path, content: new TextEncoder().encode(text) };
    }),
  });
  if (!written.ok) throw new Error(written.message);
}

interface DoctorOptions {
  readonly as?: string;
  readonly args?: readonly string[];
  readonly project?: string;
}

/** Runs `doctor` as a maintainer of both projects, without waiting between attempts. */
export function doctor(
  { twin }: Pick<DoctorSetup, 'twin'>,
  {
    as = 'mia',
    args = [`--trusted-project=${trusted}`, '--account=bot'],
    project = 'acme/shop',
  }: DoctorOptions = {},
): Promise<CliRun> {
  const { clock } = quickClock();
  return pipewright(['doctor', `--server=${twin.url}`, `--project=${project}`, ...args], {
    ...{ cwd: workspace(), env: { PIPEWRIGHT_SETUP_TOKEN: twin.tokenOf(as) } },
    change: (context) => ({ ...context, clock }),
  });
}

/** What is said, without what is right. */
export function told({ stdout }: CliRun): readonly string[] {
  return stdout.split('\n').flatMap((line) => /^ {2}((?:WRONG|unknown|note) .*)$/.exec(line)?.[1] ?? []);
}
