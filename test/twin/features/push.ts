import { announcePushes } from '../../../components/twin/repositories/announce.ts';
import type { RunningTwin } from '../../../components/twin/twin.ts';
import type { User } from '../../../components/twin/world/people.ts';
import type { Project } from '../../../components/twin/world/project.ts';
import { named } from './named.ts';
import type { PushStep } from './step.ts';

const zeros = '0'.repeat(40);

/** Commits to a branch, or tags main, and tells of it. */
export async function push(
  twin: RunningTwin,
  project: Project,
  user: User,
  {
    branch = 'main',
    tag,
    message = 'Change it',
    files = { 'pushed.txt': `${Math.random()}\n` },
    options = [],
  }: PushStep,
): Promise<void> {
  const moved =
    tag === undefined
      ? { ref: `refs/heads/${branch}`, ...(await commit(twin, project, branch, message, files)) }
      : { ref: `refs/tags/${tag}`, ...(await tagMain(twin, project, tag)) };
  await announcePushes(twin, project, [{ ...moved, options }], user);
}

async function tagMain(twin: RunningTwin, project: Project, tag: string) {
  const after = named(await twin.repositories.resolve(project, 'refs/heads/main'), 'main');
  await twin.repositories.updateRef(project, `refs/tags/${tag}`, after, undefined);
  return { before: zeros, after };
}

/** Moves a branch, which begins at main where it is new. */
export async function commit(
  { repositories }: RunningTwin,
  project: Project,
  branch: string,
  message: string,
  files: Readonly<Record<string, string>>,
): Promise<{ readonly before: string; readonly after: string }> {
  const tip = await repositories.resolve(project, `refs/heads/${branch}`);
  const base = tip ?? (await repositories.resolve(project, 'refs/heads/main'));
  const person = { name: 'Local User', email: 'local@example.com' };
  const actions = await Promise.all(
    Object.entries(files).map(async ([path, content]) => {
      const there = base !== undefined && (await repositories.blob(project, base, path)) !== undefined;
      return { action: there ? 'update' : 'create', path, content: Buffer.from(content) } as const;
    }),
  );
  const written = await repositories.write(project, {
    branch,
    message,
    author: person,
    committer: person,
    actions,
  });
  if (!written.ok) throw new Error(written.message);
  return { before: tip ?? zeros, after: written.sha };
}
