import { renderPath } from '../../../components/kernel/place.ts';
import { parseYaml } from '../../../components/kernel/yaml.ts';
import { checkComponents } from '../../../components/manifest/ossa-components/check.ts';
import { type Data, type Kind, kinds } from '../../../components/manifest/types.ts';

function parse(yaml: string): Data {
  const parsed = parseYaml(yaml, 'manifest');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.documents[0] as Data;
}

export function manifest(yaml: string, apiVersion = 'ossa/v0.3.5', kind: Kind = 'Agent'): Data {
  return { apiVersion, kind, metadata: { name: 'a', version: '1.0.0' }, ...parse(yaml) };
}

/** Every issue as `severity CODE path: message`. */
export async function check(data: Data): Promise<string[]> {
  const kind = kinds.find((known) => known === data.kind);
  if (kind === undefined) throw new Error('the test document is no manifest');
  const issues = await checkComponents({ index: 0, data, kind });
  return issues.map(
    ({ code, path, message }) => `${code.severity} ${code.code} ${renderPath(path)}: ${message}`,
  );
}
