import { parseDuration, renderDuration } from './duration.ts';
import { findLabel } from './labels.ts';
import { findPeople, keepPeople, mentions, sentenceOf } from './people.ts';
import type { Command } from './quick-action-commands.ts';
import { isMergeRequest, maySetMetadata } from './rights.ts';
import type { Scene } from './scene.ts';

export function noun(kind: Scene['kind']): string {
  return kind === 'issue' ? 'issue' : 'merge request';
}

const canSet = ({ user, project, kind }: Scene) => maySetMetadata(user, project, kind);
const canSetExisting = (scene: Scene) => scene.target !== undefined && canSet(scene);
const hasLabels = (scene: Scene) => canSetExisting(scene) && (scene.target?.labels.length ?? 0) > 0;

/** Labels that exist, of `~bug ~"two words"` or of plain names. */
function labelsIn({ project }: Scene, arg: string): string[] {
  const names = [...arg.matchAll(/~?"([^"]+)"|~?([^\s~"]+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const found = names.flatMap((name) => findLabel(project, name) ?? []);
  return [...new Set(found.map(({ name }) => name))];
}

function listLabels(names: readonly string[]): string {
  const references = names.map((name) => (name.includes(' ') ? `~"${name}"` : `~${name}`));
  return `${references.join(' ')} ${names.length === 1 ? 'label' : 'labels'}`;
}

/** Labels, the lock, time, to-do items, subscriptions. */
export const planningCommands: readonly Command[] = [
  {
    names: ['label', 'labels'],
    can: (scene) => canSet(scene) && scene.project.labels.length > 0,
    run: (scene, arg, changes) => {
      const labels = labelsIn(scene, arg);
      if (labels.length === 0) return undefined;
      changes.addLabels = [...(changes.addLabels ?? []), ...labels];
      return `Added ${listLabels(labels)}.`;
    },
  },
  {
    names: ['unlabel', 'remove_label'],
    can: hasLabels,
    run: (scene, arg, changes) => {
      const labels = labelsIn(scene, arg);
      if (arg === '') changes.labels = [];
      else changes.removeLabels = [...(changes.removeLabels ?? []), ...labels];
      return labels.length === 0 ? 'Removed all labels.' : `Removed ${listLabels(labels)}.`;
    },
  },
  {
    names: ['relabel'],
    can: hasLabels,
    run: (scene, arg, changes) => {
      const labels = labelsIn(scene, arg);
      if (labels.length === 0) return undefined;
      changes.labels = labels;
      return `Replaced all labels with ${listLabels(labels)}.`;
    },
  },
  ...([true, false] as const).map(
    (locks): Command => ({
      names: [locks ? 'lock' : 'unlock'],
      can: (scene) => canSetExisting(scene) && scene.target?.discussionLocked !== locks,
      run: (_, __, changes) => {
        changes.discussionLocked = locks;
        return locks ? 'Locked the discussion.' : 'Unlocked the discussion.';
      },
    }),
  ),
  ...([true, false] as const).map(
    (adds): Command => ({
      names: [adds ? 'todo' : 'done'],
      can: ({ target, user }) => target !== undefined && target.todos.has(user.id) !== adds,
      run: (_, __, changes) => {
        changes.todo = adds;
        return adds ? 'Added a to-do item.' : 'Marked to-do item as done.';
      },
    }),
  ),
  ...([true, false] as const).map(
    (subscribes): Command => ({
      names: [subscribes ? 'subscribe' : 'unsubscribe'],
      can: ({ target, user }) =>
        target !== undefined && (target.subscriptions.get(user.id) ?? false) !== subscribes,
      run: (_, __, changes) => {
        changes.subscribe = subscribes;
        return subscribes ? 'Subscribed to notifications.' : 'Unsubscribed from notifications.';
      },
    }),
  ),
  {
    names: ['estimate'],
    can: canSet,
    run: (_, arg, changes) => {
      const seconds = parseDuration(arg);
      if (seconds === undefined || seconds < 0) return undefined;
      changes.timeEstimate = seconds;
      return seconds === 0 ? 'Removed time estimate.' : `Set time estimate to ${renderDuration(seconds)}.`;
    },
  },
  {
    names: ['remove_estimate'],
    can: canSetExisting,
    run: (_, __, changes) => {
      changes.timeEstimate = 0;
      return 'Removed time estimate.';
    },
  },
  {
    names: ['spend', 'spent', 'spend_time'],
    can: canSet,
    run: (_, arg, changes) => {
      const seconds = parseDuration(arg.replace(/\s*\d{4}-\d{2}-\d{2}$/, ''));
      if (seconds === undefined || seconds === 0) return undefined;
      changes.spend = seconds;
      return `${seconds > 0 ? 'Added' : 'Subtracted'} ${renderDuration(Math.abs(seconds))} spent time.`;
    },
  },
  {
    names: ['remove_time_spent'],
    can: canSetExisting,
    run: (_, __, changes) => {
      changes.spend = 'reset';
      return 'Removed spent time.';
    },
  },
];

/** Assignees and reviewers. */
export const peopleCommands: readonly Command[] = [
  {
    names: ['assign', 'reassign'],
    can: canSet,
    run: ({ world, user, target }, arg, changes) => {
      const found = keepPeople(world, findPeople(world, arg, user.id));
      if (found.length === 0) return 'Failed to assign a user because no user was found.';
      const before = world.tier === 'free' ? [] : (target?.assigneeIds ?? []);
      changes.assigneeIds = [...new Set([...before, ...found])];
      return `Assigned ${sentenceOf(mentions(world, found))}.`;
    },
  },
  {
    names: ['unassign'],
    can: (scene) => canSetExisting(scene) && (scene.target?.assigneeIds.length ?? 0) > 0,
    run: ({ world, target }, _, changes) => {
      changes.assigneeIds = [];
      return removed('assignee', mentions(world, target?.assigneeIds ?? []));
    },
  },
  {
    names: ['assign_reviewer', 'reviewer', 'request_review'],
    kind: 'merge_request',
    can: canSet,
    run: ({ world, user }, arg, changes) => {
      const found = keepPeople(world, findPeople(world, arg, user.id));
      if (found.length === 0) return 'Failed to assign a reviewer because no user was found.';
      changes.reviewerIds = found;
      return `Assigned ${sentenceOf(mentions(world, found))} as ${found.length === 1 ? 'reviewer' : 'reviewers'}.`;
    },
  },
  {
    names: ['unassign_reviewer', 'remove_reviewer'],
    kind: 'merge_request',
    can: (scene) => canSetExisting(scene) && reviewersOf(scene).length > 0,
    run: (scene, _, changes) => {
      changes.reviewerIds = [];
      return removed('reviewer', mentions(scene.world, reviewersOf(scene)));
    },
  },
];

function reviewersOf({ target }: Scene): readonly number[] {
  return target !== undefined && isMergeRequest(target) ? target.reviewerIds : [];
}

function removed(what: string, names: readonly string[]): string {
  return `Removed ${what}${names.length === 1 ? '' : 's'} ${sentenceOf(names)}.`;
}
