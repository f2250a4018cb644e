import type { Context } from '../../kernel/context.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Sandbox, SandboxLimits } from '../../sandbox/types.ts';
import { createClient, type McpClient } from './client.ts';
import { greet, listTools } from './list-tools.ts';
import { createMessageLines } from './message-lines.ts';
import { type Checks, type Offered, offeredTools } from './offered-tools.ts';
import type { DeclaredServer, ListedTool } from './types.ts';

const limits: SandboxLimits = {
  // Jobs end before it: until then it lives as long as its session.
  timeout: 24 * 60 * 60 * 1_000,
  output: 64 * 1024 * 1024,
  scratch: 64 * 1024 * 1024,
  processes: 64,
  memory: 512 * 1024 * 1024,
};

export interface ServerParts {
  readonly sandbox: Pick<Sandbox, 'open'>;
  /** Folder with the files that it sees. */
  readonly root: string;
  /** Its way out, where it has one. */
  readonly socket?: string | undefined;
  /** What its program is started with. */
  readonly command: readonly [string, ...string[]];
  /** Of ours, which a server is told. */
  readonly version: string;
  readonly checks: Checks;
}

export interface OpenServer extends Offered {
  /** All that it has. */
  readonly listed: readonly ListedTool[];
  readonly close: () => Promise<void>;
}

/**
 * Starts an MCP server in the sandbox, for as long as its session: it speaks on its standard output, and what it writes on
 * its standard error is nobody's. One that cannot be used has no tools, and the reason is told.
 * @throws what the sandbox throws where it cannot start one
 */
export async function openServer(
  context: Context,
  server: string,
  declared: DeclaredServer,
  { sandbox, root, socket, command, version, checks }: ServerParts,
): Promise<OpenServer> {
  const client = createClient(context, server, {
    send: (message) => running.write(`${JSON.stringify(message)}\n`),
  });
  const take = createMessageLines(client.receive, client.end);
  const running = await sandbox.open(
    { root, command, env: {}, limits, ...(socket === undefined ? {} : { socket }) },
    take,
  );
  running.ended.then(
    ({ exitCode, exceeded }) =>
      client.end(
        exceeded === undefined ? `it has ended with exit code ${exitCode}` : `it exceeded its ${exceeded}`,
      ),
    (error: Error) => client.end(error.message),
  );
  return offerOf(context, { client, server, declared, version, checks, close: running.close });
}

interface Opening {
  readonly client: McpClient;
  readonly server: string;
  readonly declared: DeclaredServer;
  readonly version: string;
  readonly checks: Checks;
  readonly renew?: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Greets a server, however it is spoken to, and offers what is as it was pinned; one that cannot be used is closed. */
export async function offerOf(context: Context, opening: Opening): Promise<OpenServer> {
  const { client, server, version, close } = opening;
  try {
    await greet(client, server, version);
    const listed = await listTools(client, server);
    return { ...(await offeredTools(opening, listed)), listed, close };
  } catch (error) {
    await close();
    if (!(error instanceof Failure) || context.cancel.aborted) throw error;
    return { tools: [], refusals: [error.message], listed: [], close: async () => undefined };
  }
}
