import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { digestBytes } from '../../components/kernel/canonical.ts';
import type { ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { makeBundle } from '../../components/proposals/bundle.ts';
import type { TwinFile } from '../../components/twin/setup/twin-file.gen.ts';
import type { Pipeline } from '../../components/twin/world/pipeline.ts';
import type { MergeRequest } from '../../components/twin/world/review.ts';
import { type CliRun, pipewright } from '../support/cli.ts';
import { workspace, writeFiles } from '../support/workspace.ts';
import { startTestTwin, type TestTwin, testMachine } from '../twin/harness.ts';
import { agentPath, certified, choices, manifest, seed, shopYaml, templates, trustedYaml } from './shop.ts';

export interface Boundary {
  readonly twin: TestTwin;
  /** Opens a merge request of a branch with these files, lets its pipeline end, and gives both. */
  readonly open: (
    branch: string,
    files: Readonly<Record<string, string | null>>,
    user?: string,
  ) => Promise<{ readonly mergeRequest: MergeRequest; readonly pipeline: Pipeline }>;
  /** Puts bytes in the place of the proposals that the pipeline's job left. */
  readonly plant: (pipeline: Pipeline, bundle: unknown) => void;
  /** A bundle as a session of that merge request makes it. */
  readonly bundleFor: (mergeRequest: MergeRequest, proposals: ProposalBundle['proposals']) => ProposalBundle;
  /** Runs `apply` as the job of the trusted project does. */
  readonly apply: (
    asked: { readonly mergeRequest: number; readonly pipeline: number; readonly project?: number },
    options?: Partial<TrustedJob> &
      Pick<Parameters<typeof pipewright>[1], 'change' | 'cancel'> & { readonly args?: readonly string[] },
  ) => Promise<CliRun & { readonly cwd: string }>;
  /** Folder and variables of a job of the trusted project, with its tokens. */
  readonly job: (env?: Readonly<Record<string, string>>) => TrustedJob;
}

export interface TrustedJob {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface BoundaryOptions {
  readonly manifest?: string;
  /** Policy files of the trusted project, by name. */
  readonly organisation?: Readonly<Record<string, string>>;
  /** Further files on main of the shop. */
  readonly shop?: Readonly<Record<string, string>>;
  readonly yaml?: string;
  /** `.gitlab-ci.yml` of the trusted project. */
  readonly trusted?: string;
  readonly visibility?: 'private' | 'public';
  /** Of the instance. */
  readonly tier?: 'free' | 'ultimate';
  /** Of the acting account's token. */
  readonly scopes?: NonNullable<NonNullable<TwinFile['users']>[string]['scopes']>;
}

export async function startBoundary({
  organisation = { 'certified.policy.yaml': certified },
  shop = {},
  yaml = shopYaml,
  visibility = 'private',
  scopes = ['api'],
  tier = 'free',
  ...rest
}: BoundaryOptions = {}): Promise<Boundary> {
  const twin = await startTestTwin({
    machine: testMachine({ entry: resolve('scripts/main.ts') }),
    tier,
    setUp: {
      users: {
        ...{ alice: {}, mallory: {}, rita: {} },
        bot: { kind: 'service_account', scopes },
        starter: { kind: 'service_account' },
        forker: { kind: 'service_account' },
      },
    },
  });
  await twin.addProject('pipewright/pipewright', templates(), { visibility: 'public' });
  const policies = Object.entries(organisation).map(([name, text]) => [`policies/${name}`, text]);
  const own: Record<string, string> = {
    'policies/README.md': 'Policies.\n',
    ...Object.fromEntries(policies),
  };
  const trusted = await twin.addProject(
    'acme/agents',
    { '.gitlab-ci.yml': rest.trusted ?? trustedYaml, ...own },
    {
      members: { starter: 'developer', bot: 'developer' },
      protected_branches: { main: { push: 'maintainer', merge: 'developer' } },
      settings: { ci_pipeline_variables_minimum_override_role: 'no_one_allowed' },
      variables: {
        PIPEWRIGHT_GITLAB_TOKEN: { token_of: 'bot', protected: true, masked: true },
        PIPEWRIGHT_SIGNING_KEY: { value: seed, protected: true, masked: true },
      },
    },
  );
  const { id: project } = await twin.addProject(
    'acme/shop',
    {
      ...{ '.gitlab-ci.yml': yaml, 'src/price.js': 'export const vat = 0.19;\n' },
      ...{ [agentPath]: rest.manifest ?? manifest, ...shop },
    },
    {
      visibility,
      members: { alice: 'developer', mallory: 'developer', rita: 'reporter', bot: 'developer' },
      variables: { PIPEWRIGHT_TRIGGER_TOKEN: { trigger_of: 'acme/agents', owner: 'starter', masked: true } },
    },
  );
  const job = (env = {}) => ({ cwd: workspace(own), env: { ...jobOf(twin, trusted.id), ...env } });
  return {
    twin,
    open: async (branch, files, user = 'alice') => {
      await twin.push('acme/shop', branch, files, user);
      const { iid } = (await twin.api('POST', '/projects/acme%2Fshop/merge_requests', {
        as: user,
        json: { source_branch: branch, target_branch: 'main', title: `Change of ${branch}` },
      })) as { iid: number };
      const mergeRequest = twin.project('acme/shop').mergeRequests.get(iid);
      if (mergeRequest === undefined) throw new Error(`no merge request ${iid}`);
      return { mergeRequest, pipeline: await twin.newest('acme/shop') };
    },
    plant: (pipeline, bundle) => {
      const folder = twin.job(pipeline, 'review-run').artifacts?.folder;
      if (folder === undefined) throw new Error('the job left no artifacts');
      const text = typeof bundle === 'string' ? bundle : JSON.stringify(bundle);
      writeFiles(folder, { '.pipewright/run/review/proposals.json': text });
    },
    bundleFor: ({ iid, versions }, proposals) =>
      makeBundle({
        ...{ version: '0.1.0', session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 }, choices },
        agent: { path: agentPath, name: 'reviewer', digest: digestBytes(rest.manifest ?? manifest) },
        target: { project, mergeRequest: iid, head: versions.at(-1)?.headSha ?? '' },
        ...{ sources: ['merge-request-diff'], proposals },
        usage: { iterations: 2, tokens: 1200, costUsd: 0.0123, confidence: 0.9 },
      }),
    job,
    apply: async (asked, { env = {}, args = [], cwd = workspace(own), ...rest } = {}) => {
      const numbers = [
        `--project=${asked.project ?? project}`,
        `--merge-request=${asked.mergeRequest}`,
        `--pipeline=${asked.pipeline}`,
        ...args,
      ];
      const run = await pipewright(['apply', ...numbers], { ...rest, cwd, env: job(env).env });
      return { ...run, cwd };
    },
  };
}

export function readDecision(cwd: string) {
  return JSON.parse(readFileSync(join(cwd, '.pipewright/apply/pipewright/decision.json'), 'utf8'));
}

export function notesOf({ notes }: MergeRequest) {
  return notes.filter(({ system }) => !system);
}

/** Variables of a job of the trusted project, with its tokens. */
function jobOf(twin: TestTwin, project: number): Record<string, string> {
  return {
    ...{ GITLAB_CI: 'true', CI_PROJECT_ID: String(project), CI_PROJECT_PATH: 'acme/agents' },
    ...{ CI_PROJECT_URL: `${twin.url}/acme/agents`, CI_DEFAULT_BRANCH: 'main' },
    ...{ CI_SERVER_URL: twin.url, CI_API_V4_URL: `${twin.url}/api/v4`, CI_SERVER_VERSION: '18.5.0' },
    ...{
      CI_JOB_ID: '1',
      CI_JOB_NAME: 'apply',
      CI_JOB_STAGE: 'test',
      CI_JOB_URL: `${twin.url}/acme/agents/-/jobs/1`,
    },
    ...{ CI_JOB_STARTED_AT: new Date().toISOString(), CI_JOB_TIMEOUT: '3600', CI_NODE_TOTAL: '1' },
    // Only receipts use it; in these runs without a real job GitLab refuses it, which is told and changes nothing.
    ...{
      CI_JOB_TOKEN: 'glcbt-none',
      PIPEWRIGHT_GITLAB_TOKEN: twin.tokenOf('bot'),
      PIPEWRIGHT_SIGNING_KEY: seed,
    },
  };
}
