import type { Optional, Tool } from '../types.ts';

/** A tool that a manifest may name. */
export interface KnownTool {
  readonly id: string;
  /** OSSA's permission that a call takes. */
  readonly permission: string;
  /** Why it is not offered here, in words that follow "since". */
  readonly missing: string | undefined;
}

/** All tools that one manifest may name. */
export interface KnownTools {
  /** Ours, and its scripts. */
  readonly functions: readonly KnownTool[];
  /** What `type: http` is; undefined where the manifest declares no addresses. */
  readonly http: KnownTool | undefined;
  /** By server. */
  readonly servers: ReadonlyMap<string, readonly KnownTool[]>;
  /** Declared names that are taken already. */
  readonly taken: readonly string[];
}

/** What `extensions.pipewright.tools` says, as far as it is about names. */
interface Declared {
  readonly functions?: Readonly<Record<string, unknown>>;
  readonly http?: unknown;
  readonly mcp?: Readonly<
    Record<string, { readonly url?: string; readonly tools: Readonly<Record<string, unknown>> }>
  >;
}

/** What is not here, each with why. */
export interface Missing extends Readonly<Partial<Record<Optional | 'sandbox', string>>> {
  /** Of MCP servers that are not called over HTTP, by name. */
  readonly servers?: Readonly<Record<string, string>>;
}

export const httpTool = 'http-get';

/** The permission that a program of the repository takes: it runs in the sandbox. */
export const sandboxed = 'execute_sandboxed';

/** The permission that a call of what is elsewhere takes. */
export const asking = 'execute_queries';

/** A session answers to these itself. */
const reserved = /^(report|answer|delegate|propose-.*)$/;

export function knownTools(own: readonly Tool[], declared: Declared, missing: Missing): KnownTools {
  const scripts = Object.keys(declared.functions ?? {});
  const isTaken = (id: string) => reserved.test(id) || own.some((tool) => tool.id === id);
  const ours = own.map(({ id, permission, needs }) => ({ id, permission, missing: needs && missing[needs] }));
  const http = ours.find(({ id }) => id === httpTool);
  const servers = Object.entries(declared.mcp ?? {}).map(([server, { url, tools }]) => {
    const way =
      url === undefined
        ? { permission: sandboxed, missing: missing.sandbox }
        : { permission: asking, missing: missing.servers?.[server] };
    const known = Object.keys(tools).map((name) => ({ id: nameOf(server, name), ...way }));
    return [server, known] as const;
  });
  return {
    functions: [
      ...ours.filter((tool) => tool !== http),
      ...scripts
        .filter((id) => !isTaken(id))
        .map((id) => ({ id, permission: sandboxed, missing: missing.sandbox })),
    ],
    http: declared.http === undefined ? undefined : http,
    servers: new Map(servers),
    taken: scripts.filter(isTaken),
  };
}

/** A tool of a server as the model names it: no tool of ours has two underscores. */
export function nameOf(server: string, tool: string): string {
  return `${server}__${tool}`;
}
