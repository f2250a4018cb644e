import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issuable } from '../world/review.ts';
import type { Changes } from './changes.ts';
import { readMergeability } from './mergeability.ts';
import { commandNames, findCommand } from './quick-action-commands.ts';
import { type FoundCommand, readQuickActions } from './quick-action-text.ts';
import { isMergeRequest } from './rights.ts';
import type { Scene } from './scene.ts';
import { latestVersion } from './versions.ts';

export interface About {
  readonly project: Project;
  readonly user: User;
  readonly kind: Issuable['kind'];
  /** Undefined where the text describes what is only being made. */
  readonly target: Issuable | undefined;
  /** `merge_request_diff_head_sha` of a note. */
  readonly seenSha?: string | undefined;
}

export interface Interpreted {
  /** Without commands. */
  readonly text: string;
  readonly changes: Changes;
  /** Whether there were any. */
  readonly hadCommands: boolean;
  /** What came of them, in one line. */
  readonly message: string;
}

/**
 * Takes the quick actions out of a text, with what they change by the right of who wrote it. A command that may not be
 * used goes out of the text too.
 */
export async function interpretText(twin: Twin, text: string, about: About): Promise<Interpreted> {
  const read = readQuickActions(text, commandNames(about.kind));
  const changes: Changes = {};
  if (read.commands.length === 0) return { text: read.text, changes, hadCommands: false, message: '' };
  const scene = await readScene(twin, about, read.commands);
  const messages = read.commands.map(({ name, arg }) => {
    const command = findCommand(about.kind, name);
    if (command === undefined || !command.can(scene)) return `Could not apply ${name} command.`;
    return command.run(scene, arg, changes);
  });
  const message = messages.filter((said) => said !== undefined).join(' ');
  return { text: read.text, changes, hadCommands: true, message };
}

async function readScene(
  twin: Twin,
  { project, user, kind, target, seenSha }: About,
  commands: readonly FoundCommand[],
): Promise<Scene> {
  const uses = (name: string) => commands.some((command) => command.name === name);
  const branches = uses('target_branch') ? [...(await twin.repositories.branches(project)).keys()] : [];
  const { world } = twin;
  const scene = { world, project, user, kind, target, branches: new Set(branches) };
  if (!uses('merge') || target === undefined || !isMergeRequest(target))
    return { ...scene, merging: undefined };
  const mergeability = await readMergeability(twin, project, target);
  const headSha = latestVersion(target)?.headSha;
  return { ...scene, merging: { mergeRequest: target, mergeability, headSha, seenSha } };
}

/** Changes as the API tells them, under the names GitLab's own records have. */
export function changesJson({ labels }: Project, changes: Changes): Record<string, unknown> {
  const idsOf = (names: readonly string[] | undefined) =>
    names?.flatMap((name) => labels.find((label) => label.name === name)?.id ?? []);
  const spend = changes.spend === undefined ? undefined : { duration: changes.spend };
  const told = {
    state_event: changes.stateEvent,
    title: changes.title,
    wip_event: changes.draft === undefined ? undefined : changes.draft ? 'draft' : 'ready',
    label_ids: idsOf(changes.labels),
    add_label_ids: idsOf(changes.addLabels),
    remove_label_ids: idsOf(changes.removeLabels),
    assignee_ids: changes.assigneeIds,
    reviewer_ids: changes.reviewerIds,
    discussion_locked: changes.discussionLocked,
    time_estimate: changes.timeEstimate,
    spend_time: spend,
    subscription_event:
      changes.subscribe === undefined ? undefined : changes.subscribe ? 'subscribe' : 'unsubscribe',
    todo_event: changes.todo === undefined ? undefined : changes.todo ? 'add' : 'done',
    confidential: changes.confidential,
    due_date: changes.dueDate,
    target_branch: changes.targetBranch,
    merge: changes.mergeSha,
  };
  return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
}
