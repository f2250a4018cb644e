import { createHash } from 'node:crypto';
import { createRedactor } from '../../../components/kernel/redact.ts';
import { type EgressRule, parseAllowList } from '../../../components/sandbox/broker/allow-list.ts';
import { errors } from '../../../components/sandbox/broker/errors.ts';
import { createKeySearch } from '../../../components/sandbox/broker/holds-key.ts';
import { tokenVariable } from '../../../components/sandbox/broker/key-names.ts';
import { assertServer } from '../../../components/sandbox/broker/mcp-endpoint.ts';
import {
  type BrokerRecord,
  type BrokerSettings,
  type CallLimits,
  defaultCallLimits,
  defaultEgressLimits,
  type EgressLimits,
  type McpEndpoint,
  mostRecords,
  type Upstream,
} from '../../../components/sandbox/broker/types.ts';
import { assertUpstreams } from '../../../components/sandbox/broker/upstream-url.ts';

/** An MCP server, and what has been asked of it. */
export interface ServerState extends Pick<McpEndpoint, 'name' | 'private'> {
  readonly url: URL;
  readonly key: string | undefined;
  /** What its name leads to, since that was asked. */
  addresses: Promise<readonly { address: string; family: number }[]> | undefined;
  requests: number;
  bytesOut: number;
  bytesIn: number;
}

/** What was set up. */
export interface Keyed {
  /** The variable each upstream's key is from. */
  readonly keys: Readonly<Record<string, string | null>>;
  /** MCP servers that have one. */
  readonly keyedServers: readonly string[];
}

export interface BrokerState {
  /** Of each upstream: it, and its key. */
  readonly upstreams: Map<string, { readonly upstream: Upstream; readonly key: string | undefined }>;
  rules: readonly EgressRule[];
  limits: EgressLimits;
  readonly spent: { requests: number; charactersOut: number; doubtfulOut: number };
  /** By name. */
  readonly servers: Map<string, ServerState>;
  callLimits: CallLimits;
  readonly records: BrokerRecord[];
  readonly redact: (text: string) => string;
  readonly holdsKey: (text: string) => boolean;
  /** Sets up once. @throws BROKER_SETTINGS */
  readonly setUp: (settings: BrokerSettings) => Keyed;
}

/** @param keys - by the names of their variables */
export function createState(keys: Readonly<Record<string, string>>): BrokerState {
  let isSetUp = false;
  const state: BrokerState = {
    upstreams: new Map(),
    rules: [],
    limits: defaultEgressLimits,
    spent: { requests: 0, charactersOut: 0, doubtfulOut: 0 },
    servers: new Map(),
    callLimits: defaultCallLimits,
    records: [],
    redact: createRedactor(Object.values(keys)),
    holdsKey: createKeySearch(Object.values(keys)),
    setUp: ({ upstreams, allow, limits = {}, servers = [], callLimits = {} }) => {
      if (isSetUp) throw errors.SETTINGS({ what: 'a second word', expected: 'to be told once' });
      assertUpstreams(upstreams);
      for (const server of servers) assertServer(server, keys[tokenVariable(server.name)]);
      state.rules = parseAllowList(allow);
      state.limits = { ...defaultEgressLimits, ...limits };
      state.callLimits = { ...defaultCallLimits, ...callLimits };
      isSetUp = true;
      for (const { name, url, private: isPrivate } of servers) {
        const about = { name, url: new URL(url), private: isPrivate, key: keys[tokenVariable(name)] };
        const opened = { ...about, addresses: undefined, requests: 0, bytesOut: 0, bytesIn: 0 };
        state.servers.set(name, opened);
      }
      const variables = upstreams.map((upstream) => {
        const variable = upstream.keyVariables.find((name) => keys[name] !== undefined);
        const key = variable === undefined ? undefined : keys[variable];
        state.upstreams.set(upstream.id, { upstream, key });
        return [upstream.id, variable ?? null] as const;
      });
      const keyedServers = [...state.servers.values()].filter(({ key }) => key !== undefined);
      return { keys: Object.fromEntries(variables), keyedServers: keyedServers.map(({ name }) => name) };
    },
  };
  return state;
}

export function note(state: BrokerState, record: Omit<BrokerRecord, 'at'>): void {
  if (state.records.length < mostRecords) state.records.push({ at: Date.now(), ...record });
}

export function digestOf(path: string): string {
  return `sha256:${createHash('sha256').update(path).digest('hex').slice(0, 16)}`;
}
