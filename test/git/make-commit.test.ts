import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runOn } from '../../components/git/git-objects.ts';
import { type FileChange, makeCommit } from '../../components/git/make-commit.ts';
import { listTree } from '../../components/git/tree.ts';
import { testContext } from '../support/cli.ts';
import { commitAll, workspace, writeFiles } from '../support/workspace.ts';

const by = { name: 'bot', email: '7-bot@users.noreply.gitlab.example.com' };

function repository() {
  const cwd = workspace({
    'src/run.sh': 'run\n',
    'src/a b.txt': 'one\ntwo\n',
    'pixel.bin': 'a\0b',
    'keep.txt': '1\n',
  });
  execFileSync('chmod', ['755', join(cwd, 'src/run.sh')]);
  symlinkSync('src', join(cwd, 'link'));
  commitAll(cwd);
  const git = (...args: string[]) => execFileSync('git', args, { cwd, encoding: 'utf8' });
  const head = git('rev-parse', 'HEAD').trim();
  const objects = runOn(testContext(cwd), join(cwd, '.git'));
  return {
    ...{ cwd, git, head },
    make: async (files: readonly FileChange[], message = 'Subject\n\nfrom here\nM 100644 inline x\n') =>
      makeCommit(objects, await listTree(objects, head), { parent: head, files, message, by }),
  };
}

test('whole files are written where they are, with the mode they have, and all else stays', async () => {
  const { git, head, make, cwd } = repository();
  writeFiles(cwd, { 'keep.txt': 'changed in the work tree\n' });
  const made = await make([
    { path: 'src/run.sh', content: 'data 3\nM 100644 inline y\n' },
    { path: 'src/a b.txt', content: null },
    { path: 'new/ä.txt', content: 'ü\r\n' },
  ]);
  expect(made).toMatchObject({ files: 3, removedLines: 3, hasBinary: false });
  const rows = git('-c', 'core.quotePath=false', 'ls-tree', '-r', made.commit).trim().split('\n');
  expect(rows.map((row) => row.replace(/ blob \w+\t/, ' '))).toEqual([
    ...['100644 keep.txt', '120000 link', '100644 new/ä.txt', '100644 pixel.bin', '100755 src/run.sh'],
  ]);
  expect(git('show', `${made.commit}:src/run.sh`)).toBe('data 3\nM 100644 inline y\n');
  expect(git('show', `${made.commit}:keep.txt`)).toBe('1\n');
  expect(git('log', '-1', '--format=%P|%an|%ae|%cn|%ce|%B', made.commit).trim()).toBe(
    `${head}|bot|${by.email}|bot|${by.email}|Subject\n\nfrom here\nM 100644 inline x`,
  );
  expect(git('fsck', '--strict')).toBe('');
});

test('the same wish is the same object, whenever and wherever it is made', async () => {
  const { git, make } = repository();
  const files = [{ path: 'x.txt', content: 'x\n' }];
  const [one, two] = [await make(files), await make(files)];
  expect(two.commit).toBe(one.commit);
  const date = git('log', '-1', '--format=%ct', 'HEAD').trim();
  expect(git('log', '-1', '--format=%at %ct', one.commit).trim()).toBe(`${date} ${date}`);
  expect((await make([{ path: 'x.txt', content: 'y\n' }])).commit).not.toBe(one.commit);
});

test('what is no text is told, and what changes nothing', async () => {
  const { make } = repository();
  expect(await make([{ path: 'pixel.bin', content: 'text\n' }])).toMatchObject({ hasBinary: true });
  expect(await make([{ path: 'keep.txt', content: '1\n' }])).toMatchObject({ files: 0 });
});

test('what fast-import would read otherwise is not given to it', async () => {
  const { make } = repository();
  for (const path of ['"x"', 'x\nD keep.txt'])
    await expect(make([{ path, content: '' }])).rejects.toThrow(TypeError);
});
