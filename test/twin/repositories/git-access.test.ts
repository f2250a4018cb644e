import { describe, expect, test } from 'vitest';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { workspace } from '../../support/workspace.ts';
import { jobToken } from '../server/people.ts';
import { client, cloned, startGit } from './git-server.ts';

describe("a job's token", () => {
  async function job() {
    const git = await startGit();
    const other = addProject(git.world, { path: 'group/other', creatorId: git.ada.id });
    const open = addProject(git.world, { path: 'group/open', creatorId: git.ada.id, visibility: 'public' });
    for (const project of [other, open]) await git.twin.repositories.create(project);
    const secret = jobToken(git.world, git.project, git.ada);
    const at = (path: string) => git.address(secret, `${path}.git`, 'gitlab-ci-token');
    const refs = async (path: string) => (await client(workspace(), 'ls-remote', at(path))).code;
    return { ...git, other, secret, at, refs };
  }

  test('reads its own project, public ones and those that let it in', async () => {
    const { refs, other, project } = await job();
    expect(await refs('group/project')).toBe(0);
    expect(await refs('group/open')).toBe(0);
    expect(await refs('group/other')).toBe(128);
    other.jobTokenAllowlist.add(project.id);
    expect(await refs('group/other')).toBe(0);
  });

  test('is refused under another name of a user', async () => {
    const { address, secret } = await job();
    expect((await client(workspace(), 'ls-remote', address(secret))).text).toContain('Authentication failed');
  });

  test('pushes only where the project says so, and starts no pipeline', async () => {
    const { at, project, pushes } = await job();
    const here = await cloned(at('group/project'));
    await client(here, 'checkout', '-b', 'topic');
    const push = () => client(here, 'push', 'origin', 'topic');
    expect((await push()).text).toContain('403');
    project.settings.ci_push_repository_for_job_token_allowed = true;
    expect((await push()).code).toBe(0);
    expect(pushes).toMatchObject([{ push: { ref: 'refs/heads/topic', options: ['ci.skip'] } }]);
  });
});

describe('who may come in', () => {
  const refs = 'info/refs?service=git-upload-pack';
  const pushRefs = 'info/refs?service=git-receive-pack';

  test.each([
    ['nobody', undefined, refs, 401],
    ['nobody at what is not there', undefined, `../nothing.git/${refs}`, 401],
    ['a wrong token', () => 'glpat-wrong', refs, 401],
    ['a reporter', ({ token, member }) => token(member('r', 'reporter'), 'read_repository'), refs, 200],
    ['a guest of a private project', ({ token, member }) => token(member('g', 'guest'), 'api'), refs, 403],
    ['a stranger', ({ token, world }) => token(addUser(world, { username: 's' }), 'api'), refs, 404],
    ['a token without the scope', ({ token, ada }) => token(ada, 'read_api'), refs, 403],
    ['a reader who wants to push', ({ token, ada }) => token(ada, 'read_repository'), pushRefs, 403],
    [
      'a reporter who wants to push',
      ({ token, member }) => token(member('p', 'reporter'), 'api'),
      pushRefs,
      403,
    ],
    ['a client of plain files', ({ token, ada }) => token(ada, 'api'), 'info/refs', 403],
  ] as [string, undefined | ((git: Awaited<ReturnType<typeof startGit>>) => string), string, number][])(
    '%s',
    async (_, secret, rest, status) => {
      const git = await startGit();
      const basic = secret === undefined ? undefined : Buffer.from(`x:${secret(git)}`).toString('base64');
      const response = await fetch(new URL(rest, `${git.address()}/`), {
        headers: basic === undefined ? {} : { authorization: `Basic ${basic}` },
      });
      expect(response.status).toBe(status);
      expect(response.headers.has('www-authenticate')).toBe(status === 401);
    },
  );

  test('everybody reads a public project, and must sign in to push', async () => {
    const { address, project } = await startGit();
    project.visibility = 'public';
    const here = await cloned(address());
    await client(here, 'checkout', '-b', 'topic');
    expect((await client(here, 'push', 'origin', 'topic')).text).toContain('could not read Username');
  });

  test.each(['--upload-pack=touch%20x/y', '..%2F..%2Fetc/passwd', 'group/project.git/..', '1', '%00/x'])(
    'there is nothing at %s',
    async (path) => {
      const { url, token, ada } = await startGit();
      const headers = { 'private-token': token(ada, 'api') };
      const response = await fetch(`${url}/${path}/info/refs?service=git-upload-pack`, { headers });
      expect([404, 501]).toContain(response.status);
    },
  );

  test('a service git does not have is none', async () => {
    const { address, token, ada } = await startGit();
    const headers = { 'private-token': token(ada, 'api') };
    const asked = await fetch(`${address()}/info/refs?service=git-upload-archive`, { headers });
    expect(asked.status).toBe(403);
    const type = { ...headers, 'content-type': 'text/plain' };
    const posted = await fetch(`${address()}/git-receive-pack`, { method: 'POST', headers: type, body: 'x' });
    expect(posted.status).toBe(415);
    const push = { ...headers, 'content-type': 'application/x-git-receive-pack-request' };
    const broken = await fetch(`${address()}/git-receive-pack`, {
      method: 'POST',
      headers: push,
      body: 'zzzz',
    });
    expect(broken.status).toBe(400);
  });

  test('other addresses are not git’s', async () => {
    const { url } = await startGit();
    expect((await fetch(`${url}/group/project.git/objects/info/packs`)).status).toBe(501);
    expect((await fetch(`${url}/group/project.git/git-upload-pack`)).status).toBe(501);
  });
});
