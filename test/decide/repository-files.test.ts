import { expect, test } from 'vitest';
import { readPolicyFiles } from '../../components/decide/commit-files.ts';
import { changesPolicies } from '../../components/decide/policies-changed.ts';
import { openCommit } from '../../components/decide/repository-files.ts';
import { createCommit } from '../../components/gitlab/endpoints/commits.ts';
import { serveTwin } from '../contracts/client-and-twin/start.ts';

const files = {
  'agents/a.ossa.yaml': 'a',
  'agents/b/c.ossa.yaml': 'c',
  'policies/p.policy.yaml': 'p',
  'policies/notes.md': 'n',
  'src/x.js': 'x',
};

test('only what lies in the folders is known and read, and a change of policies is seen', async () => {
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
    const head = async (action: 'update' | 'create' | 'delete', filePath: string) => {
      const actions =
        action === 'delete' ? [{ action, filePath }] : [{ action, filePath, content: Buffer.from('other') }];
      const of = { project, branch: `${action}-${filePath.replaceAll('/', '-')}`, startSha: commit };
      const written = await createCommit(gitlab, {
        ...of,
        message: 'Change',
        actions,
        found: async () => undefined,
      });
      return written.id;
    };
    const changes = (to: string, most?: number) => {
      const diffRefs = { baseSha: commit, startSha: commit, headSha: to };
      return changesPolicies(
        gitlab,
        { project: { id: project }, mergeRequest: { diffRefs }, head: to },
        'policies',
        most,
      );
    };
    expect(await changes(commit)).toBe(false);
    expect(await changes(await head('update', 'policies/notes.md'))).toBe(false);
    expect(await changes(await head('update', 'src/x.js'))).toBe(false);
    expect(await changes(await head('update', 'policies/p.policy.yaml'))).toBe(true);
    expect(await changes(await head('create', 'policies/more/q.policy.yaml'))).toBe(true);
    expect(await changes(await head('delete', 'policies/p.policy.yaml'))).toBe(true);
    // Nobody reads on: it counts as changed, and the decision of others does not fail by it.
    expect(await changes(commit, 1)).toBe(true);
    const unknown = { project: { id: project }, mergeRequest: { diffRefs: undefined }, head: commit };
    expect(await changesPolicies(gitlab, unknown, 'policies')).toBeUndefined();
  } finally {
    await served.close();
  }
});
