import type { Changes } from '../review/changes.ts';
import { interpretText } from '../review/quick-actions.ts';
import { Refusal } from '../server/reply.ts';
import type { ProjectCall } from '../server/types.ts';
import type { Issuable } from '../world/review.ts';
import { userOf } from './find-in-call.ts';
import { flagOf, numberOf, textOf, textsOf, wordOf } from './given.ts';
import { namesIn } from './issuable-filter.ts';

type Sent = Readonly<Record<string, unknown>>;

/** What a request changes of a merge request or an issue. @throws Refusal 501 for what is not modelled */
export function changesIn(call: ProjectCall): Changes {
  const sent = call.body;
  const unmodelled = [
    'milestone_id',
    'milestone',
    'merge_after',
    'weight',
    'epic_id',
    'epic_iid',
    'start_date',
  ];
  const asked = unmodelled.filter((name) => ![undefined, null, '', 0, '0'].includes(sent[name] as undefined));
  if (asked.length > 0)
    throw new Refusal(501, {
      error: '501 Not Implemented',
      message: `the twin does not model ${asked.join(', ')}`,
    });
  const found = {
    title: textOf(sent.title),
    stateEvent: wordOf(sent.state_event, ['close', 'reopen']),
    labels: labelsIn(sent, 'labels'),
    addLabels: labelsIn(sent, 'add_labels'),
    removeLabels: labelsIn(sent, 'remove_labels'),
    assigneeIds: peopleIn(sent, 'assignee_ids', 'assignee_id'),
    reviewerIds: peopleIn(sent, 'reviewer_ids'),
    discussionLocked: flagOf(sent.discussion_locked),
    confidential: flagOf(sent.confidential),
    dueDate: sent.due_date === undefined ? undefined : dateIn(sent.due_date),
    targetBranch: textOf(sent.target_branch),
    squash: flagOf(sent.squash),
    removeSourceBranch: flagOf(sent.remove_source_branch),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

/** As {@link changesIn}, of something that is there: a new description's quick actions act. */
export async function changesTo(call: ProjectCall, target: Issuable): Promise<Changes> {
  const changes = changesIn(call);
  const description = textOf(call.body.description);
  if (description === undefined) return changes;
  const about = { project: call.project, user: userOf(call), kind: target.kind, target };
  const { text, changes: fromText } = await interpretText(call.twin, description, about);
  const { mergeSha: _, ...others } = fromText;
  return { ...changes, description: text, ...others };
}

function labelsIn(sent: Sent, name: string): string[] | undefined {
  return sent[name] === undefined ? undefined : namesIn(sent[name] ?? '');
}

/** Zero and the empty text mean nobody. */
function peopleIn(sent: Sent, many: string, one?: string): number[] | undefined {
  const value = sent[many] ?? (one === undefined ? undefined : sent[one]);
  if (value === undefined) return undefined;
  return textsOf(value)
    .flatMap((text) => text.split(','))
    .flatMap((text) => numberOf(text) ?? [])
    .filter((id) => id > 0);
}

function dateIn(value: unknown): string | null {
  const text = textOf(value) ?? '';
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
}
