import type { decideRun } from '../../components/decide/allow-run.ts';
import type { SessionTarget } from '../../components/session/types.ts';
import type { RepositoryReader, ToolPlace } from '../../components/tools/types.ts';

/** Where what a session runs and reads comes from. */
export interface RunPlace {
  /** The manifest, by its path in the repository. */
  readonly manifest: { readonly path: string; readonly text: string };
  readonly target: SessionTarget;
  readonly repository: RepositoryReader;
  /** What tools of an agent find here. */
  readonly tools: ToolPlace;
  /** Of the merge request, where it is known. */
  readonly title: string | undefined;
  /** Gives the folder, absolute, with the files that a script of the repository sees; the same at each call. */
  readonly checkout: () => Promise<string>;
  /** When GitLab ends the job: milliseconds since the epoch. */
  readonly deadline: number | undefined;
  /** Asks whether policies let the manifest run here; undefined where a session has nothing to lose. */
  readonly ask: ((policies: RunPolicies) => Promise<RunAnswer>) | undefined;
  /** Removes what was fetched for it. */
  readonly close: () => Promise<void>;
}

export interface RunPolicies {
  /** Folder of the target branch that holds its policies. */
  readonly policies: string;
  /** Folder of this checkout, which is the trusted project's. */
  readonly organisation: string;
}

type RunAnswer = Awaited<ReturnType<typeof decideRun>>;
