/** An API that the broker speaks to for the session, with a key that only the broker has. */
export interface Upstream {
  /** Names it in requests to the broker: lower-case letters, digits and hyphens. */
  readonly id: string;
  /** The operator's word: its origin and path are what requests are held to, private addresses included. */
  readonly baseUrl: string;
  /** The header that carries the key; undefined where there is none. */
  readonly keyHeader: { readonly name: string; readonly prefix: string } | undefined;
  /** Variables that may hold the key; the first that does counts. */
  readonly keyVariables: readonly string[];
}

/** An MCP server that is called over HTTP: what is sent to it a model may have written, so it is named by itself. */
export interface McpEndpoint {
  /** As the operator and the manifest name it: small letters, digits and hyphens. */
  readonly name: string;
  /** Requests go there, and to nothing below it. */
  readonly url: string;
  /** Whether it may be an address of this machine and its network. */
  readonly private: boolean;
  /** Whether what agents tell it stays with the operator: a call of it does not count as one that reaches out. */
  readonly trusted: boolean;
}

/** What one session may exchange with one MCP server over HTTP. */
export interface CallLimits {
  readonly requests: number;
  /** Bytes of one request, and of all of them. */
  readonly request: number;
  readonly bytesOut: number;
  /** Bytes of all answers. */
  readonly bytesIn: number;
}

export const defaultCallLimits: CallLimits = {
  requests: 2_000,
  request: 1024 * 1024,
  bytesOut: 16 * 1024 * 1024,
  bytesIn: 64 * 1024 * 1024,
};

export interface EgressLimits {
  /** Requests of a session, redirects counted. */
  readonly requests: number;
  /** Characters of paths and queries of a session, beyond what the allow-list spells out. */
  readonly charactersOut: number;
  /** Of those, characters in words that could be anything: `v8a2`, `xkcd`, `1234567`. */
  readonly doubtfulOut: number;
  /** Bytes of one answer. */
  readonly answer: number;
  /** Milliseconds of one request with its redirects. */
  readonly timeout: number;
}

export const defaultEgressLimits: EgressLimits = {
  requests: 50,
  charactersOut: 4_096,
  doubtfulOut: 40,
  answer: 2 * 1024 * 1024,
  timeout: 20_000,
};

/** What a broker is opened with. It is told once. */
export interface BrokerSettings {
  readonly upstreams: readonly Upstream[];
  /** What tools and programs in the sandbox may fetch: see allow-list.ts. */
  readonly allow: readonly string[];
  readonly limits?: Partial<EgressLimits>;
  readonly servers?: readonly McpEndpoint[];
  readonly callLimits?: Partial<CallLimits>;
}

/** Memory of the evidence; whoever asks more often is told no more of it. */
export const mostRecords = 10_000;

/** Evidence of one request: no query, no path and no body is in it. */
export interface BrokerRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `model`, `mcp` (a server that is called over HTTP), or who asked for something of the outside. */
  readonly by: 'model' | 'mcp' | 'tool' | 'sandbox';
  readonly method: string;
  /** Host and port; the id of a model's API. */
  readonly to: string;
  /** Of path and query: equal requests have equal digests. */
  readonly path: string;
  readonly status: number | null;
  readonly bytesOut: number;
  readonly bytesIn: number;
  readonly decision: 'sent' | 'refused' | 'failed';
  /** Code of the refusal or the failure. */
  readonly code?: string;
}

/** A broker at work. */
export interface Broker {
  /** The variable each upstream's key is from, by its id; null where none of them was set. */
  readonly keys: Readonly<Record<string, string | null>>;
  /** Names of the MCP servers whose key it has. */
  readonly keyedServers: readonly string[];
  /**
   * Sends a request below an upstream's base URL; of several with one address `id` says which.
   * @throws BROKER_… where the broker refuses it or is gone; the cause is the facts of it, such as the `code` of a connection
   */
  readonly send: (url: string, init?: RequestInit, id?: string) => Promise<Response>;
  /** Fetches from the allow-list, by GET or HEAD. @throws BROKER_… */
  readonly fetch: (url: string, init?: Pick<RequestInit, 'method' | 'signal'>) => Promise<Response>;
  /** Sends a request to an MCP server, with its key. @throws BROKER_… */
  readonly call: (server: string, init: RequestInit) => Promise<Response>;
  /** For the sandbox: only what `fetch` does can be asked of it. */
  readonly socketPath: string;
  /** What was asked so far. */
  readonly records: () => Promise<readonly BrokerRecord[]>;
  readonly close: () => Promise<void>;
}
