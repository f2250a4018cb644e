import type { AccessLevel } from './people.ts';
import type { Deployment, Environment, ResourceGroup, Schedule } from './pipeline.ts';
import type { Issue, MergeRequest } from './review.ts';

export type Visibility = 'private' | 'internal' | 'public';

export interface Project {
  readonly id: number;
  /** Full path: `group/subgroup/name`. */
  readonly path: string;
  name: string;
  description: string;
  /** The branch new merge requests target; undefined while the repository is empty. */
  defaultBranch: string | undefined;
  visibility: Visibility;
  readonly creatorId: number;
  readonly createdAt: string;
  lastActivityAt: string;
  readonly forkedFromId: number | undefined;
  /** Whether it came from files without a commit: a ref that is not there is what its default branch holds. */
  unversioned: boolean;
  readonly members: Map<number, AccessLevel>;
  readonly settings: ProjectSettings;
  readonly protectedBranches: ProtectedRef[];
  readonly protectedTags: ProtectedRef[];
  readonly protectedEnvironments: Map<string, ProtectedEnvironment>;
  /** Checks of other systems that merge requests wait for, by number. */
  readonly statusChecks: Map<number, StatusCheck>;
  readonly variables: Variable[];
  readonly labels: Label[];
  readonly mergeRequests: Map<number, MergeRequest>;
  readonly issues: Map<number, Issue>;
  readonly environments: Map<number, Environment>;
  readonly deployments: Map<number, Deployment>;
  readonly schedules: Map<number, Schedule>;
  readonly releases: Map<string, Release>;
  readonly packages: Map<number, Package>;
  readonly resourceGroups: Map<string, ResourceGroup>;
  /** Other projects whose job tokens may come in. */
  readonly jobTokenAllowlist: Set<number>;
  /** Groups by path, all of whose projects may: they are told of, and let nobody in here. */
  readonly jobTokenGroups: Set<string>;
  /** Counters of numbers that people see, by kind: merge_request, issue, pipeline, deployment. */
  readonly iids: Map<string, number>;
}

/** The settings the product reads or that decide what a pipeline may do; names as in the projects API. */
export interface ProjectSettings {
  ci_config_path: string;
  only_allow_merge_if_pipeline_succeeds: boolean;
  allow_merge_on_skipped_pipeline: boolean;
  only_allow_merge_if_all_discussions_are_resolved: boolean;
  ci_pipeline_variables_minimum_override_role: 'no_one_allowed' | 'developer' | 'maintainer' | 'owner';
  /** Whether only projects of the allow list may come in with their job tokens. */
  ci_job_token_scope_enabled: boolean;
  ci_push_repository_for_job_token_allowed: boolean;
  /** Whether merge request pipelines see protected variables (18.4). */
  protect_merge_request_pipelines: boolean;
  merge_method: 'merge' | 'rebase_merge' | 'ff';
  squash_option: 'never' | 'always' | 'default_on' | 'default_off';
  remove_source_branch_after_merge: boolean;
  keep_latest_artifact: boolean;
  /** Seconds a job may take that says nothing itself. */
  build_timeout: number;
  shared_runners_enabled: boolean;
  group_runners_enabled: boolean;
  /** Whether everybody who sees the project sees its pipelines. */
  public_jobs: boolean;
  forking_access_level: 'disabled' | 'private' | 'enabled';
  /** Commits that a job clones; 0: all. */
  ci_default_git_depth: number;
  ci_allow_fork_pipelines_to_run_in_parent_project: boolean;
  merge_pipelines_enabled: boolean;
  merge_trains_enabled: boolean;
  only_allow_merge_if_all_status_checks_passed: boolean;
}

export interface ProtectedRef {
  readonly id: number;
  /** A name or a wildcard (`release/*`). */
  readonly name: string;
  pushLevel: AccessLevel;
  mergeLevel: AccessLevel;
  allowForcePush: boolean;
  /** Whether owners of code must approve, where the licence has them. */
  codeOwnerApproval?: boolean;
}

export interface StatusCheck {
  readonly id: number;
  readonly name: string;
  readonly externalUrl: string;
  /** By number of the merge request and its head. */
  readonly answers: Map<string, 'passed' | 'failed' | 'pending'>;
}

export interface ProtectedEnvironment {
  readonly name: string;
  readonly deployLevels: readonly AccessLevel[];
  readonly requiredApprovals: number;
}

export interface Variable {
  readonly key: string;
  value: string;
  variableType: 'env_var' | 'file';
  protected: boolean;
  masked: boolean;
  hidden: boolean;
  /** A raw value is not searched for `$NAME`. */
  raw: boolean;
  /** `*`, a name or a wildcard of environments. */
  environmentScope: string;
  description: string;
}

export interface Label {
  readonly id: number;
  name: string;
  color: string;
  description: string;
  priority: number | null;
}

export interface Release {
  readonly tagName: string;
  name: string;
  description: string;
  readonly createdAt: string;
  readonly releasedAt: string;
  readonly authorId: number;
  readonly links: { readonly id: number; name: string; url: string; linkType: string }[];
}

/** A generic package: all files of one name and version. */
export interface Package {
  readonly id: number;
  readonly name: string;
  readonly version: string;
  status: 'default' | 'hidden';
  readonly createdAt: string;
  /** Uploads in their order; of equal names the last is served. */
  readonly files: PackageFile[];
}

export interface PackageFile {
  readonly id: number;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly createdAt: string;
  /** Path of the bytes in the twin's folder. */
  readonly stored: string;
}
