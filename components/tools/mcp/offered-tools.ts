import type { JsonValue } from '../../kernel/canonical.ts';
import { nameOf } from '../declared/known.ts';
import { refused, usualLimit } from '../text.ts';
import type { SourceLabel, Tool } from '../types.ts';
import { type CallParts, callServer, callTimeout } from './call-server.ts';
import { digestTool, listTools } from './list-tools.ts';
import type { DeclaredServer, ListedTool, Pin } from './types.ts';

export interface Checks {
  /** What a server may have read besides. */
  readonly alsoReads: readonly SourceLabel[];
  /** OSSA's name for the permission that a call takes. */
  readonly permission: string;
  /** Whether a text holds a secret, which is told to no server. */
  readonly holdsSecret: (text: string) => boolean;
  /** How many characters of a text no reader sees. */
  readonly invisible: (text: string) => number;
  /** Why something is no JSON Schema that arguments can be held against. */
  readonly schema: (schema: JsonValue) => Promise<string | undefined>;
}

export interface Offered {
  readonly tools: readonly Tool[];
  /** Why each of the others is not offered. */
  readonly refusals: readonly string[];
}

export interface OfferParts extends Pick<CallParts, 'client'> {
  readonly server: string;
  readonly declared: Pick<DeclaredServer, 'tools'>;
  readonly checks: Checks;
  readonly renew?: () => Promise<void>;
}

/**
 * The tools of a server that its manifest pins and that still are as they were pinned: a description is an instruction, and
 * a server that changes it after it was read by a person has given another one.
 */
export async function offeredTools(
  { client, server, declared, checks, renew }: OfferParts,
  listed: readonly ListedTool[],
): Promise<Offered> {
  const tools: Tool[] = [];
  const refusals: string[] = [];
  /** A server that says that its list has changed is asked again; one whose offered tools have is used no more. */
  const isAsPinned = async (must: boolean) => {
    if (!client.hasChanged() && !must) return true;
    const now = new Map((await listTools(client, server)).map((tool) => [tool.name, digestTool(tool)]));
    const offered = new Set(tools.map(({ id }) => id));
    const changed = Object.entries(declared.tools).find(
      ([name, { digest }]) => offered.has(nameOf(server, name)) && now.get(name) !== digest,
    );
    if (changed === undefined) return true;
    client.end(`it has changed what it says of ${changed[0]} while it ran`);
    return false;
  };
  for (const [name, pin] of Object.entries(declared.tools)) {
    const found = listed.find((tool) => tool.name === name);
    const why = found === undefined ? 'the server has no such tool' : await whyNot(found, pin, checks);
    if (found === undefined || why !== undefined) refusals.push(`${nameOf(server, name)}: ${why}`);
    else tools.push(createTool(server, found, checks, { client, name, pin, isAsPinned, renew }));
  }
  return { tools, refusals };
}

async function whyNot(tool: ListedTool, pin: Pin, checks: Checks): Promise<string | undefined> {
  const now = digestTool(tool);
  if (now !== pin.digest)
    return `it is described otherwise than it was pinned (${pin.digest} then, ${now} now); read it with \`pipewright tools\` before you pin it again`;
  const hidden = checks.invisible(textsIn({ ...tool }).join(''));
  if (hidden > 0) return `its description holds ${hidden} characters that no reader sees`;
  if (tool.inputSchema.type !== 'object') return 'its schema is of no object';
  const wrong = await checks.schema(parametersOf(tool));
  return wrong === undefined ? undefined : `its schema cannot be used: ${wrong}`;
}

/** Every text in a value, names of fields too: as JSON, a control character would be written out, and be seen. */
function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

/** Schemas are held to draft-07, whichever draft they name. */
function parametersOf({ inputSchema: { $schema: _, ...schema } }: ListedTool): JsonValue {
  return schema;
}

function createTool(
  server: string,
  listed: ListedTool,
  { alsoReads, permission, holdsSecret }: Checks,
  parts: CallParts,
): Tool {
  const { name, description } = listed;
  return {
    id: nameOf(server, name),
    description: description === '' ? '(its server does not say what it does)' : description,
    describedBy: 'mcp',
    parameters: parametersOf(listed),
    source: 'mcp',
    alsoReads,
    timeout: callTimeout + 5_000,
    outputLimit: usualLimit,
    readOn: 'ask for less by its arguments',
    // One that reaches the outside is asked of policies as what does.
    kind: alsoReads.includes('http') ? 'http' : 'mcp',
    permission,
    risk: 'medium',
    replay: parts.pin.replay ?? 'none',
    run: async (input) =>
      holdsSecret(textsIn(input).join('\n'))
        ? refused('Not called: the arguments hold something that reads like a secret.')
        : callServer(parts, input),
  };
}
