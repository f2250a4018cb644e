import { renderPath } from '../../components/kernel/place.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { isData } from '../../components/manifest/read-data.ts';
import type { Rule } from '../../components/manifest/rule.ts';
import { kinds } from '../../components/manifest/types.ts';

/** What a rule says about a document, as `path: message`. */
export function apply(rule: Rule, yaml: string): string[] {
  const parsed = parseYaml(yaml, 'manifest');
  const [data] = parsed.ok ? parsed.documents : [];
  const kind = kinds.find((known) => isData(data) && known === data.kind);
  if (!isData(data) || kind === undefined) throw new Error('the test document is no manifest');
  return rule.check({ index: 0, data, kind }).map(({ path, message }) => `${renderPath(path)}: ${message}`);
}

/** Values of wrong types at the places a rule looks at: it must neither throw nor report. */
export const wrongTypes = ['null', '7', 'text', '[]', '{}', '[1, null, [], "x"]', '{a: null}', 'true'];
