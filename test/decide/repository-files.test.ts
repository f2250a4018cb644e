import { expect, test } from 'vitest';
import { readPolicyFiles } from '../../components/decide/commit-files.ts';
import { openCommit } from '../../components/decide/repository-files.ts';
import { serveTwin } from '../contracts/client-and-twin/start.ts';

const files = {
  'agents/a.ossa.yaml': 'a',
  'agents/b/c.ossa.yaml': 'c',
  'policies/p.policy.yaml': 'p',
  'policies/notes.md': 'n',
  'src/x.js': 'x',
};

test('only what lies in the folders is known, and read', async () => {
  const served = await serveTwin({
    users: { bot: { role: 'developer' } },
    projects: { 'acme/shop': files },
  });
  try {
    const { id: project } = served.project('acme/shop');
    const commit = (await served.twin.repositories.resolve(served.project('acme/shop'), 'main')) ?? '';
    const gitlab = served.asUser('bot');
    const open = (folders: readonly string[], most?: number) =>
      openCommit(gitlab, { project, commit, folders, ...(most === undefined ? {} : { most }) });
    const opened = await open(['agents/', 'policies', 'none']);
    expect([...opened.paths].sort()).toEqual([
      'agents/a.ossa.yaml',
      'agents/b/c.ossa.yaml',
      'policies/notes.md',
      'policies/p.policy.yaml',
    ]);
    expect(await opened.read('agents/b/c.ossa.yaml')).toBe('c');
    for (const path of ['src/x.js', 'agents/../src/x.js', '/etc/passwd', 'agents']) {
      expect(await opened.read(path), path).toBeUndefined();
      expect(opened.idOf(path), path).toBeUndefined();
    }
    expect(await readPolicyFiles(opened, 'policies')).toEqual([
      { path: 'policies/p.policy.yaml', text: 'p' },
    ]);
    await expect(open(['policies', 'agents'], 1)).rejects.toMatchObject({
      ...{ code: 'DECIDE_TOO_MANY_FILES', message: 'the folder policies has more than 1 files' },
    });
  } finally {
    await served.close();
  }
});
