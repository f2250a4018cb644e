import { valueAt } from '../../../kernel/place.ts';
import { isData } from '../../read-data.ts';
import type { Data } from '../../types.ts';
import { defineFixer } from '../fixer.ts';
import { isAt } from '../place.ts';

export const fixer = defineFixer({
  id: 'tool-without-type',
  about:
    'A tool without a type gets the one that its other fields say: the type or the scheme of its source, `mcp` for a server, ' +
    '`http` for an endpoint, `function` for a schema of parameters.',
  plan: (issue, document) => {
    const tool = valueAt(document, issue.path);
    const isMissing = issue.wants?.names?.includes('type') === true && isAt(issue.path, 'spec.tools[]');
    if (!isMissing || !isData(tool) || Object.hasOwn(tool, 'type')) return undefined;
    const type = typeOf(tool);
    if (type === undefined) return undefined;
    const after = Object.hasOwn(tool, 'name') ? { after: 'name' } : {};
    return {
      edits: [{ do: 'insert', path: issue.path, name: 'type', value: type, ...after }],
      says: `type: ${type}`,
    };
  },
});

const sources = ['mcp', 'http', 'api', 'grpc', 'function', 'a2a', 'webhook', 'library', 'kubernetes'];
const schemes: Readonly<Record<string, string>> = {
  mcp: 'mcp',
  http: 'http',
  https: 'http',
  grpc: 'grpc',
  a2a: 'a2a',
};

function typeOf(tool: Data): string | undefined {
  const said = valueAt(tool, ['source', 'type']);
  if (typeof said === 'string' && sources.includes(said)) return said;
  for (const path of [['source', 'uri'], ['source', 'url'], ['uri'], ['url'], ['endpoint']]) {
    const address = valueAt(tool, path);
    const scheme = typeof address === 'string' ? /^([a-z0-9]+):/.exec(address)?.[1] : undefined;
    if (scheme !== undefined && schemes[scheme] !== undefined) return schemes[scheme];
  }
  if (Object.hasOwn(tool, 'server') || Object.hasOwn(tool, 'mcp_server')) return 'mcp';
  if (typeof tool.endpoint === 'string') return 'http';
  // A name and a schema of what it takes: a function, as models call it.
  const schema = ['parameters', 'input_schema', 'inputSchema', 'input']
    .map((name) => tool[name])
    .find(isData);
  return schema === undefined ? undefined : 'function';
}
