import type { Severity } from '../../kernel/finding.ts';

/** What a ref of a project stands for. */
export interface ResolvedRef {
  readonly sha: string;
  /** Name of the catalog version; null for a commit, a branch, or a project that is not in the catalog. */
  readonly version: string | null;
}

/** The repositories of the GitLab server that the twin plays. Paths have no leading slash. */
export interface ProjectFiles {
  /** Content of a file at a commit; undefined where there is no such file, commit or project. */
  read(project: string, sha: string, path: string): Promise<string | undefined>;
  /** Paths of all files at a commit, for wildcards; sorted, as git lists them. */
  list(project: string, sha: string): Promise<readonly string[]>;
  /**
   * The commit a ref names: a commit, else a tag, else a branch; `HEAD` is the default branch. `~latest`, `1` and
   * `1.2` name catalog versions only (`versionFor` chooses among them).
   */
  resolve(project: string, ref: string): Promise<ResolvedRef | undefined>;
}

export interface RenderRequest {
  /** Full path of the project whose pipeline it is: `group/name`. */
  readonly project: string;
  /** Commit the configuration is read at. */
  readonly sha: string;
  /** Path of the configuration file, usually `.gitlab-ci.yml`. */
  readonly file: string;
  /** Host, with its port when it is not the default one: what `$CI_SERVER_FQDN` holds. */
  readonly serverFqdn: string;
  /** Other names of the server, for components of projects that were written for one of these. */
  readonly serverAliases?: readonly string[];
  /** Variables known before the pipeline: for include paths, `include:rules` and `expand_vars`. */
  readonly variables: Readonly<Record<string, string>>;
  /** Names of variables whose values GitLab hides. */
  readonly maskedVariables?: readonly string[];
  readonly files: ProjectFiles;
  /** Inputs of the pipeline itself. */
  readonly inputs?: Readonly<Record<string, unknown>>;
}

export interface RenderProblem {
  readonly code: string;
  readonly severity: Severity;
  /** In GitLab's words, where GitLab reports it. */
  readonly message: string;
  /** Project and path of the file to be corrected. */
  readonly project: string;
  readonly file: string;
  /** Both count from 1; absent where the mistake has no place in a file, as a missing input of the pipeline. */
  readonly line?: number;
  readonly column?: number;
  readonly suggestion?: string;
}

export type IncludeType = 'local' | 'project' | 'component';

/** One file that was included. */
export interface RenderedInclude {
  readonly type: IncludeType;
  /** As written, variables expanded. */
  readonly location: string;
  readonly project: string;
  readonly sha: string;
  readonly path: string;
  /** Project and path of the file that includes it. */
  readonly from: { readonly project: string; readonly path: string };
}

export type Rendered =
  | {
      readonly ok: true;
      /** Without `include`; `!reference` stays an instance of the kernel's `Reference`, `extends` as written. */
      readonly config: Readonly<Record<string, unknown>>;
      /** The same as text, which YAML 1.1 and 1.2 read alike. */
      readonly yaml: string;
      readonly warnings: readonly RenderProblem[];
      readonly includes: readonly RenderedInclude[];
    }
  /** Warnings too, in the order found. */
  | { readonly ok: false; readonly problems: readonly RenderProblem[] };
