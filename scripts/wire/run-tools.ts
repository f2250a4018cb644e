import type { JsonValue } from '../../components/kernel/canonical.ts';
import type { Context } from '../../components/kernel/context.ts';
import type { DeclaredServer, DeclaredTools } from '../../components/proposals/extension.gen.ts';
import { parseAllowList } from '../../components/sandbox/broker/allow-list.ts';
import type { Sandbox } from '../../components/sandbox/types.ts';
import { planCommand } from '../../components/session/entrypoint.ts';
import { withoutInvisible } from '../../components/session/hidden/invisible.ts';
import { compileSchema } from '../../components/session/json-schema.ts';
import type { AgentManifest, SessionTarget } from '../../components/session/types.ts';
import { asking, type Missing, nameOf, sandboxed } from '../../components/tools/declared/known.ts';
import { createFunctionTool } from '../../components/tools/functions/function-tool.ts';
import type { Checks } from '../../components/tools/mcp/offered-tools.ts';
import type { OpenServer } from '../../components/tools/mcp/open-server.ts';
import type { RemoteWay } from '../../components/tools/mcp/types.ts';
import { tools as own } from '../../components/tools/registry.gen.ts';
import type { Egress, SourceLabel, Surroundings, Tool } from '../../components/tools/types.ts';
import { type EgressInputs, whyNoEgress } from './run-egress.ts';
import type { RunPlace } from './run-place.ts';
import { planServers, type ServerInputs } from './run-servers.ts';
import { version } from './version.ts';

/**
 * What tools do not find in a place, each with why, by what a manifest declares.
 * @param allowed - what the operator lets agents read from and call
 * @throws BROKER_SETTINGS
 */
export async function missingTools(
  { tools }: Pick<RunPlace, 'tools'>,
  sandbox: Pick<Sandbox, 'state'>,
  allowed: Partial<EgressInputs & ServerInputs> = {},
): Promise<(declared: DeclaredTools) => Missing> {
  const { 'allow-hosts': hosts = [], 'allow-mcp': servers = [] } = allowed;
  parseAllowList(hosts);
  planServers(servers, {});
  const { rung, reason = '' } = await sandbox.state();
  return (declared) => {
    const egress = whyNoEgress(hosts, declared);
    return {
      ...tools.missing,
      ...(egress === undefined ? {} : { egress }),
      servers: planServers(servers, declared).missing,
      ...(rung === 'none' ? { sandbox: `scripts run in a sandbox or not at all: ${reason}` } : {}),
    };
  };
}

export interface OpenTools {
  readonly tools: readonly Tool[];
  readonly surroundings: Surroundings;
  /** Why some of those that the manifest names are not offered after all. */
  readonly told: readonly string[];
  readonly close: () => Promise<void>;
}

interface Parts {
  readonly manifest: Pick<AgentManifest, 'tools'>;
  readonly declared: DeclaredTools;
  readonly sandbox: Sandbox;
  /** The way out, where there is one. */
  readonly egress?: Egress | undefined;
  /** The same for programs that want it. */
  readonly socket?: string | undefined;
  /** The way to a server that is called over HTTP. */
  readonly openServer?: (name: string) => Promise<RemoteWay>;
}

type Place = Pick<RunPlace, 'tools' | 'checkout' | 'target'>;

/** The tools of an agent: ours, scripts of the repository, and those of MCP servers, which are started for it. */
export async function openTools(
  context: Context,
  place: Place,
  { manifest, declared, ...parts }: Parts,
): Promise<OpenTools> {
  const named = (id: string) => manifest.tools.includes(id);
  const plan = (root: string, entrypoint: string) => planCommand(context, root, entrypoint);
  const { sandbox, socket, egress } = parts;
  const scripts = { sandbox, root: place.checkout, plan, socket, alsoReads: readByScripts(place.target) };
  const functions = Object.entries(declared.functions ?? {})
    .filter(([id]) => named(id))
    .map(([id, each]) => createFunctionTool(id, each, scripts));
  const servers = Object.entries(declared.mcp ?? {}).filter(([server, { tools }]) =>
    Object.keys(tools).some((tool) => named(nameOf(server, tool))),
  );
  const opened: OpenServer[] = [];
  const close = async () => {
    await Promise.all(opened.map((server) => server.close()));
  };
  try {
    for (const [name, server] of servers)
      opened.push(await openMcpServer(context, place, name, server, parts));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    tools: [...own, ...functions, ...opened.flatMap(({ tools }) => tools)],
    surroundings: { ...place.tools.surroundings, ...(egress === undefined ? {} : { egress }) },
    told: opened.flatMap(({ refusals }) => refusals.map((why) => `not offered: ${why}`)),
    close,
  };
}

/** Opens a server of a manifest, a program of the repository or one that is called over HTTP. */
export async function openMcpServer(
  context: Context,
  place: Pick<Place, 'checkout' | 'target'>,
  name: string,
  server: DeclaredServer,
  parts: Pick<Parts, 'sandbox' | 'socket' | 'openServer'>,
): Promise<OpenServer> {
  if (server.url === undefined) return startServer(context, place, name, server, parts);
  if (parts.openServer === undefined) throw new TypeError('it is not offered without a way to it');
  const { openRemoteServer } = await import('../../components/tools/mcp/open-remote-server.ts');
  const way = await parts.openServer(name);
  return openRemoteServer(context, name, server, {
    ...{ way, version },
    checks: {
      ...{ ...usualChecks, alsoReads: way.trusted ? [] : ['http'], permission: asking },
      holdsSecret: (text) => context.redact(text) !== text,
    },
  });
}

const usualChecks: Pick<Checks, 'invisible' | 'schema'> = {
  invisible: (text) => withoutInvisible(text).removed,
  schema: async (schema: JsonValue) => {
    const compiled = await compileSchema(schema);
    return compiled.ok ? undefined : compiled.reason;
  },
};

/** Starts a program; its files are those that scripts see. */
async function startServer(
  context: Context,
  place: Pick<Place, 'checkout' | 'target'>,
  name: string,
  server: DeclaredServer,
  { sandbox, socket: given }: Pick<Parts, 'sandbox' | 'socket'>,
): Promise<OpenServer> {
  const { entrypoint = '', arguments: args = [], egress } = server;
  const socket = egress === true ? given : undefined;
  const root = await place.checkout();
  const command = await planCommand(context, root, entrypoint);
  const { openServer } = await import('../../components/tools/mcp/open-server.ts');
  const alsoReads = [...readByScripts(place.target), ...(socket === undefined ? [] : (['http'] as const))];
  return openServer(context, name, server, {
    ...{ sandbox, root, socket, version },
    command: [...command, ...args],
    // What it is told stays in the sandbox.
    checks: { ...usualChecks, alsoReads, permission: sandboxed, holdsSecret: () => false },
  });
}

/** As a task's script: in a merge request it may read what its author wrote. */
export function readByScripts({ mergeRequest }: SessionTarget): readonly SourceLabel[] {
  return mergeRequest === undefined ? ['repository'] : ['merge-request-diff', 'repository'];
}
