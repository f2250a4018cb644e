import type { JsonValue } from '../kernel/canonical.ts';

/** Where a text came from that an agent has read; a session's label is the set of them, which only grows. */
export type SourceLabel = 'merge-request-diff' | 'repository' | 'merge-request' | 'task-input';

export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
}

export type Risk = 'low' | 'medium' | 'high';

/** A read-only tool of an agent. */
export interface Tool {
  /** File name and the model's name for it. */
  readonly id: string;
  readonly description: string;
  /** JSON Schema of its arguments; what does not satisfy it never reaches `run`. */
  readonly parameters: JsonValue;
  readonly source: SourceLabel;
  /** What running it again after a crash means; `pure` ones are just run again. */
  readonly replay: 'pure' | 'keyed' | 'lookup' | 'none';
  /** OSSA's type of it, such as `function`: any other reaches out of the session. */
  readonly kind: string;
  /** How much harm a call can do: low changes nothing and reaches nothing but what the session is about. */
  readonly risk: Risk;
  /** OSSA's permission that it takes, such as `read_code`. */
  readonly permission: string;
  readonly run: (input: JsonValue, repository: RepositoryReader) => Promise<ToolResult>;
}

/** A merge request's content as git objects: no checkout, no filter, no link is followed. */
export interface RepositoryReader {
  /** Where the changes begin, and their last commit. */
  readonly base: string;
  readonly head: string;
  /** Text of a file at the head; undefined where there is none, it is a link, or no text. */
  readonly readFile: (path: string) => Promise<string | undefined>;
  /** Unified diff from base to head, of one file or of all. */
  readonly readDiff: (path?: string) => Promise<string>;
  /** Paths of the files at the head, sorted. */
  readonly listFiles: () => Promise<readonly string[]>;
}
