import type { Context } from '../kernel/context.ts';
import type { User } from './world/people.ts';
import type { GivenVariable, Job, OfMergeRequest, Pipeline, PipelineSource } from './world/pipeline.ts';
import type { Project } from './world/project.ts';
import type { World } from './world/world.ts';

/** What the parts of a twin are handed: its state, its repositories, its pipelines. */
export interface Twin {
  readonly context: Context;
  readonly world: World;
  readonly repositories: Repositories;
  readonly pipelines: Pipelines;
}

export interface Commit {
  readonly sha: string;
  readonly parents: readonly string[];
  readonly title: string;
  readonly message: string;
  readonly authorName: string;
  readonly authorEmail: string;
  /** ISO 8601. */
  readonly authoredAt: string;
  readonly committerName: string;
  readonly committerEmail: string;
  readonly committedAt: string;
}

/** Who git says made a commit. */
export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface Annotation {
  readonly id: string;
  readonly message: string;
}

export interface FileDiff {
  readonly oldPath: string;
  readonly newPath: string;
  readonly oldMode: string;
  readonly newMode: string;
  readonly newFile: boolean;
  readonly renamedFile: boolean;
  readonly deletedFile: boolean;
  /** Hunks, from the first `@@`. */
  readonly diff: string;
}

export interface TreeEntry {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly mode: string;
}

export interface CommitAction {
  readonly action: 'create' | 'update' | 'delete' | 'move' | 'chmod';
  readonly path: string;
  readonly previousPath?: string;
  readonly content?: Uint8Array;
  readonly executable?: boolean;
  /** `update`, `move` and `delete` fail where the file has changed since. */
  readonly lastCommitId?: string;
}

export interface CommitRequest {
  readonly branch: string;
  /** Where a new branch begins; the branch itself where it exists, else the default one. */
  readonly startSha?: string;
  /** Rebuild the branch from `startSha` whatever it holds. */
  readonly force?: boolean;
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  readonly actions: readonly CommitAction[];
}

/** Why a change of a repository was refused, in GitLab's words. */
export interface Refused {
  readonly ok: false;
  readonly message: string;
}

/** The bare repositories of the projects; every method knows a project by its number. */
export interface Repositories {
  /** Where the project's bare repository lies. */
  readonly folderOf: (project: Project) => string;
  readonly create: (project: Project) => Promise<void>;
  readonly fork: (from: Project, to: Project) => Promise<void>;
  /** The commit a branch, a tag, a full reference or (part of) a hash names; undefined where there is none. */
  readonly resolve: (project: Project, ref: string) => Promise<string | undefined>;
  /** Names with commits, by name. */
  readonly branches: (project: Project) => Promise<ReadonlyMap<string, string>>;
  readonly tags: (project: Project) => Promise<ReadonlyMap<string, string>>;
  readonly commit: (project: Project, sha: string) => Promise<Commit | undefined>;
  /** Many at once, in the order asked for; every one must be there. */
  readonly commits: (project: Project, shas: readonly string[]) => Promise<readonly Commit[]>;
  /** What an annotated tag says and its own object's name; undefined of a lightweight one. */
  readonly annotation: (project: Project, tag: string) => Promise<Annotation | undefined>;
  /** Writes an annotated tag's object; {@link updateRef} names it. */
  readonly annotate: (
    project: Project,
    tag: { readonly name: string; readonly sha: string; readonly message: string; readonly tagger: Person },
  ) => Promise<string>;
  /** Names of branches or tags from which a commit can be reached. */
  readonly containing: (project: Project, kind: 'branch' | 'tag', sha: string) => Promise<readonly string[]>;
  /** Names of branches of which a commit has everything. */
  readonly mergedInto: (project: Project, sha: string) => Promise<ReadonlySet<string>>;
  /** Newest first. */
  readonly log: (
    project: Project,
    range: {
      readonly from: string;
      readonly without?: string;
      readonly path?: string;
      readonly limit?: number;
      /** Times as git reads them, of the commits to give: ISO 8601. */
      readonly since?: string;
      readonly until?: string;
    },
  ) => Promise<readonly Commit[]>;
  readonly mergeBase: (project: Project, a: string, b: string) => Promise<string | undefined>;
  readonly diff: (project: Project, from: string, to: string) => Promise<readonly FileDiff[]>;
  readonly tree: (
    project: Project,
    sha: string,
    path: string,
    recursive: boolean,
  ) => Promise<readonly TreeEntry[] | undefined>;
  readonly blob: (project: Project, sha: string, path: string) => Promise<Uint8Array | undefined>;
  /** A file's bytes by the name of its object. */
  readonly object: (project: Project, id: string) => Promise<Uint8Array | undefined>;
  /** Makes `HEAD`, which a clone checks out, name the project's default branch. */
  readonly pointHead: (project: Project) => Promise<void>;
  /** Writes a commit and moves the branch to it, or does nothing. */
  readonly write: (
    project: Project,
    request: CommitRequest,
  ) => Promise<{ readonly ok: true; readonly sha: string; readonly before: string } | Refused>;
  /** Moves a reference if it still is `expected` (undefined: must not exist); `sha` undefined deletes it. */
  readonly updateRef: (
    project: Project,
    ref: string,
    sha: string | undefined,
    expected: string | undefined,
  ) => Promise<boolean>;
  /** Merges `source` (a commit, possibly of a fork, whose objects are brought in) into a branch. */
  readonly merge: (
    project: Project,
    request: {
      readonly source: { readonly project: Project; readonly sha: string };
      readonly branch: string;
      readonly message: string;
      readonly author: Person;
      readonly method: 'merge' | 'ff' | 'squash';
    },
  ) => Promise<{ readonly ok: true; readonly sha: string; readonly before: string } | Refused>;
  /** Merges a commit of the project into a branch's tip, and names the result by a reference of its own: no branch moves. */
  readonly mergeToRef: (
    project: Project,
    request: {
      readonly source: string;
      readonly branch: string;
      readonly ref: string;
      readonly author: Person;
    },
  ) => Promise<{ readonly ok: true; readonly sha: string; readonly before: string } | Refused>;
  /** Brings a fork's commit into the project and names it, as GitLab does with `refs/merge-requests/7/head`. */
  readonly fetchFrom: (project: Project, from: Project, sha: string, ref: string) => Promise<void>;
}

