import type { Context } from '../../kernel/context.ts';
import { createClient } from './client.ts';
import { errors } from './errors.ts';
import { createHttpTransport } from './http-transport.ts';
import { greet } from './list-tools.ts';
import type { Checks } from './offered-tools.ts';
import { type OpenServer, offerOf } from './open-server.ts';
import type { DeclaredServer, RemoteWay } from './types.ts';

/** How often a server may forget its session until it counts as broken. */
const mostRenewals = 5;

export interface RemoteParts {
  readonly way: RemoteWay;
  /** Of ours, which a server is told. */
  readonly version: string;
  readonly checks: Checks;
}

/**
 * Greets an MCP server that is spoken to over HTTP. One that cannot be used has no tools, and the reason is told.
 * @throws what the way out throws where it is gone
 */
export async function openRemoteServer(
  context: Context,
  server: string,
  declared: DeclaredServer,
  { way, version, checks }: RemoteParts,
): Promise<OpenServer> {
  const client = createClient(context, server, { send: (message) => transport.send(message) });
  const transport = createHttpTransport(context, server, way, client);
  let renewals = 0;
  const renew = async () => {
    renewals += 1;
    if (renewals <= mostRenewals) return greet(client, server, version);
    const reason = `it has forgotten its session more than ${mostRenewals} times`;
    throw errors.REFUSED({ server, method: 'tools/call', reason });
  };
  const close = async () => {
    client.end('its session has ended');
    await transport.close();
  };
  return offerOf(context, { client, server, declared, version, checks, renew, close });
}
