import type { Position } from '../kernel/place.ts';
import type { YamlLocator } from '../kernel/yaml-positions.ts';
import type { Command, Expansion } from './shell/types.ts';

/** One file that was read. */
export interface Source {
  /** Relative to the working directory. */
  readonly file: string;
  readonly text: string;
  /** Made when the first place is asked for. */
  readonly locate: () => YamlLocator;
  readonly positions: () => (offset: number) => Position;
  /** Where each line begins. */
  readonly lines: () => readonly number[];
}

export interface Step {
  readonly part: string | number;
  readonly above: Step | undefined;
}

/** A value of a configuration and where it is written, however it came to where it is used. */
export interface Node {
  /** Of a scalar; `Reference` where a `!reference` leads nowhere; undefined for lists and mappings. */
  readonly value: unknown;
  readonly items?: readonly Node[];
  readonly fields?: ReadonlyMap<string, Node>;
  readonly at: { readonly source: Source; readonly document: number; readonly step: Step | undefined };
}

/** A piece of a value: an offset into its text, and what stands there. */
export interface Piece {
  readonly node: Node;
  readonly offset: number;
  readonly text: string;
}

/** An include as it is written. */
export interface Include {
  readonly kind: 'local' | 'project' | 'remote' | 'template' | 'component';
  readonly target: string;
  readonly node: Node;
  /** The scalar that names the target. */
  readonly named: Node;
}

/** One command of a script, and the text it stands in. */
export interface ScriptCommand {
  readonly command: Command;
  readonly node: Node;
}

export type Unclear = 'yes' | 'no' | 'maybe';

/** Use of an agent by a job. */
export interface AgentUse {
  /** Its name for people. */
  readonly name: string;
  /** Whether it acts by itself (reads files, runs commands), or only answers. */
  readonly tools: boolean;
  /** Where it is called; undefined where only a model's key tells of it. */
  readonly call?: { readonly script: ScriptCommand; readonly piece: Piece };
}

/** A text of strangers that a variable holds. */
export interface Taint {
  /** The predefined variable it came from. */
  readonly origin: string;
  /** Whether it may hold white space and anything else, which a branch's name may not. */
  readonly freeText: boolean;
}

/** A command that is about to run, with what is known of variables and files at that time. */
export interface Moment {
  readonly script: ScriptCommand;
  readonly taintOf: (name: string) => Taint | undefined;
  readonly taintOfFile: (path: string) => Taint | undefined;
}

export interface Job {
  readonly name: string;
  /** As GitLab has it: `extends`, `default` and references resolved. */
  readonly node: Node;
  /** The mapping that the job is written as. */
  readonly own: Node;
  readonly stage: string;
  /** Its own variables over those of the pipeline. */
  readonly variables: ReadonlyMap<string, Node>;
  readonly ownVariables: ReadonlyMap<string, Node>;
  readonly scripts: readonly Node[];
  readonly commands: readonly ScriptCommand[];
  readonly moments: readonly Moment[];
  readonly agents: readonly AgentUse[];
  /** Whether it is meant to run in pipelines of merge requests. */
  readonly inMergeRequests: boolean;
  /** In a branch that is not the default one and has an open merge request. */
  readonly inBranch: Unclear;
  /** On the default branch. */
  readonly inDefaultBranch: Unclear;
}

/** A configuration as rules see it. */
export interface Pipeline {
  readonly jobs: readonly Job[];
  readonly includes: readonly Include[];
  readonly stages: readonly string[];
  /** All files merged, nothing resolved. */
  readonly root: Node;
  /** `spec` of the file that was named; undefined where it has none. */
  readonly header: Node | undefined;
  readonly main: Source;
}

export type { Command, Expansion };
