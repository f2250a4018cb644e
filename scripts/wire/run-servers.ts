import type { InputDeclarations } from '../../components/kernel/input-types.ts';
import type { DeclaredTools } from '../../components/proposals/extension.gen.ts';
import { parseServerList } from '../../components/sandbox/broker/mcp-endpoint.ts';
import type { McpEndpoint } from '../../components/sandbox/broker/types.ts';
import type { AgentManifest } from '../../components/session/types.ts';
import { nameOf } from '../../components/tools/declared/known.ts';

export const serverInputs = {
  'allow-mcp': {
    type: 'list',
    description:
      'MCP servers that agents may call over HTTP, each `name=address`, separated by white space, such as glossary=https://mcp.example.com/mcp, as far as the manifest names the same; `trusted:` before the address says that what agents tell it stays with you; empty is none',
    default: [],
    spaced: true,
    security: true,
  },
} as const satisfies InputDeclarations;

export interface ServerInputs {
  readonly 'allow-mcp': readonly string[];
}

/** Which MCP servers one session may call over HTTP. */
export interface ServerPlan {
  /** Those that the operator and the manifest both name, with the same address. */
  readonly servers: readonly McpEndpoint[];
  /** By name, why each of the manifest's others is not called, in words that follow "since". */
  readonly missing: Readonly<Record<string, string>>;
  /** Names that only the operator has. */
  readonly unasked: readonly string[];
}

/** What a model writes goes there, so neither the manifest nor the operator opens that way alone. @throws BROKER_SETTINGS */
export function planServers(list: readonly string[], { mcp = {} }: DeclaredTools): ServerPlan {
  const allowed = parseServerList(list);
  const named = Object.entries(mcp).flatMap(([name, { url }]) => (url === undefined ? [] : [{ name, url }]));
  const missing = named.flatMap(({ name, url }) => {
    const why = whyNot(
      allowed.find((server) => server.name === name),
      name,
      url,
    );
    return why === undefined ? [] : [[name, why] as const];
  });
  const isMissing = new Set(missing.map(([name]) => name));
  const isNamed = new Set(named.map(({ name }) => name));
  return {
    servers: allowed.filter(({ name }) => isNamed.has(name) && !isMissing.has(name)),
    missing: Object.fromEntries(missing),
    unasked: allowed.filter(({ name }) => !isNamed.has(name)).map(({ name }) => name),
  };
}

function whyNot(allowed: McpEndpoint | undefined, name: string, url: string): string | undefined {
  if (allowed === undefined) return `the input allow-mcp of the job does not name the server ${name}`;
  if (URL.parse(url)?.href === allowed.url) return undefined;
  return `the manifest names ${url} for ${name}, and the input allow-mcp of the job ${allowed.url}`;
}

/** What of a plan an agent has a use for, and what is to be said of the rest. */
export function useOfServers(
  { servers, unasked }: ServerPlan,
  { tools }: Pick<AgentManifest, 'tools'>,
  { mcp = {} }: DeclaredTools,
): { readonly servers: readonly McpEndpoint[]; readonly told: readonly string[] } {
  return {
    servers: servers.filter(({ name }) =>
      Object.keys(mcp[name]?.tools ?? {}).some((tool) => tools.includes(nameOf(name, tool))),
    ),
    told: unasked.map(
      (name) => `not called: ${name}, which the input allow-mcp names and the manifest does not`,
    ),
  };
}
