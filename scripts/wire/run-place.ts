import type { RunAnswer } from '../../components/decide/allow-run.ts';
import type { SessionTarget } from '../../components/session/types.ts';
import type { RepositoryReader, ToolPlace } from '../../components/tools/types.ts';
import type { StatedInputs } from './stated-inputs.ts';

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
  /** The same of the commit that the manifest is of, for a program that leads the agent. */
  readonly programs: () => Promise<string>;
  /** When GitLab ends the job: milliseconds since the epoch. */
  readonly deadline: number | undefined;
  /** Whether a session has something to lose here, so that policies decide whether it runs. */
  readonly isDecided: boolean;
  /** Reads the policies: what they say to a session's steps, and to its run where that is decided here. */
  readonly ask: (policies: RunPolicies) => Promise<RunAnswer>;
  /** Removes what was fetched for it. */
  readonly close: () => Promise<void>;
}

export interface RunPolicies extends StatedInputs {
  /** Folder of the target branch that holds its policies. */
  readonly policies: string;
  /** Folder of this checkout, which is the trusted project's. */
  readonly organisation: string;
  /** Of policy projects, as they are pinned. */
  readonly levels: readonly string[];
}
