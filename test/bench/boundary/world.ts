import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Applied, decideAndApply } from '../../../components/decide/apply.ts';
import type { CommitMode } from '../../../components/decide/commit-place.ts';
import type { Asked } from '../../../components/decide/target.ts';
import { createGitLab } from '../../../components/gitlab/client.ts';
import { createCommit } from '../../../components/gitlab/endpoints/commits.ts';
import { createMergeRequest } from '../../../components/gitlab/endpoints/merge-requests.ts';
import type { GitLab } from '../../../components/gitlab/types.ts';
import { digestBytes } from '../../../components/kernel/canonical.ts';
import type { Clock, Context } from '../../../components/kernel/context.ts';
import type { ProposalBundle } from '../../../components/proposals/bundle.gen.ts';
import { makeBundle } from '../../../components/proposals/bundle.ts';
import { createEnvironment } from '../../../components/twin/api/environments.ts';
import { applyTwinFile } from '../../../components/twin/setup/apply-twin-file.ts';
import type { TwinFile } from '../../../components/twin/setup/twin-file.gen.ts';
import { type RunningTwin, startTwin } from '../../../components/twin/twin.ts';
import type { Pipeline } from '../../../components/twin/world/pipeline.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import type { MergeRequest } from '../../../components/twin/world/review.ts';
import { findProject, findUser } from '../../../components/twin/world/world.ts';
import { known, machineIn } from '../../contracts/client-and-twin/start.ts';
import { agentPath, seed, shopYaml, templates, trustedYaml } from '../../decide/shop.ts';
import { testContext } from '../../support/cli.ts';
import { commitAll, writeFiles } from '../../support/repository.ts';
import { certified, choices, manifest } from './agent.ts';

/** A merge request whose pipeline has ended. */
export interface Opened {
  readonly mergeRequest: MergeRequest;
  readonly pipeline: Pipeline;
}

/** A shop, the trusted project that serves it, and a vault that nobody may reach, on one GitLab. */
export interface BoundaryWorld {
  readonly twin: RunningTwin;
  readonly shop: Project;
  readonly vault: Project;
  readonly trusted: Project;
  /** Number of the account that acts; it is a developer of the shop and of the vault. */
  readonly bot: number;
  readonly tokenOf: (user: string) => string;
  /** The trigger token that authors can read. */
  readonly trigger: string;
  readonly open: (branch: string, files: Readonly<Record<string, string>>) => Promise<Opened>;
  /** Changes files on a branch that is there, and gives the pipeline of that push once it has settled. */
  readonly push: (branch: string, files: Readonly<Record<string, string>>) => Promise<Pipeline>;
  /** Puts bytes in the place of the proposals that a pipeline's job left. */
  readonly plant: (pipeline: Pipeline, text: string | Uint8Array) => void;
  readonly bundleFor: (mergeRequest: MergeRequest, proposals: ProposalBundle['proposals']) => ProposalBundle;
  /** Decides and applies as the trusted project does, in this process. */
  readonly apply: (
    asked: Asked,
    client?: { readonly context: Context; readonly gitlab: GitLab },
  ) => Promise<Applied>;
  readonly newest: (project: Project) => Promise<Pipeline | undefined>;
  readonly context: Context;
  readonly close: () => Promise<void>;
}

/** Files of the shop that a branch changes and does not add. */
const onMain = new Set([agentPath, '.gitlab-ci.yml', 'src/price.js', 'policies/project.policy.yaml']);

const unlimited = { requests: Infinity, notes: Infinity };

