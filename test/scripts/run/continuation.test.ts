import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentPath, agentYaml, repository, runArguments } from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace, writeFiles } from '../../support/workspace.ts';

const session = '8f14e45f-ceea-467f-9575-6e0c4f1d2b3a';
const head = `3:${'ab'.repeat(16)}`;

async function refused(args: readonly string[], files: Readonly<Record<string, string>> = {}) {
  const cwd = repository({ [agentPath]: agentYaml() });
  writeFiles(cwd, files);
  return pipewright([...runArguments, ...args], { cwd });
}

test.each([
  ['{"head": 1}', 'head are set by the session itself'],
  ['[1]', 'it is a list, expected a mapping'],
  ['{time}', 'it is not JSON'],
])('%s is nothing to carry on', async (carry, words) => {
  const run = await refused([`--carry=${carry}`]);
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_CARRY')]);
  expect(run.stderr).toContain(words);
});

test('more hops than there are is a mistake', async () => {
  const run = await refused(['--hop=21']);
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('--hop')]);
  expect(run.stderr).toContain('20');
});

const result = '.pipewright/run/review/result.json';

test.each([
  ['no file', {}, 'no session of review is found here'],
  ['no JSON', { [result]: 'x' }, `${result} has no session.id of ours`],
  [
    'an id that leaves the folder',
    { [result]: JSON.stringify({ session: { id: '../x', head } }) },
    'session.id of ours',
  ],
  [
    'no head',
    { [result]: JSON.stringify({ session: { id: session, head: '' } }) },
    'no session.head of ours',
  ],
])('after a job that left %s nothing is gone on with', async (_, files, words) => {
  const run = await refused(['--after=review'], files);
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('code: SESSION_AFTER\n')]);
  expect(run.stderr).toContain(words);
});

test('a session that is named twice is none', async () => {
  const run = await refused(['--after=review', `--session=${session}`]);
  expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_AFTER_TOO')]);
});

test('a link in the place of the files of the job before is not followed', async () => {
  const cwd = repository({ [agentPath]: agentYaml() });
  writeFiles(cwd, { '.pipewright/run/keep': '' });
  symlinkSync(
    workspace({ 'result.json': JSON.stringify({ session: { id: session, head } }) }),
    join(cwd, '.pipewright/run/review'),
  );
  const run = await pipewright([...runArguments, '--after=review'], { cwd });
  expect([run.exitCode, run.stderr]).toEqual([
    2,
    expect.stringContaining('.pipewright/run/review is a symbolic link'),
  ]);
});
