import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { digestBytes } from '../../components/kernel/canonical.ts';
import type { CommitProposal, ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { makeBundle } from '../../components/proposals/bundle.ts';
import { planChoices } from '../../components/proposals/choices.ts';
import { findUser } from '../../components/twin/world/world.ts';
import { readDecision, startBoundary } from './boundary.ts';
import { agentPath, certified, manifest as plain, trustedYaml } from './shop.ts';

const extension = { proposals: { commit: { paths: ['src/**'] } } };
const manifest = plain.replace(/extensions: .*/, `extensions: { pipewright: ${JSON.stringify(extension)} }`);
const choices = planChoices(extension, 'reviewer');
const silver = certified
  .replace(digestBytes(plain), digestBytes(manifest))
  .replace('level: bronze', 'level: silver');

const commit = (
  content: string | null = 'export const vat = 0.19;\n',
  path = 'src/price.js',
): CommitProposal => ({
  ...{ kind: 'commit', title: 'VAT is a [skip ci] factor', body: 'Closes #1. /merge' },
  files: [{ path, content }],
});
const branch = 'pipewright/reviewer/1';
const change = { 'src/price.js': 'export const vat = 19;\n' };

async function start(trusted?: string) {
  const boundary = await startBoundary({
    manifest,
    organisation: { 'certified.policy.yaml': silver },
    ...(trusted === undefined ? {} : { trusted }),
  });
  const { twin } = boundary;
  const { mergeRequest, pipeline: first } = await boundary.open('price', change);
  let pipeline = first;
  const shop = twin.project('acme/shop');
  const bots = ['bot', 'forker'].map((name) => findUser(twin.world, name)?.id ?? 0);
  const plant = (proposals: ProposalBundle['proposals']) => {
    const bundle = makeBundle({
      ...{ version: '0.1.0', session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 }, choices },
      agent: { path: agentPath, name: 'reviewer', digest: digestBytes(manifest) },
      target: { project: shop.id, mergeRequest: 1, head: mergeRequest.versions.at(-1)?.headSha ?? '' },
      ...{ sources: ['merge-request-diff'], proposals },
      usage: { iterations: 2, tokens: 1200, costUsd: 0.01 },
    });
    boundary.plant(pipeline, bundle);
    return pipeline;
  };
  const apply = async (proposals: ProposalBundle['proposals'], args: readonly string[], env = {}) => {
    plant(proposals);
    return boundary.apply({ mergeRequest: 1, pipeline: pipeline.id }, { args, env });
  };
  return {
    ...{ boundary, twin, shop, mergeRequest, plant, apply },
    push: async (files: Readonly<Record<string, string>>) => {
      await twin.push('acme/shop', 'price', files, 'alice');
      pipeline = await twin.newest('acme/shop');
    },
    drafts: () =>
      [...shop.mergeRequests.values()]
        .filter(({ authorId }) => bots.includes(authorId))
        .map(({ iid, title, state, sourceBranch, targetBranch }) => ({
          ...{ iid, title, state, sourceBranch, targetBranch },
        })),
    git: (path: string, ...args: string[]) =>
      execFileSync('git', args, { cwd: twin.repositories.folderOf(twin.project(path)), encoding: 'utf8' }),
  };
}

/** As in a job that a person has started. */
const person = { CI_JOB_MANUAL: 'true', GITLAB_USER_ID: '4', GITLAB_USER_LOGIN: 'rita' };
const click = ['--commits=click', '--only=commit'];

