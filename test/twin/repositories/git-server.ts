import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { Push, Twin } from '../../../components/twin/ports.ts';
import { announcePushes } from '../../../components/twin/repositories/announce.ts';
import { createSmartHttp } from '../../../components/twin/repositories/smart-http.ts';
import type { Fallback } from '../../../components/twin/server/types.ts';
import type { Role, User } from '../../../components/twin/world/people.ts';
import { accessLevels } from '../../../components/twin/world/people.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { workspace, writeFiles } from '../../support/workspace.ts';
import { addPersonalToken, addProject, addUser, protectBranch, startApi } from '../server/harness.ts';
import { bytes, person } from './setup.ts';

const run = promisify(execFile);

const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
};

/** Runs git beside the server of this same process; gives what it says, whether it fails or not. */
export async function client(folder: string, ...args: string[]): Promise<{ code: number; text: string }> {
  try {
    const { stdout, stderr } = await run('git', args, { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, text: `${stdout}${stderr}`.trim() };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: `${stdout}${stderr}`.trim() };
  }
}

/** A GitLab that speaks git, with ada's project `group/project`: one commit on a protected `main`. */
export async function startGit(
  options: {
    readonly empty?: boolean;
    readonly subPath?: string;
    readonly messages?: readonly string[];
  } = {},
) {
  let twin: Twin | undefined;
  /** What the twin was told of, and what it answers. */
  const pushes: { user: string; push: Push }[] = [];
  const gitOf = (of: Twin | undefined): Fallback => {
    if (of === undefined) return async () => false;
    return createSmartHttp(of, async (...told) => {
      const [, , moved, { username }] = told;
      pushes.push(...moved.map((push) => ({ user: username, push })));
      return [...(await announcePushes(...told)), ...(options.messages ?? [])];
    });
  };
  const api = await startApi({
    repositories: 'real',
    routes: [],
    ...(options.subPath !== undefined && { subPath: options.subPath }),
    // The pipelines a push would start are somebody else's business.
    pipelines: { create: async () => ({ ok: false, filtered: true, messages: [] }) },
    fallbacks: [async (...call) => gitOf(twin)(...call)],
  });
  twin = api.twin;
  const { world } = api;
  const ada = addUser(world, { username: 'ada', name: 'Ada' });
  const project = addProject(world, { path: 'group/project', creatorId: ada.id });
  await twin.repositories.create(project);
  if (options.empty !== true) {
    project.defaultBranch = 'main';
    protectBranch(world, project, 'main');
    await twin.repositories.write(project, {
      ...{ branch: 'main', message: 'First', author: person, committer: person },
      actions: [{ action: 'create', path: 'a.txt', content: bytes('1\n') }],
    });
  }
  const token = (user: User, ...scopes: ('api' | 'read_api' | 'read_repository' | 'write_repository')[]) =>
    addPersonalToken(world, { userId: user.id, scopes }).value;
  const member = (username: string, role: Role, of: Project = project) => {
    const user = addUser(world, { username });
    of.members.set(user.id, accessLevels[role]);
    return user;
  };
  /** Address with a token as its password. */
  const address = (secret?: string, path = 'group/project.git', user = 'oauth2') => {
    const url = new URL(`${world.url}/${path}`);
    if (secret !== undefined) [url.username, url.password] = [user, secret];
    return url.href;
  };
  return { ...api, pushes, twin, world, ada, project, token, member, address };
}

/** A fresh clone. */
export async function cloned(url: string, ...flags: string[]) {
  const folder = join(workspace(), 'clone');
  const { code, text } = await client(workspace(), 'clone', ...flags, url, folder);
  expect(text, text).toContain('Cloning');
  expect(code, text).toBe(0);
  return folder;
}

/** Writes files and commits everything. */
export async function commitIn(folder: string, files: Record<string, string>) {
  writeFiles(folder, files);
  await client(folder, 'add', '--all');
  await client(folder, 'commit', '--message', 'Change');
}
