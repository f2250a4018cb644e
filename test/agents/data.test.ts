import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipewright } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';
import { manifestOf } from './cases.ts';

describe.each(readdirSync('agents'))('%s', (agent) => {
  test('validates without a finding', async () => {
    const run = await pipewright(
      ['validate', manifestOf(agent), `--out=${workspace()}/reports`, '--strict'],
      { cwd: resolve('.') },
    );
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.stdout).toContain('1 manifest: 1 valid, 0 invalid; 0 errors, 0 warnings');
  });

  test('has policies whose tests hold, and cover them', async () => {
    const run = await pipewright(
      ['policy', 'test', `--policies=agents/${agent}/policies`, '--coverage=required'],
      { cwd: resolve('.') },
    );
    expect(run.exitCode, run.stdout).toBe(0);
    expect(run.stdout).toMatch(/tests: [1-9]\d* passed, 0 failed/);
  });
});
