import { type Pipeline, pipelineShape } from './pipeline.ts';
import { commitId, flag, integer, list, oneOf, optional, record, text } from './shape.ts';
import { type User, userShape } from './user.ts';

export interface MergeRequest {
  readonly iid: number;
  readonly title: string;
  readonly description: string | undefined;
  readonly state: 'opened' | 'closed' | 'locked' | 'merged';
  readonly draft: boolean;
  readonly author: User;
  readonly labels: readonly string[];
  readonly sourceBranch: string;
  readonly targetBranch: string;
  /** Another one than the target's for a fork; undefined where the fork is gone. */
  readonly sourceProjectId: number | undefined;
  readonly targetProjectId: number;
  /** Last commit of the source branch; undefined before GitLab has looked. */
  readonly sha: string | undefined;
  readonly mergeCommitSha: string | undefined;
  /** GitLab's word for what stands in the way of a merge, `mergeable` where nothing does. */
  readonly detailedMergeStatus: string;
  readonly webUrl: string;
  /** Commits of the latest diff, for positions of threads; lists don't tell them. */
  readonly diffRefs: DiffRefs | undefined;
  readonly headPipeline: Pipeline | undefined;
  /** Comments of people and bots; GitLab's own are not counted. */
  readonly userNotesCount?: number | undefined;
}

export interface DiffRefs {
  readonly baseSha: string;
  readonly startSha: string;
  readonly headSha: string;
}

export const mergeRequestShape = record<MergeRequest>({
  ...{ iid: integer, title: text, description: optional(text), draft: flag, author: userShape },
  ...{ state: oneOf(['opened', 'closed', 'locked', 'merged']), labels: list(text) },
  ...{ sourceBranch: text, targetBranch: text, targetProjectId: integer },
  ...{ sourceProjectId: optional(integer), sha: optional(commitId), mergeCommitSha: optional(commitId) },
  ...{ detailedMergeStatus: text, webUrl: text },
  diffRefs: optional(record({ baseSha: commitId, startSha: commitId, headSha: commitId })),
  ...{ headPipeline: optional(pipelineShape), userNotesCount: optional(integer) },
});
