import type { DataPath } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';
import { nearest } from '../kernel/suggest.ts';
import type { KnownTool, KnownTools } from '../tools/declared/known.ts';
import { leftOut } from '../tools/declared/ossa-types.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ManifestIssue } from './issue.ts';
import type { FieldReader } from './manifest-data.ts';

/** One entry of `spec.tools`; OSSA 0.2 says `server`, and later versions the name. */
interface Entry {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly server?: unknown;
}

/** Ids of the tools that a manifest names and that are offered here, each once; what it goes without is told. */
export function readTools(reader: FieldReader, known: KnownTools): readonly string[] {
  reader.issues.push(...known.taken.map(takenName));
  const named = reader.list(['spec', 'tools']).flatMap((tool, index) => {
    const path = ['spec', 'tools', index];
    const found = find((tool ?? {}) as Entry, path, known);
    if ('code' in found) {
      reader.issues.push(found);
      return [];
    }
    const missing = found.tools.flatMap(({ id, missing: why }) => (why === undefined ? [] : [{ id, why }]));
    reader.issues.push(...missing.map(({ id, why }) => unavailable(path, id, why)));
    return found.tools.filter((each) => each.missing === undefined).map(({ id }) => id);
  });
  return [...new Set(named)];
}

function find(
  { type, name, server }: Entry,
  path: DataPath,
  { functions, http, servers }: KnownTools,
): { readonly tools: readonly KnownTool[] } | ManifestIssue {
  switch (type) {
    case 'function': {
      const id = typeof name === 'string' ? name.replaceAll('_', '-') : '';
      const tool = functions.find((each) => each.id === id);
      if (tool !== undefined) return { tools: [tool] };
      return unknown([...path, ...(name === undefined ? [] : ['name'])], 'tool', name, functions.map(idOf));
    }
    case 'http':
    case 'api':
      if (http !== undefined) return { tools: [http] };
      return ignored(path, 'it names no addresses in `extensions.pipewright.tools.http`');
    case 'mcp': {
      const [field, of] = server === undefined ? ['name', name] : ['server', server];
      const tools = typeof of === 'string' ? servers.get(of) : undefined;
      if (tools !== undefined) return { tools };
      if (servers.size === 0)
        return ignored(path, 'it declares no server in `extensions.pipewright.tools.mcp`');
      return unknown([...path, ...(of === undefined ? [] : [field])], 'MCP server', of, [...servers.keys()]);
    }
    default:
      return ignored(
        path,
        (typeof type === 'string' ? leftOut[type] : undefined) ?? 'it is no type that we know',
        type,
      );
  }
}

function idOf({ id }: KnownTool): string {
  return id;
}

function ignored(path: DataPath, why: string, type?: unknown): ManifestIssue {
  const what = type === undefined ? 'the tool is' : `tools of type ${shown(type)} are`;
  return { code: codes.IGNORED, path: [...path, 'type'], message: `${what} not given to the agent: ${why}` };
}

function unavailable(path: DataPath, id: string, why: string): ManifestIssue {
  return {
    code: codes.TOOL_UNAVAILABLE,
    path,
    message: `${id} is not offered here, so the agent goes without it, since ${why}`,
  };
}

function unknown(path: DataPath, what: string, name: unknown, known: readonly string[]): ManifestIssue {
  const near = typeof name === 'string' ? nearest(name.replaceAll('_', '-'), known) : undefined;
  return {
    code: codes.TOOL_UNKNOWN,
    path,
    message: `there is no ${what} ${shown(name)}, so the agent goes without it`,
    expected: `one of: ${known.join(', ')}`,
    ...(near === undefined ? {} : { suggestion: near }),
  };
}

function takenName(name: string): ManifestIssue {
  return {
    code: codes.FIELD,
    path: ['extensions', 'pipewright', 'tools', 'functions', name],
    message: `the name ${shown(name)} is taken by a tool of ours`,
    expected: 'another name for the script',
  };
}
