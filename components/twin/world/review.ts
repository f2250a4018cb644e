/** What merge requests and issues have in common. */
export interface Issuable {
  readonly kind: 'merge_request' | 'issue';
  readonly id: number;
  readonly iid: number;
  readonly projectId: number;
  title: string;
  description: string;
  state: 'opened' | 'closed' | 'merged';
  readonly authorId: number;
  assigneeIds: readonly number[];
  labels: readonly string[];
  readonly notes: Note[];
  /** Only members may write notes. */
  discussionLocked: boolean;
  /** Users who asked for notifications, or for none. */
  readonly subscriptions: Map<number, boolean>;
  /** Users with a to-do item for it. */
  readonly todos: Set<number>;
  /** Seconds. */
  timeEstimate: number;
  /** Seconds. */
  timeSpent: number;
  closedById: number | undefined;
  closedAt: string | undefined;
  readonly createdAt: string;
  updatedAt: string;
}

export interface MergeRequest extends Issuable {
  readonly kind: 'merge_request';
  /** Of the target, where it lives. */
  readonly projectId: number;
  readonly sourceProjectId: number;
  readonly sourceBranch: string;
  targetBranch: string;
  /** `Draft: …` makes it a draft. */
  title: string;
  reviewerIds: readonly number[];
  /** Users who have approved. */
  readonly approvals: Set<number>;
  /** One for each push to the source branch, oldest first. */
  readonly versions: DiffVersion[];
  squash: boolean;
  removeSourceBranch: boolean;
  mergedById: number | undefined;
  mergeCommitSha: string | undefined;
  squashCommitSha: string | undefined;
  mergedAt: string | undefined;
}

/** What a merge request would have merged after one push. */
export interface DiffVersion {
  readonly id: number;
  /** Tip of the source branch. */
  readonly headSha: string;
  /** Merge base with the target branch. */
  readonly baseSha: string;
  /** Tip of the target branch then. */
  readonly startSha: string;
  readonly createdAt: string;
}

export interface Note {
  readonly id: number;
  /** 40 hexadecimal digits; notes of one thread share it. */
  readonly discussionId: string;
  /** Changes from null once a thread begins with it. */
  type: null | 'DiffNote' | 'DiscussionNote';
  body: string;
  readonly authorId: number;
  readonly createdAt: string;
  updatedAt: string;
  /** Written by GitLab itself. */
  readonly system: boolean;
  readonly internal: boolean;
  resolvable: boolean;
  resolvedById: number | undefined;
  resolvedAt: string | undefined;
  readonly position: Readonly<Record<string, unknown>> | undefined;
}

export interface Issue extends Issuable {
  readonly kind: 'issue';
  state: 'opened' | 'closed';
  confidential: boolean;
  /** Date without a time. */
  dueDate: string | undefined;
}
