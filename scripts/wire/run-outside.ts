import type { Context } from '../../components/kernel/context.ts';
import { Failure } from '../../components/kernel/failure.ts';
import type { ModelWay } from '../../components/models/open-model.ts';
import { errors } from '../../components/sandbox/broker/errors.ts';
import type {
  Broker,
  BrokerRecord,
  BrokerSettings,
  McpEndpoint,
  Upstream,
} from '../../components/sandbox/broker/types.ts';
import type { RemoteWay } from '../../components/tools/mcp/types.ts';
import type { EgressFetch } from '../../components/tools/types.ts';

/** All ways of one session to the outside: one broker, which is opened where something needs it. */
export interface Outside {
  readonly openModels: ModelWay['access'];
  /** Fetches from the allow-list. */
  readonly fetch: EgressFetch;
  /** To one of the MCP servers that are called over HTTP. */
  readonly openServer: (name: string) => Promise<RemoteWay>;
  /** For programs in the sandbox. */
  readonly openSocket: () => Promise<string>;
  /** Ends it, when what it was asked has been handed on. */
  readonly close: () => Promise<void>;
}

/** What a broker was asked, as far as it can tell. */
export interface Asked {
  readonly requests: readonly BrokerRecord[];
  /** Whether that is all: a broker that is gone tells nothing. */
  readonly isAll: boolean;
}

/**
 * @param allow - the entries of the allow-list
 * @param keep - takes what was asked, once, where a broker was opened
 * @param servers - that may be called over HTTP
 */
export function createOutside(
  context: Context,
  allow: readonly string[],
  keep: (asked: Asked) => Promise<void>,
  servers: readonly McpEndpoint[] = [],
): Outside {
  let opening: Promise<Broker> | undefined;
  const open = (upstreams: readonly Upstream[]): Promise<Broker> => {
    opening ??= openChecked(context, { upstreams, allow, servers });
    return opening;
  };
  return {
    openModels: async (apis) => {
      const { createModelAccess } = await import('./model-access.ts');
      return createModelAccess(await open(apis));
    },
    fetch: async (url) => fetchBy(await open([]), url, context.cancel),
    openServer: async (name) => {
      const { createRemoteWay } = await import('./run-call.ts');
      const { trusted = false } = servers.find((server) => server.name === name) ?? {};
      return createRemoteWay(await open([]), { name, trusted }, context.cancel);
    },
    openSocket: async () => (await open([])).socketPath,
    close: async () => {
      const broker = await opening?.catch(() => undefined);
      if (broker === undefined) return;
      try {
        await keep(await askedOf(broker));
      } finally {
        await broker.close();
      }
    },
  };
}

/** What an agent can do nothing about but to ask for something else is its answer. */
const answered = ['DENIED', 'LIMIT', 'UNREACHABLE', 'TOO_LARGE'] as const;

async function fetchBy(broker: Broker, url: string, signal: AbortSignal): ReturnType<EgressFetch> {
  try {
    const response = await broker.fetch(url, { signal });
    const contentType = response.headers.get('content-type') ?? '';
    const body = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, contentType, body, truncated: false };
  } catch (error) {
    const isAnswer = answered.some((name) => error instanceof Failure && error.code === errors[name].code);
    if (isAnswer) return { refused: (error as Failure).message };
    throw error;
  }
}

/** The broker is told what is wrong with proxies and certificates too late to name the variable. */
async function openChecked(context: Context, { upstreams, ...settings }: BrokerSettings) {
  const { readProxies } = await import('./proxy.ts');
  const { readAuthorities } = await import('./certificates.ts');
  readProxies(context.env);
  readAuthorities(context.env);
  const { openBroker } = await import('./broker/open.ts');
  const told = upstreams.map(({ id, baseUrl, keyHeader, keyVariables }) => ({
    ...{ id, baseUrl, keyHeader, keyVariables },
  }));
  return openBroker(context, { ...settings, upstreams: told });
}

async function askedOf(broker: Broker): Promise<Asked> {
  const { mostRecords } = await import('../../components/sandbox/broker/types.ts');
  const requests = await broker.records().catch(() => undefined);
  return { requests: requests ?? [], isAll: requests !== undefined && requests.length < mostRecords };
}
