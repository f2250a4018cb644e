import type { JsonValue } from '../../kernel/canonical.ts';

/** What a server says of one of its tools. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly [key: string]: JsonValue | undefined };
}

/** What a manifest says of a server: what it is started with, or where it is, and which tools of it may be called as they are described. */
export interface DeclaredServer {
  readonly entrypoint?: string;
  readonly arguments?: readonly string[];
  /** Where it is, if it is no program of the repository. */
  readonly url?: string;
  readonly tools: Readonly<Record<string, Pin>>;
}

export interface Pin {
  readonly digest: string;
  readonly replay?: 'pure' | 'none';
}

/** Takes messages to a server; what comes back is given to the client. */
export interface McpTransport {
  readonly send: (message: JsonValue) => void;
}

/** What comes back from a server over HTTP, or why nothing does. */
export type McpAnswer = Response | { readonly refused: string; readonly isSent: boolean };

/** Sends one request to one server: the address and the key are for the way out to know. */
export type McpCall = (request: {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
}) => Promise<McpAnswer>;

export interface RemoteWay {
  /** Whether what it is told stays with the operator. */
  readonly trusted: boolean;
  readonly call: McpCall;
  /** What to do where the server wants to know who asks, as the end of a sentence. */
  readonly unauthorized: string;
}
