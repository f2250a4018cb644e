import { expect, test } from 'vitest';
import { digestBytes } from '../../components/kernel/canonical.ts';
import type { ProposalBundle } from '../../components/proposals/bundle.gen.ts';
import { makeBundle } from '../../components/proposals/bundle.ts';
import { planChoices } from '../../components/proposals/choices.ts';
import type { Note } from '../../components/twin/world/review.ts';
import { startBoundary } from './boundary.ts';
import { agentPath, manifest as plain } from './shop.ts';

const extension = { proposals: { thread: { topics: ['risk'] }, suggestion: {} } };
const manifest = plain.replace(/extensions: .*/, `extensions: { pipewright: ${JSON.stringify(extension)} }`);
const choices = planChoices(extension, 'reviewer');
const file = 'src/price.js';
const change = { [file]: 'export const vat = 19;\nexport const net = 1;\n' };

const thread = (line: number, body = 'A factor of 100.'): ProposalBundle['proposals'][number] => ({
  ...{ kind: 'thread', topic: 0, file, line, body },
});

async function start() {
  const boundary = await startBoundary({ manifest });
  const { mergeRequest, pipeline: first } = await boundary.open('price', change);
  const { twin } = boundary;
  let pipeline = first;
  return {
    twin,
    mergeRequest,
    push: async (files: Readonly<Record<string, string>>) => {
      await twin.push('acme/shop', 'price', files, 'alice');
      pipeline = await twin.newest('acme/shop');
    },
    apply: async (proposals: ProposalBundle['proposals'], complete = true) => {
      const bundle = makeBundle({
        ...{ version: '0.1.0', session: { id: '00000000-0000-4000-8000-000000000000', epoch: 1 }, choices },
        agent: { path: agentPath, name: 'reviewer', digest: digestBytes(manifest) },
        target: {
          ...{ project: twin.project('acme/shop').id, mergeRequest: mergeRequest.iid },
          head: mergeRequest.versions.at(-1)?.headSha ?? '',
        },
        ...{ sources: ['merge-request-diff'], proposals, complete },
        usage: { iterations: 2, tokens: 1200, costUsd: 0.01 },
      });
      boundary.plant(pipeline, bundle);
      return boundary.apply({ mergeRequest: mergeRequest.iid, pipeline: pipeline.id });
    },
    threads: () => mergeRequest.notes.filter(({ resolvable }) => resolvable),
  };
}

const isOpen = ({ resolvedAt }: Note) => resolvedAt === undefined;

test('a thread stands on its line once, is changed in place, resolved when it is gone and opened when it is back', async () => {
  const { apply, threads, push } = await start();
  const made = await apply([thread(1), thread(2, 'Net of what?')]);
  expect([made.exitCode, made.stdout], made.stderr).toEqual([
    0,
    expect.stringMatching(/thread "risk, src\/price.js:1": allowed[\s\S]*created/),
  ]);
  expect(threads().map((note) => [note.position?.new_line, isOpen(note)])).toEqual([
    [1, true],
    [2, true],
  ]);
  expect(threads()[0]?.body).toMatch(/^\*\*risk\*\*\n\nA factor of 100\.\n/);
  // Another run finds both a line below, says the first otherwise, and the second no more.
  await push({ [file]: '// Rates.\nexport const vat = 19;\nexport const net = 1;\n' });
  const changed = await apply([thread(2, 'Still a factor of 100.')]);
  expect(changed.stdout).toMatch(/updated[\s\S]*1 of its threads resolved/);
  expect(threads().map((note) => [note.body.includes('Still'), isOpen(note)])).toEqual([
    [true, true],
    [false, false],
  ]);
  // Run again it changes nothing.
  const before = JSON.stringify(threads());
  expect((await apply([thread(2, 'Still a factor of 100.')])).stdout).toContain('unchanged');
  expect(JSON.stringify(threads())).toBe(before);
  const back = await apply([thread(2, 'Still a factor of 100.'), thread(3, 'Net of what?')]);
  expect(back.stdout).toContain('updated');
  expect(threads().map(isOpen)).toEqual([true, true]);
  // A line that was changed is another matter.
  await push({ [file]: '// Rates.\nexport const vat = 0.2;\nexport const net = 1;\n' });
  await apply([thread(2, 'Another rate.'), thread(3, 'Net of what?')]);
  expect(threads().map((note) => [note.body.includes('Another'), isOpen(note)])).toEqual([
    [false, false],
    [false, true],
    [true, true],
  ]);
}, 60_000);

test('what a person has resolved stays resolved, and a session that is not complete resolves nothing', async () => {
  const { apply, threads, twin, mergeRequest } = await start();
  await apply([thread(1), thread(2)]);
  const at = `/projects/acme%2Fshop/merge_requests/${mergeRequest.iid}/discussions`;
  const [first] = (await twin.api('GET', at, { as: 'alice' })) as readonly { readonly id: string }[];
  await twin.api('PUT', `${at}/${first?.id}`, { as: 'alice', json: { resolved: true } });
  expect((await apply([thread(1), thread(2)])).stdout).toContain('unchanged');
  expect(threads().map(isOpen)).toEqual([false, true]);
  await apply([], false);
  expect(threads().map(isOpen)).toEqual([false, true]);
  expect((await apply([])).stdout).toContain('1 of its threads resolved');
  expect(threads().map(isOpen)).toEqual([false, false]);
}, 60_000);

test('what is proposed and not taken is not gone, and what could not be resolved is told', async () => {
  const { apply, threads, twin } = await start();
  await apply([thread(1), thread(2)]);
  // The second stands on a line that nobody changes: it is refused, and the threads stay.
  expect((await apply([thread(1), thread(9)])).exitCode).toBe(21);
  expect(threads().map(isOpen)).toEqual([true, true]);
  twin.faults.add({
    match: { method: 'PUT', route: '/projects/:id/merge_requests/:noteable_id/discussions/:discussion_id' },
    ...{ what: { kind: 'status', status: 503 }, times: 50 },
  });
  const failed = await apply([thread(1)]);
  twin.faults.clear();
  expect([failed.exitCode, failed.stdout]).toEqual([
    3,
    expect.stringContaining('threads that are not proposed any more stay open: '),
  ]);
  expect(threads().map(isOpen)).toEqual([true, true]);
}, 60_000);

test('a suggestion is code as it is for a person to take over, and a line that is not changed takes none', async () => {
  const { apply, threads } = await start();
  const suggestion = {
    kind: 'suggestion',
    topic: 0,
    file,
    line: 1,
    body: 'As before.',
    replacement: 'export const vat = 0.19;',
  } as const;
  const made = await apply([
    suggestion,
    { ...suggestion, line: 7 },
    { ...suggestion, file: '../../etc/passwd' },
  ]);
  expect(made.exitCode).toBe(21);
  expect(made.stdout).toMatch(
    /line 7 of src\/price.js is none[\s\S]*its file is none that the merge request changes/,
  );
  expect(threads().map(({ body }) => body)).toEqual([
    expect.stringContaining('\n```suggestion:-0+0\nexport const vat = 0.19;\n```\n'),
  ]);
}, 60_000);