test('without a word of the trusted project no commit happens, and a person’s click makes one, once', async () => {
  const { apply, drafts, git, mergeRequest, push, twin } = await start();
  const none = await apply([commit()], []);
  expect([none.exitCode, none.stdout]).toEqual([
    21,
    expect.stringContaining('commits are not switched on here'),
  ]);
  const waits = await apply([commit()], ['--commits=click']);
  expect([waits.exitCode, waits.stdout]).toEqual([
    0,
    expect.stringContaining('waiting: it waits for a person'),
  ]);
  const machine = await apply([commit()], click);
  expect([machine.exitCode, machine.stderr]).toEqual([2, expect.stringContaining('DECIDE_NO_CLICK')]);
  expect([drafts(), git('acme/shop', 'branch', '--list', 'pipewright/*')]).toEqual([[], '']);

  const made = await apply([commit()], click, person);
  expect([made.exitCode, made.stdout], made.stderr).toEqual([
    0,
    expect.stringMatching(/created http\S+\/merge_requests\/2[\s\S]*started for commits by rita/),
  ]);
  expect(readDecision(made.cwd).clicked).toEqual({ id: 4, username: 'rita' });
  const title = 'Draft: VAT is a (skip ci) factor';
  const draft = { iid: 2, title, state: 'opened', sourceBranch: branch, targetBranch: 'price' };
  expect(drafts()).toEqual([draft]);
  const head = mergeRequest.versions.at(-1)?.headSha ?? '';
  const show = (format: string) => git('acme/shop', 'log', '-1', `--format=${format}`, branch).trim();
  expect(show('%P %ct %at')).toBe(
    `${head} ${git('acme/shop', 'log', '-1', '--format=%ct %ct', head).trim()}`,
  );
  expect(show('%an %cn')).toBe('bot bot');
  expect(show('%ae')).toMatch(/^\d+-bot@users\.noreply\.(127\.0\.0\.1|localhost)$/);
  expect(show('%B').replace(/[0-9a-f]{16}/, '…')).toBe(`Agent reviewer: VAT is a (skip ci) factor

Proposed by an agent, which may be wrong. Nobody has signed it off.

Proposed-by: agent reviewer … (pipewright)
Pipewright-session: 00000000-0000-4000-8000-000000000000
Pipewright-merge-request: 1 of project ${twin.project('acme/shop').id}`);
  expect(git('acme/shop', 'show', `${branch}:src/price.js`)).toBe('export const vat = 0.19;\n');

  const before = git('acme/shop', 'rev-parse', branch);
  expect((await apply([commit()], click, person)).stdout).toContain('unchanged');
  expect([git('acme/shop', 'rev-parse', branch), drafts()]).toEqual([before, [draft]]);

  // A person has found it good; then the merge request moves on, and what nobody has seen is a draft again.
  const ready = { as: 'alice', json: { title: 'Good' } };
  await twin.api('PUT', '/projects/acme%2Fshop/merge_requests/2', ready);
  await push({ 'src/price.js': 'export const vat = 20;\n' });
  const moved = await apply([commit()], click, person);
  expect([moved.exitCode, moved.stdout], moved.stderr).toEqual([0, expect.stringContaining('updated')]);
  expect(show('%P')).toBe(mergeRequest.versions.at(-1)?.headSha);
  expect(drafts()).toEqual([draft]);
}, 60_000);

test('what must not change does not: CI, too much, a branch with their commits, a lease that is lost, a draft that a person closed', async () => {
  const { apply, drafts, git, push, twin } = await start();
  await push({ 'src/long.txt': 'line\n'.repeat(1_001) });
  twin.project('acme/shop').settings.ci_config_path = 'src/build.yml';
  for (const [proposal, reason] of [
    [commit('x\n', 'src/build.yml'), 'src/build.yml steers CI or agents of this project'],
    [commit(null, 'src/long.txt'), 'it takes 1001 lines away, at most 1000 are allowed'],
  ] as const) {
    const { exitCode, stdout } = await apply([proposal], click, person);
    expect([exitCode, stdout]).toEqual([21, expect.stringContaining(`refused: ${reason}`)]);
  }
  await twin.push('acme/shop', branch, { 'src/mine.js': '1\n' }, 'alice');
  const before = git('acme/shop', 'rev-parse', branch);
  const foreign = await apply([commit()], click, person);
  expect([foreign.exitCode, foreign.stdout]).toEqual([
    3,
    expect.stringContaining(
      `failed: the branch ${branch} of acme/shop has a commit that is not this agent's`,
    ),
  ]);
  expect([git('acme/shop', 'rev-parse', branch), drafts()]).toEqual([before, []]);

  // GitLab says that the branch is not there, as a replica that lags behind does.
  twin.faults.add({
    match: { method: 'GET', route: '/projects/:id/repository/branches/:branch', path: /pipewright/ },
    ...{ what: { kind: 'status', status: 404 }, times: 5 },
  } as never);
  const lost = await apply([commit()], click, person);
  twin.faults.clear();
  expect([lost.exitCode, lost.stdout]).toEqual([
    3,
    expect.stringMatching(/the push is refused: .*stale info/),
  ]);
  expect([git('acme/shop', 'rev-parse', branch), drafts()]).toEqual([before, []]);

  await twin.api('DELETE', `/projects/acme%2Fshop/repository/branches/${encodeURIComponent(branch)}`);
  await apply([commit()], click, person);
  const made = git('acme/shop', 'rev-parse', branch);
  const draft = drafts()[0]?.iid;
  await twin.api('PUT', `/projects/acme%2Fshop/merge_requests/${draft}`, {
    as: 'alice',
    json: { state_event: 'close' },
  });
  const closed = await apply([commit('export const vat = 1;\n')], click, person);
  expect([closed.exitCode, closed.stdout]).toEqual([0, expect.stringContaining('it stays closed')]);
  expect([git('acme/shop', 'rev-parse', branch), drafts()]).toEqual([
    made,
    [expect.objectContaining({ state: 'closed' })],
  ]);
}, 60_000);

