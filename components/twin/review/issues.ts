import type { Twin } from '../ports.ts';
import type { User } from '../world/people.ts';
import type { Project } from '../world/project.ts';
import type { Issue } from '../world/review.ts';
import { nextIid, timeOf } from '../world/world.ts';
import { applyChanges, type Changes } from './changes.ts';
import { interpretText } from './quick-actions.ts';

export interface NewIssue {
  readonly title: string;
  readonly description: string;
  readonly changes?: Changes;
}

/** Opens an issue; quick actions of its description act. */
export async function openIssue(twin: Twin, project: Project, user: User, wanted: NewIssue): Promise<Issue> {
  const about = { project, user, kind: 'issue', target: undefined } as const;
  const { text, changes } = await interpretText(twin, wanted.description, about);
  const { world } = twin;
  const now = timeOf(world);
  const issue: Issue = {
    ...{ kind: 'issue', id: world.nextId('issue'), iid: nextIid(project, 'issue'), projectId: project.id },
    ...{ title: wanted.title, description: text, state: 'opened', authorId: user.id },
    ...{ assigneeIds: [], labels: [], notes: [], subscriptions: new Map(), todos: new Set() },
    ...{ confidential: false, dueDate: undefined, discussionLocked: false, timeEstimate: 0, timeSpent: 0 },
    ...{ closedById: undefined, closedAt: undefined, createdAt: now, updatedAt: now },
  };
  project.issues.set(issue.iid, issue);
  applyChanges(world, project, issue, user, { ...wanted.changes, ...changes });
  return issue;
}
