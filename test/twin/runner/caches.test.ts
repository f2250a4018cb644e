import { expect, test } from 'vitest';
import { makeRunner } from './harness.ts';

const fill = (cache: object, script = ['mkdir -p .c; cat .c/f || echo none; date +%N > .c/f']) => ({
  script,
  cache,
});

test('a cache comes back in the next job of its key', async () => {
  const { run } = await makeRunner();
  const cache = { key: '$KEY', paths: ['.c/'] };
  const first = await run(fill(cache), { variables: { KEY: 'one' } });
  expect(first.log).toMatch(/No cache for one-non_protected\n/);
  expect(first.log).toContain('\nnone\n');
  expect((await run(fill(cache), { variables: { KEY: 'one' } })).log).not.toContain('\nnone\n');
  expect((await run(fill(cache), { variables: { KEY: 'two' } })).log).toContain('\nnone\n');
});

test('policy and when say what is read and written; fallback keys are tried in turn', async () => {
  const { run } = await makeRunner();
  const paths = ['.c'];
  await run({ ...fill({ key: 'k', paths }), script: ['mkdir .c; touch .c/f; exit 1'] });
  expect((await run(fill({ key: 'k', paths, policy: 'pull' }))).log).toContain('\nnone\n');
  expect((await run(fill({ key: 'k', paths, policy: 'push' }))).log).toContain('\nnone\n');
  const fallback = [{ key: 'other', fallback_keys: ['missing', 'k'], paths, policy: 'pull' }];
  expect((await run(fill(fallback))).log).toContain('Restored cache k-non_protected');
});

test('a cache of a branch anybody writes to is not read on a protected one', async () => {
  const { run } = await makeRunner({ 'lock.json': '1' });
  const cache = { key: { files: ['lock.json'], prefix: 'npm' }, paths: ['.c'] };
  await run(fill(cache));
  expect((await run(fill(cache), { protectedRef: true })).log).toContain('\nnone\n');
  expect((await run(fill(cache))).log).toMatch(/Restored cache npm-[0-9a-f]{40}-non_protected/);
});
