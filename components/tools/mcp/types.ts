import type { JsonValue } from '../../kernel/canonical.ts';

/** What a server says of one of its tools. */
export interface ListedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: { readonly [key: string]: JsonValue | undefined };
}

/** What a manifest says of a server: what it is started with, and which tools of it may be called as they are described. */
export interface DeclaredServer {
  readonly entrypoint: string;
  readonly arguments?: readonly string[];
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
