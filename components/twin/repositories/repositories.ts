import { join } from 'node:path';
import type { Context } from '../../kernel/context.ts';
import type { Repositories } from '../ports.ts';
import type { Project } from '../world/project.ts';
import type { World } from '../world/world.ts';
import { createBare, forkBare, pointHead } from './create.ts';
import { type Git, gitIn } from './git.ts';
import { mergeInto, mergeToRef } from './merge.ts';
import { isFullRef, isHash } from './names.ts';
import { createReaders } from './readers.ts';
import { createSerialise } from './serialise.ts';
import { writeTagObject } from './tag-object.ts';
import { moveRef, refused, writeCommit } from './write.ts';

/** The bare repositories of a world's projects, in its folder. Changes of one repository are made one after another. */
export function createRepositories(context: Context, world: Pick<World, 'folder' | 'clock'>): Repositories {
  const folderOf = ({ id }: Project) => join(world.folder, 'repositories', `${id}.git`);
  const git = (project: Project): Git => gitIn(context, folderOf(project));
  const serialise = createSerialise();
  const seconds = () => Math.floor(world.clock.now() / 1000);
  const fetch: Repositories['fetchFrom'] = async (project, from, sha, ref) => {
    if (!isHash(sha) || !isFullRef(ref)) return;
    const flags = ['--quiet', '--no-tags', '--no-write-fetch-head', '--update-shallow'];
    await git(project).run(['fetch', ...flags, '--', folderOf(from), `+${sha}:${ref}`]);
  };
  return {
    ...createReaders(git),
    folderOf,
    create: (project) => createBare(context, folderOf(project), project.defaultBranch ?? 'main'),
    fork: (from, to) =>
      serialise(to.id, () => forkBare(context, git(from), git(to), from.defaultBranch ?? 'main')),
    pointHead: (project) =>
      serialise(project.id, () => pointHead(context, git(project), project.defaultBranch)),
    annotate: (project, tag) => writeTagObject(git(project), tag, seconds()),
    write: (project, request) =>
      serialise(project.id, () =>
        writeCommit(git(project), request, { defaultBranch: project.defaultBranch, now: seconds() }),
      ),
    updateRef: async (project, ref, sha, expected) =>
      isFullRef(ref) && serialise(project.id, () => moveRef(git(project), ref, sha, expected)),
    merge: (project, { source, ...request }) =>
      serialise(project.id, async () => {
        if (!isHash(source.sha)) return refused('The source branch has no commit');
        if (source.project.id !== project.id) {
          await fetch(project, source.project, source.sha, `refs/keep-around/${source.sha}`);
        }
        return mergeInto(git(project), { ...request, source: source.sha, now: seconds() });
      }),
    mergeToRef: (project, request) =>
      serialise(project.id, async () =>
        isFullRef(request.ref) && isHash(request.source)
          ? mergeToRef(git(project), { ...request, now: seconds() })
          : refused('The source branch has no commit'),
      ),
    fetchFrom: (project, from, sha, ref) => serialise(project.id, () => fetch(project, from, sha, ref)),
  };
}
