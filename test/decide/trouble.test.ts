import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import type { IssueProposal } from '../../components/proposals/bundle.gen.ts';
import { notesOf, readDecision, startBoundary } from './boundary.ts';

const change = { 'src/price.js': 'export const vat = 19;\n' };
const note = { kind: 'note', topic: 0, body: 'A note.' } as const;
const label = { kind: 'label', label: 0 } as const;
const issue: IssueProposal = { kind: 'issue', title: 'An issue', body: 'A body.', labels: [] };

/** A merge request whose pipeline proposes one of each. */
async function proposed(options: Parameters<typeof startBoundary>[0] = {}) {
  const boundary = await startBoundary(options);
  const { mergeRequest, pipeline } = await boundary.open('price', change);
  boundary.plant(pipeline, boundary.bundleFor(mergeRequest, [note, label, issue]));
  return { ...boundary, mergeRequest, asked: { mergeRequest: mergeRequest.iid, pipeline: pipeline.id } };
}

/** Lets something happen before the request of that kind, counted from one. */
const before =
  (method: string, path: RegExp, count: number, what: () => Promise<unknown>) =>
  (context: Context): Context => {
    let seen = 0;
    return {
      ...context,
      fetch: async (input, init) => {
        const url = String(input instanceof Request ? input.url : input);
        if ((init?.method ?? 'GET') === method && path.test(url)) {
          seen += 1;
          if (seen === count) await what();
        }
        return context.fetch(input, init);
      },
    };
  };

test('a push between two writes stops those that follow, and each says so', async () => {
  const { apply, asked, twin, mergeRequest } = await proposed();
  // Read once to decide, and once more before each write.
  const push = () => twin.push('acme/shop', 'price', { 'src/price.js': 'export const vat = 7;\n' }, 'alice');
  const run = await apply(asked, { change: before('GET', /\/merge_requests\/1$/, 3, push) });
  expect(run.exitCode, run.stdout).toBe(22);
  expect(run.stdout).toMatch(/note "review": allowed[\s\S]*created/);
  expect(run.stdout.match(/not done: the head has moved since it was decided/g)).toHaveLength(2);
  expect(notesOf(mergeRequest)).toHaveLength(1);
  expect(mergeRequest.labels).toEqual([]);
  expect(twin.project('acme/shop').issues.size).toBe(0);
});

test('a token that may only read decides, and every effect says that it failed', async () => {
  const { apply, asked, mergeRequest, twin } = await proposed({ scopes: ['read_api'] });
  const run = await apply(asked);
  expect(run.exitCode, run.stdout).toBe(3);
  expect(run.stdout.match(/failed: .*it needs the scope api/g)).toHaveLength(3);
  const [{ proposals }] = readDecision(run.cwd).bundles;
  expect(proposals.map(({ receipt }: { receipt: { done: string } }) => receipt.done)).toEqual([
    ...['failed', 'failed', 'failed'],
  ]);
  expect(notesOf(mergeRequest)).toEqual([]);
  for (const text of [run.stdout, run.stderr]) expect(text).not.toContain(twin.tokenOf('bot'));
});

test('no network, and a GitLab that answers nonsense: nothing is decided, and it says why', async () => {
  const { apply, asked } = await proposed();
  const refused = Object.assign(new TypeError('fetch failed'), { cause: new Error('connect ECONNREFUSED') });
  const answering = (body: string) => async () =>
    new Response(body, { status: 200, headers: { 'content-type': 'application/json' } });
  const cases: readonly [string, Context['fetch'], RegExp][] = [
    ['no network', () => Promise.reject(refused), /GITLAB_UNREACHABLE|GITLAB_NETWORK|ECONNREFUSED/],
    ['no JSON', answering('<html>'), /GITLAB_/],
    ['another shape', answering('{"id": "one"}'), /GITLAB_/],
  ];
  for (const [name, fetch, words] of cases) {
    const sleep = async () => undefined;
    const change = (context: Context): Context => ({ ...context, fetch, clock: { ...context.clock, sleep } });
    const run = await apply(asked, { change });
    expect(run.exitCode, name).toBe(3);
    expect(run.stderr, name).toMatch(words);
    expect(existsSync(join(run.cwd, '.pipewright/apply/pipewright/decision.json')), name).toBe(false);
  }
});

test('a full disk: what was done is done, and what it was is in the log', async () => {
  const { apply, asked, mergeRequest } = await proposed();
  const full = Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const change = (context: Context): Context => ({
    ...context,
    fs: {
      ...context.fs,
      open: (...call) => (call[1] === 'wx' ? Promise.reject(full) : context.fs.open(...call)),
    },
  });
  const run = await apply(asked, { change });
  expect(run.exitCode).toBe(3);
  expect(run.stderr).toMatch(/FILE_UNWRITABLE/);
  expect(existsSync(join(run.cwd, '.pipewright/apply/pipewright/decision.json'))).toBe(false);
  // The next run finds it done, and writes it down.
  const again = await apply(asked);
  expect(again.exitCode).toBe(0);
  expect(again.stdout.match(/^ +unchanged/gm)).toHaveLength(3);
  expect(notesOf(mergeRequest)).toHaveLength(1);
});

test('SIGTERM in the middle: the next run brings it to its end, once', async () => {
  const { apply, asked, mergeRequest, twin } = await proposed();
  const cancel = new AbortController();
  const stop = async () => cancel.abort('SIGTERM');
  const change = before('POST', /\/issues$/, 1, stop);
  const run = await apply(asked, { change, cancel: cancel.signal });
  expect(run.exitCode).not.toBe(0);
  const again = await apply(asked);
  expect(again.exitCode, again.stdout).toBe(0);
  expect([notesOf(mergeRequest).length, mergeRequest.labels, twin.project('acme/shop').issues.size]).toEqual([
    ...[1, ['risky'], 1],
  ]);
});

test('a secret in a policy or a title is shown nowhere', async () => {
  const secret = `glpat-${'x'.repeat(20)}`;
  const { apply, open, plant, bundleFor } = await startBoundary();
  const { mergeRequest, pipeline } = await open('price', change);
  plant(pipeline, bundleFor(mergeRequest, [{ ...issue, title: `Token ${secret}` }]));
  const run = await apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
  const written = readFileSync(join(run.cwd, '.pipewright/apply/pipewright/decision.json'), 'utf8');
  for (const text of [run.stdout, run.stderr, written]) expect(text).not.toContain(secret);
});
