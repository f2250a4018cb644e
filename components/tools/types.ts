import type { JsonValue } from '../kernel/canonical.ts';

/** Where a text came from that an agent has read; a session's label is the set of them, which only grows. */
export type SourceLabel =
  | 'merge-request-diff'
  | 'repository'
  | 'merge-request'
  | 'task-input'
  | 'job-log'
  | 'http'
  | 'mcp'
  | 'function';

export interface ToolResult {
  readonly text: string;
  readonly failed: boolean;
  /** Of a failure: what a stranger says about it, which the model gets as a stranger's. The text is ours then. */
  readonly quoted?: string;
}

export type Risk = 'low' | 'medium' | 'high';

/** A tool of an agent: it reads, and changes nothing outside of itself. What should be changed is a proposal. */
export interface Tool {
  /** File name and the model's name for it. */
  readonly id: string;
  readonly description: string;
  /** Who else wrote the description, where it is not ours: the model gets it as that stranger's text. */
  readonly describedBy?: SourceLabel;
  /** JSON Schema of its arguments; what does not satisfy it never reaches `run`. */
  readonly parameters: JsonValue;
  readonly source: SourceLabel;
  /** What else may be in a result, such as the files that a script has read. */
  readonly alsoReads?: readonly SourceLabel[];
  /** Milliseconds until a call is given up. */
  readonly timeout: number;
  /** Bytes of a result; what is longer is cut, since a model's context is paid for by each call that follows. */
  readonly outputLimit: number;
  /** How to read on where a result is cut, in words that follow a semicolon. */
  readonly readOn: string;
  /** OSSA's name for the permission that a call takes. */
  readonly permission: string;
  /** How much harm a call can do: low changes nothing and reaches nothing but what the session is about. */
  readonly risk: Risk;
  /** What running it again after a crash means; `pure` ones are just run again. */
  readonly replay: 'pure' | 'keyed' | 'lookup' | 'none';
  /** OSSA's type of it: `function` and `mcp` stay inside of the session, any other reaches out of it; so an MCP server over HTTP is `http`. */
  readonly kind: string;
  /** What of its surroundings it cannot do without; where that is not there, the tool is not offered. */
  readonly needs?: Optional;
  readonly run: (input: JsonValue, surroundings: Surroundings) => Promise<ToolResult>;
}

/** What tools reach of the outside: ports, filled in by the command. Those that may be missing have a reason then. */
export interface Surroundings {
  readonly repository: RepositoryReader;
  readonly mergeRequest?: MergeRequestReader;
  readonly jobs?: JobsReader;
  readonly jobLogs?: JobLogsReader;
  readonly egress?: Egress;
}

export type Optional = Exclude<keyof Surroundings, 'repository'>;

/** What tools find, where they run. */
export interface ToolPlace {
  readonly surroundings: Surroundings;
  /** Why each of the others is not here, in words that follow "since". */
  readonly missing: Readonly<Partial<Record<Optional, string>>>;
}

export interface LogEntry {
  readonly commit: string;
  readonly author: string;
  /** ISO 8601, the day only. */
  readonly day: string;
  readonly subject: string;
}

export interface History<Entry> {
  readonly entries: readonly Entry[];
  /** Whether it is all there is: a shallow clone ends somewhere. */
  readonly isWhole: boolean;
}

export interface BlamedLine {
  readonly line: number;
  readonly text: string;
  readonly commit: LogEntry;
}

/** A merge request's content as git objects: no checkout, no filter, no link is followed. */
export interface RepositoryReader {
  /** Where the changes begin, and their last commit. */
  readonly base: string;
  readonly head: string;
  /** Text of a file at the head; undefined where there is none, it is a link, or no text. */
  readonly readFile: (path: string) => Promise<string | undefined>;
  /** Why there is no text to read at a path, in a sentence. */
  readonly whyNot: (path: string) => Promise<string>;
  /** Unified diff from base to head, of one file or of all. */
  readonly readDiff: (path?: string) => Promise<string>;
  /** Paths of the files at the head, sorted. */
  readonly listFiles: () => Promise<readonly string[]>;
  /**
   * Hands on the text of each of these files, in order; undefined where it is none. Ends early where `take` gives false.
   * One process for all of them.
   */
  readonly readEach: (
    paths: readonly string[],
    take: (path: string, text: string | undefined) => boolean | Promise<boolean>,
  ) => Promise<void>;
  /** Commits up to the head, the newest first: of a path or of all. */
  readonly readLog: (path: string | undefined, most: number) => Promise<History<LogEntry>>;
  /** Who changed each of these lines last; undefined where there is no text. Lines count from 1 and are there. */
  readonly readBlame: (path: string, from: number, to: number) => Promise<History<BlamedLine>>;
}

/** What is known of a merge request; what GitLab does not tell here is undefined. All of it is a stranger's text. */
export interface MergeRequestFacts {
  readonly iid: number;
  readonly title: string | undefined;
  readonly description: string | undefined;
  /** Whether the description goes on. */
  readonly isCut: boolean;
  readonly labels: readonly string[];
  readonly author: string | undefined;
  readonly sourceBranch: string;
  readonly targetBranch: string;
  readonly state: string | undefined;
  readonly draft: boolean | undefined;
}

export type MergeRequestReader = () => Promise<MergeRequestFacts>;

export interface JobFacts {
  readonly id: number;
  readonly name: string;
  readonly stage: string;
  readonly status: string;
  readonly failureReason: string | undefined;
  readonly allowFailure: boolean;
}

/** Jobs of the one pipeline that a session is about. */
export interface JobsReader {
  readonly list: () => Promise<readonly JobFacts[]>;
}

/** Logs of these jobs. */
export interface JobLogsReader extends JobsReader {
  /** The log as it stands, undefined where there is none. */
  readonly read: (job: number) => Promise<string | undefined>;
}

export interface Fetched {
  readonly status: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Whether the body goes on. */
  readonly truncated: boolean;
}

/** Gets one address, without credentials, and goes nowhere that is not allowed; or says why it did not. */
export type EgressFetch = (url: string) => Promise<Fetched | { readonly refused: string }>;

/** The way out: where a session may read by HTTP. */
export interface Egress {
  /** Addresses both the operator and the manifest name: origins, with or without the beginning of a path. */
  readonly allow: readonly string[];
  readonly fetch: EgressFetch;
}
