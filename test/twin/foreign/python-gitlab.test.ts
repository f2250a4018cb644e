import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { startTestTwin } from '../harness.ts';

// Debian's, whatever Python the PATH names first.
const python = '/usr/bin/python3';
const installed =
  existsSync(python) && spawnSync(python, ['-c', 'import gitlab'], { stdio: 'ignore' }).status === 0;

test.skipIf(!installed)('python-gitlab, unmodified (needs Debian package python3-gitlab)', async () => {
  const { url, addProject, tokenOf } = await startTestTwin();
  await addProject('acme/shop', {
    '.gitlab-ci.yml': [
      'hello:',
      '  rules: [{if: $CI_PIPELINE_SOURCE == "merge_request_event"}]',
      '  script: ["echo hello from the job", "mkdir out", "echo made > out/made.txt"]',
      '  artifacts: {paths: [out]}',
      '',
    ].join('\n'),
  });
  const file = join(workspace({ 'tool.bin': '\0\u00ff\r\nbytes' }), 'tool.bin');
  const env = { PATH: '/usr/bin:/bin', TWIN_URL: url, TWIN_TOKEN: tokenOf('local'), TWIN_FILE: file };
  const script = resolve('test/twin/foreign/python_gitlab.py');
  const { exitCode, stdout, stderr } = await testContext('/').exec(python, [script], { cwd: '/', env });
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    user: 'local',
    project: ['acme/shop', 'main'],
    file: 'new\n',
    changed: ['new.txt'],
    notes: Array.from({ length: 45 }, (_, index) => `note ${index}`),
    first: 'note 0, changed',
    thread: ['please look', 'looked'],
    pipeline: ['success', 'merge_request_event'],
    job: ['hello', 'success'],
    trace: true,
    archive: 'made\n',
    artifact: 'made\n',
    statuses: expect.arrayContaining([['outside', 'success']]),
    package: true,
    issue: 'closed',
    variable: 'one',
    schedule: 'nightly',
    environment: ['review/one'],
    release: 'first',
    lint: true,
    missing: 404,
    stranger: 401,
  });
});
