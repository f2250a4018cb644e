import { Failure } from '../../components/kernel/failure.ts';
import { errors } from '../../components/sandbox/broker/errors.ts';
import { tokenVariable } from '../../components/sandbox/broker/key-names.ts';
import type { Broker, McpEndpoint } from '../../components/sandbox/broker/types.ts';
import type { McpCall, RemoteWay } from '../../components/tools/mcp/types.ts';

/** Codes of connections that were never made, or that nothing was sent through. */
const unmade =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_.*|DEPTH_.*|UNABLE_TO_.*|SELF_SIGNED.*|ERR_TLS.*|ERR_SSL.*|HOSTNAME_.*)$/;

/** What the broker does not send, or a server sends elsewhere: nothing was done. */
const undone = ['DENIED', 'LIMIT', 'REDIRECT', 'TOO_LARGE'] as const;

/** The way to one MCP server through a broker, which alone has its address and its key. */
export function createRemoteWay(
  { call, keyedServers }: Pick<Broker, 'call' | 'keyedServers'>,
  { name: server, trusted }: Pick<McpEndpoint, 'name' | 'trusted'>,
  cancel: AbortSignal,
): RemoteWay {
  const variable = tokenVariable(server);
  return {
    trusted,
    unauthorized: keyedServers.includes(server)
      ? `it does not take the key in ${variable}`
      : `it wants a key, which ${variable} of the job's variables would hold`,
    call: ({ signal, ...init }) =>
      call(server, { ...init, signal: AbortSignal.any([signal, cancel]) }).catch(refusedOf),
  };
}

/** Who has asked decides by it whether that may be asked again. @throws what is none of the server's, such as BROKER_GONE */
function refusedOf(error: unknown): Exclude<Awaited<ReturnType<McpCall>>, Response> {
  if (!(error instanceof Failure)) throw error;
  if (undone.some((name) => error.code === errors[name].code))
    return { refused: error.message, isSent: false };
  if (error.code !== errors.UNREACHABLE.code) throw error;
  const { code = '' } = error.cause as { readonly code?: string };
  return { refused: error.message, isSent: !unmade.test(code) };
}
