import { digest, type JsonValue } from '../../kernel/canonical.ts';
import type { McpClient } from './client.ts';
import { errors } from './errors.ts';
import { field } from './field.ts';
import type { ListedTool } from './types.ts';

const [mostPages, mostTools] = [20, 500];

/** Milliseconds for one page, and for the first greeting. */
const timeout = 15_000;

/** Versions of the protocol whose tools are the same to us, the newest first, and the one that is asked for. */
const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];
const asked = '2025-06-18';

/** Greets a server. @throws MCP_BROKEN, MCP_LATE */
export async function greet(client: McpClient, server: string, version: string): Promise<void> {
  const answer = await client.request(
    'initialize',
    { protocolVersion: asked, capabilities: {}, clientInfo: { name: 'pipewright', version } },
    timeout,
  );
  const spoken = answer.ok ? field(answer.result, 'protocolVersion') : undefined;
  if (!versions.includes(String(spoken)))
    throw errors.BROKEN({ server, reason: `it speaks none of the versions ${versions.join(', ')}` });
  client.notify('notifications/initialized');
}

/** All tools of a server, page by page. What it lists twice, or in another form, is its mistake. @throws MCP_BROKEN, MCP_LATE */
export async function listTools(client: McpClient, server: string): Promise<readonly ListedTool[]> {
  const found: ListedTool[] = [];
  let cursor: JsonValue | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.request('tools/list', cursor === undefined ? {} : { cursor }, timeout);
    const tools = answer.ok ? field(answer.result, 'tools') : undefined;
    if (!answer.ok || !Array.isArray(tools))
      throw errors.BROKEN({ server, reason: 'it lists no tools where it is asked to' });
    found.push(...tools.flatMap(readTool));
    if (found.length > mostTools)
      throw errors.BROKEN({ server, reason: `it has more than ${mostTools} tools` });
    cursor = field(answer.result, 'nextCursor');
    if (cursor === undefined || cursor === null || cursor === '') return unique(server, found);
  }
  throw errors.BROKEN({ server, reason: `its list of tools has more than ${mostPages} pages` });
}

function unique(server: string, tools: readonly ListedTool[]): readonly ListedTool[] {
  if (new Set(tools.map(({ name }) => name)).size < tools.length)
    throw errors.BROKEN({ server, reason: 'it lists two tools of one name' });
  return tools;
}

function readTool(value: JsonValue): readonly ListedTool[] {
  const [name, description, inputSchema] = ['name', 'description', 'inputSchema'].map((key) =>
    field(value, key),
  );
  if (typeof name !== 'string' || typeof inputSchema !== 'object' || inputSchema === null) return [];
  if (Array.isArray(inputSchema)) return [];
  const schema = inputSchema as ListedTool['inputSchema'];
  return [{ name, description: typeof description === 'string' ? description : '', inputSchema: schema }];
}

/** Of all that a model is told of a tool. What a server says of itself besides (titles, annotations) is never told. */
export function digestTool({ name, description, inputSchema }: ListedTool): string {
  return digest({ name, description, inputSchema });
}
