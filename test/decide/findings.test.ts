import { expect, test } from 'vitest';
import type { Note } from '../../components/twin/world/review.ts';
import { readDecision, startBoundary } from './boundary.ts';
import { manifest } from './shop.ts';

const file = 'agents/new.ossa.yaml';
const broken = manifest.replace('name: reviewer', 'name: fresh').replace('kind: Agent', 'kind: Agnet');
const args = ['--findings=threads'];
const isOpen = ({ resolvedAt }: Note) => resolvedAt === undefined;

/** Nothing is proposed here. */
const yaml = `
workflow: { rules: [{ if: $CI_PIPELINE_SOURCE == "merge_request_event" }] }
test: { script: ["true"] }
`;

async function start(files: Readonly<Record<string, string>>, shop: Readonly<Record<string, string>> = {}) {
  const boundary = await startBoundary({ yaml, shop });
  const { twin, open, apply } = boundary;
  const { mergeRequest } = await open('fresh', files);
  const at = `/projects/acme%2Fshop/merge_requests/${mergeRequest.iid}/discussions`;
  return {
    ...{ twin, mergeRequest },
    push: (more: Readonly<Record<string, string | null>>) => twin.push('acme/shop', 'fresh', more, 'alice'),
    apply: async (more = args) => {
      const { id } = await twin.newest('acme/shop');
      return apply({ mergeRequest: mergeRequest.iid, pipeline: id }, { args: more });
    },
    threads: () => mergeRequest.notes.filter(({ resolvable }) => resolvable),
    resolve: async () => {
      const id = mergeRequest.notes.find(({ resolvable }) => resolvable)?.discussionId;
      await twin.api('PUT', `${at}/${id}`, { as: 'alice', json: { resolved: true } });
    },
  };
}

test('a finding stands on its line once, moves with it, is resolved when it is gone and opened when it is back', async () => {
  const { twin, push, apply, threads, resolve } = await start({ 'src/price.js': 'export const vat = 1;\n' });
  const asked = async (more?: string[]) => {
    twin.journal.clear();
    expect((await apply(more)).exitCode).toBe(0);
    return twin.journal.entries.map(({ method, route }) => `${method} ${route}`).sort();
  };
  // Where no manifest is changed the diff is looked at, and nothing else.
  const without = await asked([]);
  const diff = 'GET /projects/:id/merge_requests/:merge_request_iid/diffs';
  expect(await asked()).toEqual([...without, diff].sort());

  await push({ [file]: broken });
  const said = await apply();
  expect([said.exitCode, said.stdout], said.stderr).toEqual([
    0,
    expect.stringMatching(
      /changed manifests: 1, findings that stop the merge: 1\n {2}OSSA_KIND agents\/new.ossa.yaml:2: created/,
    ),
  ]);
  expect(threads().map(({ position, body }) => [position?.new_line, body.split('\n')[0]])).toEqual([
    [2, '**OSSA_KIND**: `pipewright validate` counts this as an error.'],
  ]);
  expect(readDecision(said.cwd).findings).toMatchObject({ manifests: 1, unread: 0, blocking: 1 });
  // It is gone, though no manifest is changed any more.
  await push({ [file]: null });
  expect((await apply()).stdout).toMatch(
    /stop the merge: 0\n {2}threads resolved, whose findings are gone: 1/,
  );
  expect(threads().map(isOpen)).toEqual([false]);
  await push({ [file]: `# New.\n${broken}` });
  // A line below it is the same finding.
  expect((await apply()).stdout).toContain('OSSA_KIND agents/new.ossa.yaml:3: updated');
  expect(threads().map((note) => [note.body.includes(`${file}:3:7`), isOpen(note)])).toEqual([[true, true]]);
  // What a person has resolved stays so.
  await resolve();
  expect((await apply()).stdout).toContain('unchanged');
  expect(threads().map(isOpen)).toEqual([false]);
}, 60_000);

test('a line that is not changed has its thread on the nearest that is, and a file without one on no line; a refusal is told', async () => {
  const other = 'agents/other.ossa.yaml';
  const many = Array(21).fill(broken).join('---\n');
  const { twin, apply, threads } = await start(
    { [file]: `${broken}# The end.\n`, [other]: many.replace(/extensions: .*\n$/, '') },
    { [file]: broken, [other]: many },
  );
  const refuse = (method: string, route: string) =>
    twin.faults.add({ match: { method, route }, what: { kind: 'status', status: 403 }, times: 50 });
  refuse('POST', '/projects/:id/merge_requests/:noteable_id/discussions');
  const failed = await apply();
  expect([failed.exitCode, failed.stdout]).toEqual([3, expect.stringContaining(':2: failed: ')]);
  twin.faults.clear();
  refuse('GET', '/projects/:id/repository/files/:file_path/raw');
  const unread = await apply();
  expect([unread.exitCode, unread.stdout]).toEqual([
    3,
    expect.stringContaining('threads were not looked at: '),
  ]);
  twin.faults.clear();
  const { stdout } = await apply();
  expect(stdout).toContain(`OSSA_KIND ${file}:2: created`);
  expect(stdout).toContain(`OSSA_KIND ${other}:2: created`);
  const said = threads().map(({ position, body }) => [position?.new_line, /It is at .*/.exec(body)?.[0]]);
  expect(said.slice(0, 2)).toEqual([
    [
      broken.split('\n').length,
      'It is at line 2, which the merge request does not change, and the nearest is this one.',
    ],
    [undefined, 'It is at line 2, which the merge request does not change.'],
  ]);
  // Of 22 findings 20 have threads.
  expect(said).toHaveLength(20);
  const counts = threads().map(({ body }) => /(\d+) more findings count/.exec(body)?.[1]);
  expect(counts).toEqual([...Array(19).fill(undefined), '2']);
}, 60_000);
