/** What the files of a trusted project say. Each value is checked before it gets here: none can leave its place in YAML. */
export interface TrustedProject {
  /** Full path of the project with the components, on the same instance. */
  readonly catalog: string;
  /** Of the components: a tag, a branch or a commit. */
  readonly version: string;
  readonly image: string;
  /** Projects by full path whose open merge requests the schedule looks through. */
  readonly serves: readonly string[];
  /** Levels of policy projects as they are pinned, the widest first. */
  readonly levels: readonly string[];
  /** An agent whose sessions run in the trusted project. */
  readonly agent: TrustedAgent | undefined;
  /** Whether what is wrong with changed manifests is said on the lines of merge requests. */
  readonly findings?: boolean;
  /** How commits of agents happen; undefined: not at all. */
  readonly commits: TrustedCommits | undefined;
}

export interface TrustedCommits {
  /** `click`: a person starts a manual job, which pushes to the served project; `fork`: they are pushed to its fork. */
  readonly mode: 'click' | 'fork';
  /** Forks by full path, one of each served project; none with `click`. */
  readonly forks: readonly string[];
}

export interface TrustedAgent {
  /** Its manifest, in the served project's target branch. */
  readonly manifest: string;
  /** File of recorded turns in the trusted project; undefined asks its provider. */
  readonly cassette: string | undefined;
  /** Table of known causes in the trusted project that answers in place of a model. */
  readonly playbook: string | undefined;
}

/** A file to be written; its path is relative to the folder that is set up. */
export interface SetupFile {
  readonly path: string;
  readonly text: string;
}

/** What one check says: one line. */
export type CheckLine = { readonly check: string } & (
  | { readonly result: 'ok' | 'note'; readonly says: string }
  | { readonly result: 'wrong'; readonly expected: string; readonly got: string; readonly fix: string }
  /** Nobody can tell: the token may not see it, or GitLab does not say it. */
  | { readonly result: 'unknown'; readonly reason: string; readonly fix: string }
);

/** What GitLab told, or why it did not tell it to this token. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  /** `fix`: what to do about it, where another token is no help. */
  | { readonly known: false; readonly reason: string; readonly fix?: string };
