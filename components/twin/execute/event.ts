import type { Context } from '../../kernel/context.ts';
import { twinErrors } from '../errors.ts';
import type { PipelineEvent } from '../types.ts';
import type { Snapshot } from './snapshot.ts';

/** What the commits of an event are. */
export interface EventFacts {
  readonly sha: string;
  readonly title: string;
  readonly author: string;
  /** ISO 8601. */
  readonly timestamp: string;
  readonly createdAt: string;
  /**
   * The commit `rules:changes` compares with: of a merge request where it left its target, of a push what the branch
   * was before. Undefined where GitLab takes everything as changed: new branches, schedules, manual pipelines.
   */
  readonly compared: string | undefined;
}

/** Reads the commits of an event from the snapshot. @throws TWIN_NO_TARGET */
export async function readEvent(
  context: Context,
  event: PipelineEvent,
  snapshot: Snapshot,
  source: Lookup,
): Promise<EventFacts> {
  const { sha, title, author, timestamp } = snapshot;
  const createdAt = `${new Date(context.clock.now()).toISOString().slice(0, 19)}Z`;
  return {
    ...{ sha, title, author, timestamp, createdAt },
    compared: await readCompared(event, snapshot, source),
  };
}

/** Gives the commit a name stands for in the project. */
export type Lookup = (name: string) => Promise<string | undefined>;

async function readCompared(
  event: PipelineEvent,
  snapshot: Snapshot,
  source: Lookup,
): Promise<string | undefined> {
  if (event.kind === 'merge-request') return mergeBase(event.targetBranch, snapshot, source);
  if (event.kind !== 'push') return undefined;
  const pushed = await source(`refs/remotes/origin/${event.sourceBranch}`);
  if (pushed === undefined) return undefined;
  // With nothing to push, the last commit is taken as the push that is tried.
  return pushed === snapshot.sha ? snapshot.parent : pushed;
}

async function mergeBase(target: string, snapshot: Snapshot, source: Lookup): Promise<string> {
  // GitLab knows what was pushed; a local branch stands in where none was.
  const tip = (await source(`refs/remotes/origin/${target}`)) ?? (await source(`refs/heads/${target}`));
  if (tip === undefined) throw twinErrors.NO_TARGET({ target, reason: 'the repository has no such branch' });
  const base = await snapshot.ask('merge-base', tip, snapshot.sha);
  if (base === undefined)
    throw twinErrors.NO_TARGET({ target, reason: 'it shares no commit with this branch' });
  return base;
}
