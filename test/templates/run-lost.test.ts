import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { templates } from '../decide/shop.ts';
import { startTestTwin, testMachine } from '../twin/harness.ts';
import { iterationsOf, type LosingStore, loseRunner, lostProject } from './lost-runner.ts';

// The runner is gone in the middle of a session, with all it had: what each store promises then.

async function lost(store: LosingStore) {
  const { files, settings } = await lostProject(store);
  const twin = await startTestTwin({ machine: testMachine({ entry: resolve('scripts/main.ts') }) });
  await twin.addProject('pipewright/pipewright', templates(), { visibility: 'public' });
  await twin.addProject('acme/shop', files, settings);
  return loseRunner(twin, async (inputs) => {
    const made = await twin.api('POST', '/projects/acme%2Fshop/pipeline', { json: { ref: 'main', inputs } });
    return (made as { readonly id: number }).id;
  });
}

test('a package has every step that was told, and another pipeline goes on', async () => {
  const { first, second, told } = await lost('gitlab-package');
  expect([first.status, first.failureReason]).toEqual(['failed', 'runner_system_failure']);
  expect([second.exitCode, second.trace]).toEqual([0, expect.stringContaining(', job 2 of it')]);
  // Steps may have been recorded and not told any more.
  const [next = 0, ...more] = iterationsOf(second);
  expect(next).toBeGreaterThan(told);
  expect(more).toEqual(Array.from({ length: 40 - next }, (_, index) => next + 1 + index));
});

test('a folder is lost with the runner, as it says, and the session with it', async () => {
  const { first, second } = await lost('directory');
  expect(first.trace).toContain('survives a crash inside the job, not the loss of the runner');
  expect([second.exitCode, second.trace]).toEqual([2, expect.stringContaining('STORE_SESSION_MISSING')]);
});
