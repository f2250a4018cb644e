import type { Push, Twin } from '../ports.ts';
import { receivePush } from '../pushes.ts';
import { protectionOf } from '../world/access.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import { protectBranch } from '../world/seed.ts';
import { isZeros } from './names.ts';

/** Tells the twin what has moved in a repository; gives what a person who pushed is shown. */
export type Announce = (
  twin: Twin,
  project: Project,
  pushes: readonly Push[],
  user: User,
) => Promise<readonly string[]>;

/** Tells of pushes and commits by the API alike: the first branch is adopted, pipelines and merge requests follow. */
export const announcePushes: Announce = async (twin, project, pushes, user) => {
  await adoptFirstBranch(twin, project, pushes);
  const messages: string[] = [];
  for (const push of pushes) messages.push(...(await receivePush(twin, project, push, user)).messages);
  return messages;
};

/** The first branch of an empty repository becomes the default one, and is protected. */
async function adoptFirstBranch(twin: Twin, project: Project, pushes: readonly Push[]): Promise<void> {
  const { defaultBranch } = project;
  const known = defaultBranch && (await twin.repositories.resolve(project, `refs/heads/${defaultBranch}`));
  if (known) return;
  const branches = pushes
    .filter(({ ref, after }) => ref.startsWith('refs/heads/') && !isZeros(after))
    .map(({ ref }) => ref.slice('refs/heads/'.length));
  const first = ['main', 'master'].find((name) => branches.includes(name)) ?? branches[0];
  if (first === undefined) return;
  project.defaultBranch = first;
  if (protectionOf(project.protectedBranches, first) === undefined) protectBranch(twin.world, project, first);
  await twin.repositories.pointHead(project);
}
