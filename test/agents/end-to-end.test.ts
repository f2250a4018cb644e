import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { notesOf, startBoundary } from '../decide/boundary.ts';
import { shopYaml } from '../decide/shop.ts';
import { readOutput } from '../session/support.ts';
import { pipewright } from '../support/cli.ts';
import { manifestOf, readCases } from './cases.ts';

/** Of the agent, and of what answers for it: the trusted project has the one, the project it serves the other. */
const [reviewer, doctor] = [manifestOf('mr-reviewer'), manifestOf('ci-doctor')];
const injected = readCases('mr-reviewer').find(({ id }) => id === 'injected');
const typeError = readCases('ci-doctor').find(({ id }) => id === 'type-error');

test('both agents in the trusted project: what they propose is decided and written', async () => {
  if (injected === undefined || typeError === undefined) throw new Error('a case is gone');
  const log = typeError.logs[101] ?? '';
  const boundary = await startBoundary({
    shop: {
      ...{ ...injected.base, ...typeError.base, 'typecheck.log': log },
      [reviewer]: readFileSync(reviewer, 'utf8'),
      [doctor]: readFileSync(doctor, 'utf8'),
    },
    yaml: `${shopYaml}\ntypecheck: { needs: [], script: [cat typecheck.log, exit 2] }\n`,
  });
  const { twin, job, apply } = boundary;
  const { id: project } = twin.project('acme/shop');
  const openAs = async (one: typeof injected) => {
    await twin.push('acme/shop', one.id, one.head, 'alice');
    const { iid } = (await twin.api('POST', '/projects/acme%2Fshop/merge_requests', {
      as: 'alice',
      json: {
        ...{ source_branch: one.id, target_branch: 'main' },
        ...{ title: one.title, description: one.description ?? '' },
      },
    })) as { iid: number };
    const mergeRequest = twin.project('acme/shop').mergeRequests.get(iid);
    if (mergeRequest === undefined) throw new Error(`no merge request ${iid}`);
    return { mergeRequest, pipeline: await twin.newest('acme/shop') };
  };
  /** A job of the trusted project, whose checkout holds what answers in the place of the model. */
  const runAndApply = async (
    { mergeRequest, pipeline }: Awaited<ReturnType<typeof openAs>>,
    agent: string,
    [input, file]: readonly [input: string, file: string],
  ) => {
    const { cwd, env } = job();
    writeFileSync(join(cwd, 'answers'), readFileSync(file));
    const numbers = [`--project=${project}`, `--merge-request=${mergeRequest.iid}`];
    const run = await pipewright(
      ['run', `--agent=${agent}`, `--${input}=answers`, '--enforcement=best-effort', ...numbers],
      { cwd, env },
    );
    expect(run.exitCode, run.stdout + run.stderr).toBe(0);
    const asked = { mergeRequest: mergeRequest.iid, pipeline: pipeline.id };
    const applied = await apply(asked, { cwd, args: ['--from=here'] });
    expect(applied.exitCode, applied.stdout + applied.stderr).toBe(0);
    return { cwd, notes: notesOf(mergeRequest).map(({ body }) => body) };
  };

  const reviewed = await runAndApply(await openAs(injected), reviewer, ['cassette', injected.cassette]);
  expect(reviewed.notes).toEqual([
    expect.stringContaining('This is no refactoring'),
    expect.stringContaining('written for automatic reviewers'),
  ]);

  const explained = await runAndApply(await openAs(typeError), doctor, [
    ...['playbook', 'agents/ci-doctor/playbook.yaml'],
  ] as const);
  expect(readOutput(explained.cwd, 'result')).toMatchObject({
    usage: { iterations: 4, inputTokens: 0, outputTokens: 0, costPicoUsd: '0' },
    sources: ['job-log', 'merge-request'],
    answer: { value: { complete: true, failures: [{ name: 'typecheck', cause: 'typescript-error' }] } },
  });
  expect(explained.notes).toHaveLength(2);
  for (const words of ['### TypeScript: `TS2362`', '**TypeScript: `TS2362`** (job `typecheck`)'])
    expect(explained.notes).toContainEqual(expect.stringContaining(words));
});
