import type { CommitAction, CommitRequest } from '../../../components/twin/ports.ts';
import { createRepositories } from '../../../components/twin/repositories/repositories.ts';
import { addProject, addUser } from '../../../components/twin/world/seed.ts';
import { createWorld } from '../../../components/twin/world/world.ts';
import { testContext } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

export const person = { name: 'Ada', email: 'ada@example.com' };

export function bytes(text: string): Uint8Array {
  return Buffer.from(text);
}

/** A world with one user, ada, and one project with an empty repository. */
export async function setUp() {
  const context = testContext(workspace());
  const world = createWorld({ folder: workspace(), clock: context.clock });
  const user = addUser(world, { username: 'ada', name: 'Ada' });
  const repositories = createRepositories(context, world);
  const project = addProject(world, { path: 'group/project', creatorId: user.id, defaultBranch: 'main' });
  await repositories.create(project);
  const write = (actions: readonly CommitAction[], more: Partial<CommitRequest> = {}) =>
    repositories.write(project, {
      ...{ branch: 'main', message: 'Change', author: person, committer: person, actions },
      ...more,
    });
  /** Commits texts as they are from now on, new or not. */
  const commit = async (
    files: Record<string, string>,
    message = 'Change',
    more: Partial<CommitRequest> = {},
  ) => {
    const base = more.startSha ?? (await repositories.resolve(project, more.branch ?? 'main'));
    const actions = Object.entries(files).map(async ([path, text]): Promise<CommitAction> => {
      const there = base !== undefined && (await repositories.blob(project, base, path)) !== undefined;
      return { action: there ? 'update' : 'create', path, content: bytes(text) };
    });
    const written = await write(await Promise.all(actions), { message, ...more });
    if (!written.ok) throw new Error(written.message);
    return written;
  };
  return { context, world, user, repositories, project, write, commit };
}
