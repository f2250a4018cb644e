import { describe, expect, test } from 'vitest';
import type { Role } from '../../../components/twin/world/people.ts';
import type { Visibility } from '../../../components/twin/world/project.ts';
import { type Api, addPersonalToken, addProject, addUser, startApi } from './harness.ts';
import { jobToken, memberToken } from './people.ts';
import { echo, ofProject } from './routes.ts';

const routes = [
  ofProject('GET', '/projects/:id', { role: 'anyone', jobToken: true }),
  ofProject('GET', '/projects/:id/members', { role: 'anyone', anonymous: false }),
  ofProject('POST', '/projects/:id/issues', { role: 'guest' }),
  ofProject('GET', '/projects/:id/variables', { role: 'maintainer', jobToken: true }),
  ofProject('GET', '/projects/:id/protected_environments', { role: 'reporter', tier: 'premium' }),
  echo('GET', '/users', { role: 'admin' }),
];

function ownedProject({ world }: Api, visibility: Visibility) {
  const owner = addUser(world, { username: 'owner' });
  return { owner, project: addProject(world, { path: 'group/tool', creatorId: owner.id, visibility }) };
}

describe('a project is seen', () => {
  test.each([
    ['private', 'anonymous', 404],
    ['private', 'stranger', 404],
    ['private', 'guest', 200],
    ['private', 'admin', 200],
    ['internal', 'anonymous', 404],
    ['internal', 'stranger', 200],
    ['public', 'anonymous', 200],
    ['public', 'stranger', 200],
  ] as const)('%s by %s: %i', async (visibility, who, status) => {
    const api = await startApi({ routes });
    const { project } = ownedProject(api, visibility);
    const user = addUser(api.world, { username: 'x', admin: who === 'admin' });
    if (who === 'guest') project.members.set(user.id, 10);
    const { value } = addPersonalToken(api.world, { userId: user.id, scopes: ['api'] });
    const token = who === 'anonymous' ? undefined : value;
    const answer = await api.call('GET', '/projects/group%2Ftool', { token });
    expect(answer.status).toBe(status);
    if (status === 404) expect(answer.json).toEqual({ message: '404 Project Not Found' });
  });
});

test('who must sign in is told so before anything of the project', async () => {
  const api = await startApi({ routes });
  const { project } = ownedProject(api, 'private');
  const unauthorized = { status: 401, json: { message: '401 Unauthorized' } };
  expect(await api.call('GET', `/projects/${project.id}/members`)).toMatchObject(unauthorized);
  expect(await api.call('POST', '/projects/999/issues')).toMatchObject(unauthorized);
});

describe('a role', () => {
  test.each([
    ['developer', 403],
    ['maintainer', 200],
    ['owner', 200],
  ] as const)('%s at what maintainers may: %i', async (role: Role, status) => {
    const api = await startApi({ routes });
    const { project } = ownedProject(api, 'private');
    const token = memberToken(api.world, project, role);
    const answer = await api.call('GET', `/projects/${project.id}/variables`, { token });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.json).toEqual({ message: '403 Forbidden' });
  });

  test('is asked of nobody by 401 where the project is public', async () => {
    const api = await startApi({ routes });
    const { project } = ownedProject(api, 'public');
    expect((await api.call('GET', `/projects/${project.id}/variables`)).status).toBe(401);
  });

  test('of a guest is everybody’s who is signed in and sees the project', async () => {
    const api = await startApi({ routes });
    const { project } = ownedProject(api, 'public');
    const stranger = addUser(api.world, { username: 'stranger' });
    const token = addPersonalToken(api.world, { userId: stranger.id, scopes: ['api'] }).value;
    expect((await api.call('POST', `/projects/${project.id}/issues`, { token })).status).toBe(200);
  });
});

test('only an administrator is one', async () => {
  const { call, world } = await startApi({ routes });
  const tokens = [false, true].map((admin) => {
    const user = addUser(world, { username: `admin-${admin}`, admin });
    return addPersonalToken(world, { userId: user.id, scopes: ['read_api'] }).value;
  });
  const answers = await Promise.all(tokens.map((token) => call('GET', '/users', { token })));
  expect(answers.map(({ status }) => status)).toEqual([403, 200]);
});

test.each([
  ['free', 404],
  ['premium', 200],
  ['ultimate', 200],
] as const)('what needs Premium, on %s: %i', async (tier, status) => {
  const api = await startApi({ routes, tier });
  const { project } = ownedProject(api, 'private');
  const token = memberToken(api.world, project, 'reporter');
  const answer = await api.call('GET', `/projects/${project.id}/protected_environments`, { token });
  expect(answer.status).toBe(status);
  if (status === 404) expect(answer.json).toEqual({ message: '404 Not Found' });
});

describe('a project access token', () => {
  test.each([
    ['private', '', 404],
    ['internal', '', 404],
    ['public', '', 200],
    ['public', '/variables', 403],
  ] as const)('at a %s project that is not its own%s: %i', async (visibility, below, status) => {
    const api = await startApi({ routes });
    const { owner, project } = ownedProject(api, visibility);
    const own = addProject(api.world, { path: 'group/own', creatorId: owner.id });
    const bot = addUser(api.world, { username: 'bot', kind: 'project_bot' });
    // Even where somebody made the bot a member.
    for (const { members } of [own, project]) members.set(bot.id, 40);
    const token = addPersonalToken(api.world, {
      ...{ userId: bot.id, scopes: ['api'] },
      projectId: own.id,
    }).value;
    expect((await api.call('GET', `/projects/${own.id}/variables`, { token })).status).toBe(200);
    expect((await api.call('GET', `/projects/${project.id}${below}`, { token })).status).toBe(status);
    expect(api.journal.entries[0]?.actor).toEqual({ username: 'bot', token: 'project' });
  });
});

describe('a job token of another project', () => {
  test.each([
    ['private', true, false, '', 404],
    ['private', true, true, '/variables', 200],
    ['private', false, false, '/variables', 200],
    ['internal', true, false, '', 200],
    ['public', true, false, '', 200],
    ['public', true, false, '/variables', 403],
    ['public', true, true, '/variables', 200],
  ] as const)(
    'at a %s project (limited: %s, on its list: %s)%s: %i',
    async (visibility, limited, listed, below, status) => {
      const api = await startApi({ routes });
      const { owner, project } = ownedProject(api, visibility);
      project.settings.ci_job_token_scope_enabled = limited;
      const source = addProject(api.world, { path: 'group/source', creatorId: owner.id });
      if (listed) project.jobTokenAllowlist.add(source.id);
      const token = jobToken(api.world, source, owner);
      const answer = await api.call('GET', `/projects/${project.id}${below}`, { jobToken: token });
      expect(answer.status).toBe(status);
    },
  );

  test('has no more rights than its user', async () => {
    const api = await startApi({ routes });
    const { owner, project } = ownedProject(api, 'private');
    const source = addProject(api.world, { path: 'group/source', creatorId: owner.id });
    project.jobTokenAllowlist.add(source.id);
    const stranger = addUser(api.world, { username: 'stranger' });
    const token = jobToken(api.world, source, stranger);
    expect((await api.call('GET', `/projects/${project.id}`, { jobToken: token })).status).toBe(404);
  });
});
