import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repository } from '../../session/support.ts';
import { pipewright } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';
import { rung, sh, start, taskPath, taskYaml, titled } from './task-support.ts';

describe.skipIf(rung === 'none')(titled('entrypoint and input'), () => {
  test('a script that is executable needs no first line that names what runs it', async () => {
    const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': 'echo {}\n' });
    const not = await pipewright(['run', `--agent=${taskPath}`], { cwd });
    expect([not.exitCode, not.stderr]).toEqual([2, expect.stringContaining('SESSION_ENTRYPOINT')]);
    chmodSync(join(cwd, 'scripts/count.sh'), 0o755);
    expect(await pipewright(['run', `--agent=${taskPath}`], { cwd })).toMatchObject({ exitCode: 0 });
  });

  test.each(['missing', 'link', 'folder', 'folder that is a link'])('%s', async (what) => {
    const outside = workspace({ 'count.sh': sh('echo {}') });
    const cwd = repository({
      [taskPath]: taskYaml(),
      ...(what === 'folder' ? { 'scripts/count.sh/a': '' } : {}),
    });
    if (what === 'folder that is a link') symlinkSync(outside, join(cwd, 'scripts'));
    if (what === 'link') {
      const linked = repository({ [taskPath]: taskYaml(), 'scripts/a': '' });
      symlinkSync(join(outside, 'count.sh'), join(linked, 'scripts/count.sh'));
      const run = await pipewright(['run', `--agent=${taskPath}`], { cwd: linked });
      expect([run.exitCode, run.stderr]).toEqual([
        2,
        expect.stringContaining('scripts/count.sh is a symbolic link'),
      ]);
      return;
    }
    const run = await pipewright(['run', `--agent=${taskPath}`], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_ENTRYPOINT')]);
  });

  test.each([
    ['no JSON', '{', 'the input input.json cannot be used'],
    ['another shape', '{"name": 1}', 'name'],
  ])('input: %s', async (_, input, words) => {
    const parts = { more: 'input: {type: object, required: [name], properties: {name: {type: string}}}' };
    const { run } = await start({ script: sh('echo {}'), parts, input });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_INPUT_INVALID')]);
    expect(run.stderr).toContain(words);
  });

  test('input that is missing', async () => {
    const cwd = repository({ [taskPath]: taskYaml(), 'scripts/count.sh': sh('echo {}') });
    const run = await pipewright(['run', `--agent=${taskPath}`, '--input=none.json'], { cwd });
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining('SESSION_INPUT_INVALID')]);
  });
});
