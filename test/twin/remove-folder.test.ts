import { chmodSync, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Context } from '../../components/kernel/context.ts';
import { removeFolder } from '../../components/twin/remove-folder.ts';
import { testContext } from '../support/cli.ts';
import { workspace } from '../support/workspace.ts';

test('read-only folders go as well', async () => {
  const folder = join(workspace({ 'a/b/c/d.txt': 'x' }), 'a');
  const deep = [join(folder, 'b'), join(folder, 'b/c')];
  for (const each of deep) chmodSync(each, 0o555);
  const { fs } = testContext(folder);
  // As it is for everybody but root, whom the system lets remove what is in them.
  const rm: Context['fs']['rm'] = async (path, options) => {
    if (deep.some((each) => (statSync(each).mode & 0o200) === 0))
      throw new Error('EACCES: permission denied');
    await fs.rm(path, options);
  };
  await removeFolder({ fs: { ...fs, rm } }, folder);
  expect(existsSync(folder)).toBe(false);
});