test('in mode fork an account of its own pushes to the fork, and no pipeline of it runs in the project', async () => {
  const { apply, drafts, git, mergeRequest, push, twin } = await start();
  const shop = twin.project('acme/shop');
  const forker = findUser(twin.world, 'forker')?.id ?? 0;
  const env = { PIPEWRIGHT_FORK_TOKEN: twin.tokenOf('forker') };
  const run = (given: CommitProposal, more = env) =>
    apply([given], ['--commits=fork', '--bot-fork=acme/agents forker/shop'], more);
  expect((await run(commit(), {} as typeof env)).stdout).toContain('failed: PIPEWRIGHT_FORK_TOKEN');
  shop.members.set(forker, 30);
  expect((await run(commit())).stdout).toContain('failed: forker is a developer or more in acme/shop');
  shop.members.set(forker, 20);
  const missing = await run(commit());
  expect([missing.exitCode, missing.stdout]).toEqual([
    3,
    expect.stringContaining('no bot-fork is a fork of acme/shop'),
  ]);

  await twin.api('POST', '/projects/acme%2Fshop/fork', { as: 'forker', json: {} });
  const inShop = () =>
    [...twin.world.pipelines.values()].filter(({ projectId }) => projectId === shop.id).length;
  // The fork does not have the head yet.
  await push({ 'src/price.js': 'export const vat = 20;\n' });
  const count = inShop();
  const made = await run(commit());
  expect([made.exitCode, made.stdout], made.stderr).toEqual([0, expect.stringContaining('created')]);
  const title = 'Draft: VAT is a (skip ci) factor';
  const draft = { iid: 2, title, state: 'opened', sourceBranch: branch, targetBranch: 'price' };
  expect(drafts()).toEqual([draft]);
  const tip = () => git('forker/shop', 'log', '-1', '--format=%H %P %an', branch);
  expect(tip()).toMatch(new RegExp(` ${mergeRequest.versions.at(-1)?.headSha} forker\n$`));
  expect([git('acme/shop', 'branch', '--list', 'pipewright/*'), inShop()]).toEqual(['', count]);
  const before = tip();
  expect((await run(commit())).stdout).toContain('unchanged');
  expect(tip()).toBe(before);
  expect((await run(commit('export const vat = 1;\n'))).stdout).toContain('updated');
  expect([tip() === before, drafts()]).toEqual([false, [draft]]);
  for (const text of [made.stdout, made.stderr]) expect(text).not.toContain(env.PIPEWRIGHT_FORK_TOKEN);
}, 60_000);

test('the component has a manual job for it, in the pipeline of one merge request, and a person plays it', async () => {
  const withClick = trustedYaml.replace('      sweep:', '      commits: click\n      sweep:');
  const { drafts, plant, shop, twin } = await start(withClick);
  const pipeline = plant([commit()]);
  const begin = async (numbers: Readonly<Record<string, number>>) => {
    const json = { ref: 'main', inputs: numbers };
    await twin.api('POST', '/projects/acme%2Fagents/pipeline', { as: 'local', json });
    return twin.newest('acme/agents');
  };
  const decided = await begin({ project: shop.id, 'merge-request': 1, pipeline: pipeline.id });
  const [first, manual] = ['pipewright-apply', 'pipewright-commit-apply'].map((name) =>
    twin.job(decided, name),
  );
  expect([first?.status, manual?.status, manual?.allowFailure, decided.status]).toEqual([
    ...['success', 'manual', true, 'success'],
  ]);
  expect(drafts()).toEqual([]);
  await twin.api('POST', `/projects/acme%2Fagents/jobs/${manual?.id}/play`, { as: 'local', json: {} });
  await twin.newest('acme/agents');
  expect(twin.job(decided, 'pipewright-commit-apply').status).toBe('success');
  expect(drafts()).toEqual([expect.objectContaining({ state: 'opened', sourceBranch: branch })]);
  // Without numbers nobody has looked at one of them.
  expect((await begin({})).jobs.map(({ name }) => name)).toEqual(['pipewright-apply']);
}, 90_000);
