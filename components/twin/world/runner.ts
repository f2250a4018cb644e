/** What takes jobs, as GitLab tells of it. The twin runs all jobs itself, whatever stands here. */
export interface Runner {
  readonly id: number;
  readonly description: string;
  readonly type: 'instance_type' | 'group_type' | 'project_type';
  /** Projects it is assigned to; those of a group or the instance are the runner's by themselves. */
  readonly projectIds: Set<number>;
  /** Path of its group. */
  readonly group?: string;
  paused: boolean;
  status: 'online' | 'offline' | 'stale' | 'never_contacted';
  tags: readonly string[];
  runUntagged: boolean;
  accessLevel: 'not_protected' | 'ref_protected';
  locked: boolean;
}
