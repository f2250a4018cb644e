import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { client, cloned, commitIn, startGit } from './git-server.ts';
import { bytes, person } from './setup.ts';

describe('a client', () => {
  test('clones, pushes a branch and fetches it elsewhere', async () => {
    const { ada, token, address, twin, project } = await startGit();
    const url = address(token(ada, 'write_repository'));
    const [here, there] = [await cloned(url), await cloned(address(token(ada, 'read_repository')))];
    await client(here, 'checkout', '-b', 'feature/one');
    await commitIn(here, { 'b.txt': '2\n' });
    const pushed = await client(here, 'push', 'origin', 'feature/one');
    expect(pushed.text).toContain('* [new branch]      feature/one -> feature/one');
    const head = await client(here, 'rev-parse', 'HEAD');
    expect(await twin.repositories.resolve(project, 'feature/one')).toBe(head.text);
    await client(there, 'fetch');
    expect((await client(there, 'rev-parse', 'origin/feature/one')).text).toBe(head.text);
  });

  test.each(['group/project', 'Group/Project.git'])('finds the project at %s', async (path) => {
    const { ada, token, address } = await startGit();
    await cloned(address(token(ada, 'api'), path));
  });

  test('finds it on an instance with a path', async () => {
    const { ada, token, address } = await startGit({ subPath: '/gitlab' });
    await cloned(address(token(ada, 'api')));
  });

  test('is not alone', async () => {
    const { ada, token, address, project, twin } = await startGit();
    const sha = await twin.repositories.resolve(project, 'main');
    await twin.repositories.updateRef(project, 'refs/heads/trunk', sha, undefined);
    project.defaultBranch = 'trunk';
    const url = address(token(ada, 'api'));
    const clones = await Promise.all(Array.from({ length: 6 }, () => cloned(url)));
    for (const folder of clones)
      expect((await client(folder, 'branch', '--show-current')).text).toBe('trunk');
  });

  test.each([0, 1, 2])('may speak version %i of the protocol', async (version) => {
    const { ada, token, address } = await startGit();
    await cloned(address(token(ada, 'api')), '-c', `protocol.version=${version}`);
  });

  test('clones a part of the history or of the files', async () => {
    const { ada, token, address, twin, project } = await startGit();
    await twin.repositories.write(project, {
      ...{ branch: 'main', message: 'Second', author: person, committer: person },
      actions: [{ action: 'create', path: 'b.txt', content: bytes('2') }],
    });
    const url = address(token(ada, 'api'));
    const shallow = await cloned(url, '--depth=1');
    expect((await client(shallow, 'log', '--format=%s')).text).toBe('Second');
    const partial = await cloned(url, '--filter=blob:none', '--no-checkout');
    const missing = await client(partial, 'rev-list', '--objects', '--missing=print', 'HEAD');
    expect(missing.text.match(/^\?/gm)).toHaveLength(2);
    expect((await client(partial, 'show', 'HEAD:a.txt')).text).toBe('1');
    const first = (await twin.repositories.log(project, { from: 'main' }))[1]?.sha ?? '';
    expect((await client(shallow, 'fetch', '--depth=1', 'origin', first)).code).toBe(0);
  });

  test('sends and gets files of many megabytes', async () => {
    const { ada, token, address, twin, project } = await startGit();
    const url = address(token(ada, 'api'));
    const here = await cloned(url);
    const content = Buffer.alloc(6 * 1024 * 1024);
    for (let at = 0, seed = 1; at < content.length; at += 4) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      content.writeUInt32LE(seed, at);
    }
    writeFileSync(join(here, 'big.bin'), content);
    await client(here, 'checkout', '-b', 'big');
    await commitIn(here, {});
    expect((await client(here, 'push', 'origin', 'big')).code).toBe(0);
    const sha = (await twin.repositories.resolve(project, 'big')) ?? '';
    expect(content.equals((await twin.repositories.blob(project, sha, 'big.bin')) ?? Buffer.alloc(0))).toBe(
      true,
    );
    expect((await client(await cloned(url, '--branch=big'), 'rev-parse', 'HEAD')).text).toBe(sha);
  });

  test('sends a compressed request', async () => {
    const { ada, token, address } = await startGit();
    const url = new URL(address());
    const response = await fetch(`${url.href}/git-upload-pack`, {
      method: 'POST',
      headers: {
        'private-token': token(ada, 'read_repository'),
        'content-type': 'application/x-git-upload-pack-request',
        'content-encoding': 'gzip',
        'git-protocol': 'version=2',
      },
      body: new Uint8Array(gzipSync('0014command=ls-refs\n0000')),
    });
    expect(await response.text()).toMatch(/^[0-9a-f]{44} HEAD\n/);
  });
});