/** A branch or tag that has moved, by git, by the API or by a merge. */
export interface Push {
  /** `refs/heads/main`, `refs/tags/1.0.0`. */
  readonly ref: string;
  /** Zeros where the reference is new. */
  readonly before: string;
  /** Zeros where it is deleted. */
  readonly after: string;
  /** `git push -o`: `ci.skip`, `ci.variable=A=b`, `merge_request.create`, `merge_request.target=main` and so on. */
  readonly options: readonly string[];
}

export interface PipelineRequest {
  readonly project: Project;
  /** Branch or tag; of a merge request pipeline `refs/merge-requests/7/head`, of one of merged results `…/merge`. */
  readonly ref: string;
  readonly sha: string;
  readonly beforeSha?: string;
  readonly source: PipelineSource;
  readonly user: User;
  readonly variables?: readonly GivenVariable[];
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly mergeRequest?: OfMergeRequest;
  readonly scheduleId?: number;
  readonly upstreamJobId?: number;
  /** A child pipeline's own configuration, instead of the project's file. */
  readonly config?: { readonly file: string } | { readonly text: string };
}

export type Created =
  | { readonly ok: true; readonly pipeline: Pipeline }
  /** No pipeline: `filtered` by rules (nothing is wrong), or refused. Messages are GitLab's. */
  | { readonly ok: false; readonly filtered: boolean; readonly messages: readonly string[] };

export interface LintResult {
  readonly valid: boolean;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly mergedYaml: string;
  readonly jobs: readonly Readonly<Record<string, unknown>>[];
}

/** Pipelines of all projects: they are created here and run here, by a scheduler that never waits to be asked. */
export interface Pipelines {
  readonly create: (request: PipelineRequest) => Promise<Created>;
  /** Starts a manual, delayed or (`retry`) ended job; undefined where its state does not allow it. */
  readonly play: (job: Job, user: User, variables: readonly GivenVariable[]) => Promise<Job | undefined>;
  readonly retry: (job: Job, user: User) => Promise<Job | undefined>;
  /** Tries all failed and cancelled jobs again. */
  readonly retryPipeline: (pipeline: Pipeline, user: User) => Promise<void>;
  readonly cancel: (job: Job) => Promise<boolean>;
  readonly cancelPipeline: (pipeline: Pipeline) => Promise<void>;
  /** The runner of a running job vanishes: no artifacts, no more log, failed for `runner_system_failure`. */
  readonly loseRunner: (job: Job) => Promise<boolean>;
  /** Resolves once nothing of the pipeline and of what it triggered runs or can start without a hand. */
  readonly settled: (pipeline: Pipeline) => Promise<void>;
  /** Something outside of the scheduler changed jobs of a pipeline (a commit status): look at it again. */
  readonly touch: (pipeline: Pipeline) => void;
  readonly lint: (
    project: Project,
    request: {
      readonly text: string;
      readonly sha: string;
      readonly ref: string;
      readonly user: User;
      readonly dryRun: boolean;
    },
  ) => Promise<LintResult>;
  /** Cancels everything that runs and waits for it. */
  readonly close: () => Promise<void>;
}
