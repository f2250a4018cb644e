import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

const init = (cwd: string, ...args: readonly string[]) => pipewright(['init', 'agent', ...args], { cwd });

test.each([
  ['mr-reviewer', ['agents/mr-reviewer/agent.ossa.yaml', 'policies/mr-reviewer-forks.policy.yaml']],
  ['ci-doctor', ['agents/ci-doctor/playbook.yaml', 'policies/ci-doctor-reads-jobs.test.yaml']],
])('%s is copied with its policies, and is right where it lands', async (agent, some) => {
  const cwd = workspace();
  const run = await init(cwd, `--from=${agent}`);
  expect(run.exitCode, run.stderr).toBe(0);
  for (const path of some) expect(run.stdout).toContain(`written ${path}\n`);
  const manifest = `agents/${agent}/agent.ossa.yaml`;
  expect(run.stdout).toContain(`then: pipewright validate ${manifest}`);
  expect(readFileSync(join(cwd, manifest), 'utf8')).toBe(readFileSync(manifest, 'utf8'));
  expect(existsSync(join(cwd, `agents/${agent}/cases`))).toBe(false);
  const checked = await pipewright(['validate', '--strict'], { cwd });
  expect(checked.exitCode, checked.stdout).toBe(0);
  const tested = await pipewright(['policy', 'test', '--coverage=required'], { cwd });
  expect(tested.exitCode, tested.stdout).toBe(0);
  // Again, it is there already.
  expect((await init(cwd, agent, `--from=${agent}`)).stdout).toContain(`unchanged ${manifest}\n`);
});

test('what there is not to copy, or would not be a copy, is refused, and nothing is written', async () => {
  const cwd = workspace();
  const unknown = await init(cwd, '--from=mr-reviewr');
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('STARTER_FROM_UNKNOWN')]);
  expect(unknown.stderr).toContain('there are ci-doctor, mr-reviewer; did you mean mr-reviewer?');
  const changed = await init(cwd, 'mine', '--from=ci-doctor', '--role=You are mine.');
  expect([changed.exitCode, changed.stderr]).toEqual([2, expect.stringContaining('STARTER_FROM_CHANGED')]);
  expect(changed.stderr).toContain('the name "mine", --role');
  expect(existsSync(join(cwd, 'agents'))).toBe(false);
});

test('it can be looked at before', async () => {
  const run = await init(workspace(), '--from=ci-doctor', '--dry-run');
  expect(run.stdout).toContain('--- policies/ci-doctor-reads-jobs.policy.yaml\n');
});