export async function startWorld(clock?: Clock): Promise<BoundaryWorld> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pipewright-boundary-')));
  const context = testContext(folder, clock === undefined ? {} : { clock });
  const errors: unknown[] = [];
  const twin = await startTwin(context, {
    machine: { ...machineIn(folder), entry: resolve('dist/main.js') },
    limits: unlimited,
    onError: (error) => errors.push(error),
  });
  const { tokens } = await applyTwinFile(context, twin, fileIn(folder), folder);
  const tokenOf = (user: string) => known(tokens.get(user), `token of ${user}`);
  const project = (path: string) => known(findProject(twin.world, path), path);
  const as = (user: string) =>
    createGitLab(context, { apiUrl: `${twin.url}/api/v4`, token: { kind: 'private', value: tokenOf(user) } });
  const [shop, vault, trusted] = [project('acme/shop'), project('acme/vault'), project('acme/agents')];
  for (const one of [shop, vault]) createEnvironment(twin.world, one, 'review/1');
  const newest = async ({ id }: Project) => {
    const pipeline = [...twin.world.pipelines.values()].findLast(({ projectId }) => projectId === id);
    if (pipeline !== undefined) await twin.pipelines.settled(pipeline);
    return pipeline;
  };
  return {
    ...{ twin, shop, vault, trusted, tokenOf, newest, context },
    bot: known(findUser(twin.world, 'bot'), 'bot').id,
    trigger: known(
      shop.variables.find(({ key }) => key === 'PIPEWRIGHT_TRIGGER_TOKEN'),
      'trigger token',
    ).value,
    open: async (branch, files) => {
      const author = as('mallory');
      const startSha = known(await twin.repositories.resolve(shop, 'main'), 'main');
      const actions = Object.entries(files).map(([filePath, text]) => ({
        action: onMain.has(filePath) ? ('update' as const) : ('create' as const),
        ...{ filePath, content: Buffer.from(text) },
      }));
      const of = { project: shop.path, message: branch };
      await createCommit(author, { ...of, branch, startSha, actions, found: async () => undefined });
      const { iid } = await createMergeRequest(author, {
        ...{ project: shop.path, sourceBranch: branch, targetBranch: 'main', title: branch },
      });
      const pipeline = known(await newest(shop), `pipeline of ${branch}: ${twin.refusals.join(', ')}`);
      return { mergeRequest: known(shop.mergeRequests.get(iid), `!${iid}`), pipeline };
    },
    push: async (branch, files) => {
      const actions = Object.entries(files).map(([filePath, text]) => ({
        ...{ action: 'update' as const, filePath, content: Buffer.from(text) },
      }));
      const of = { project: shop.path, message: `${branch}, once more`, branch, actions };
      await createCommit(as('mallory'), { ...of, found: async () => undefined });
      return known(await newest(shop), `pipeline of ${branch}`);
    },
    plant: (pipeline, text) => {
      const job = pipeline.jobs.find(({ name }) => name === 'review-run');
      const artifacts = known(job?.artifacts, 'artifacts').folder;
      writeFileSync(join(artifacts, '.pipewright/run/review/proposals.json'), text);
    },
    bundleFor: ({ iid, versions }, proposals) =>
      makeBundle({
        ...{ version: '0.1.0', session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 }, choices },
        agent: { path: agentPath, name: 'reviewer', digest: digestBytes(manifest) },
        target: { project: shop.id, mergeRequest: iid, head: versions.at(-1)?.headSha ?? '' },
        ...{ sources: ['merge-request-diff'], proposals },
        usage: { iterations: 2, tokens: 1200, costUsd: 0.01, confidence: 0.9 },
      }),
    apply: (asked, client = { context, gitlab: as('bot') }) =>
      decideAndApply(client.context, client.gitlab, {
        ...{ asked, serves: [shop.path], agents: 'agents', policies: 'policies', version: '0.1.0' },
        ...{
          status: false,
          commits: commitsAs(client.gitlab, twin.url, tokenOf('bot')),
          pulled: [],
          findings: 'none',
          statusCheck: '',
        },
        organisation: [{ path: 'policies/certified.policy.yaml', text: certified }],
      }),
    close: async () => {
      await twin.close();
      rmSync(folder, { recursive: true, force: true });
      if (errors.length > 0) throw new AggregateError(errors, 'the twin failed');
    },
  };
}

function fileIn(folder: string): TwinFile {
  const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    catalog: templates(),
    shop: {
      ...{ '.gitlab-ci.yml': shopYaml, 'src/price.js': 'export const vat = 0.19;\n', [agentPath]: manifest },
      'policies/project.policy.yaml': quiet,
    },
    vault: { 'secret.txt': 'x\n', [agentPath]: manifest },
    trusted: { '.gitlab-ci.yml': trustedYaml, 'policies/certified.policy.yaml': certified },
  };
  for (const [name, content] of Object.entries(files)) {
    writeFiles(join(folder, name), content);
    if (name === 'shop') symlinkSync('../agents', join(folder, name, 'src/link'));
    commitAll(join(folder, name));
  }
  return {
    users: {
      ...{ mallory: {}, victim: {} },
      ...{ bot: { kind: 'service_account' }, starter: { kind: 'service_account' } },
    },
    projects: {
      'pipewright/pipewright': { folder: join(folder, 'catalog'), visibility: 'public' },
      'acme/agents': {
        ...{ folder: join(folder, 'trusted'), members: { starter: 'developer' } },
        protected_branches: { main: { push: 'maintainer', merge: 'developer' } },
        settings: { ci_pipeline_variables_minimum_override_role: 'no_one_allowed' },
        variables: {
          PIPEWRIGHT_GITLAB_TOKEN: { token_of: 'bot', protected: true, masked: true },
          PIPEWRIGHT_SIGNING_KEY: { value: seed, protected: true, masked: true },
        },
      },
      'acme/shop': {
        folder: join(folder, 'shop'),
        members: { mallory: 'developer', victim: 'maintainer', bot: 'developer' },
        variables: {
          PIPEWRIGHT_TRIGGER_TOKEN: { trigger_of: 'acme/agents', owner: 'starter', masked: true },
        },
      },
      'acme/vault': { folder: join(folder, 'vault'), members: { victim: 'maintainer', bot: 'developer' } },
    },
  };
}

/** The shop's own word, which narrows ours. */
const quiet = `apiVersion: pipewright/v1
kind: Policy
metadata: { name: few }
spec:
  effect: forbid
  match: { actions: [propose] }
  conditions: ["context.proposals > 6"]
  message: At most six proposals at once.
`;

/** As strong as it can be: a person has clicked on whatever is proposed. */
function commitsAs(gitlab: GitLab, server: string, token: string): CommitMode {
  const access = { gitlab, token };
  return { ...{ mode: 'click', isClicked: true, forks: [] }, server, access, forkAccess: undefined };
}
