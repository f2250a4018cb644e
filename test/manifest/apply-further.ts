import { renderPath } from '../../components/kernel/place.ts';
import { parseYaml } from '../../components/kernel/yaml.ts';
import { isData } from '../../components/manifest/read-data.ts';
import type { Neighbours, Rule, RuleIssue } from '../../components/manifest/rule.ts';
import { kinds } from '../../components/manifest/types.ts';

/** What both parts of a rule say about a document, its second part after the first. */
export async function issuesOf(
  rule: Rule,
  yaml: string,
  kindsIn: Neighbours['kindsIn'] = async () => undefined,
): Promise<readonly RuleIssue[]> {
  const parsed = parseYaml(yaml, 'manifest');
  const [data] = parsed.ok ? parsed.documents : [];
  const kind = kinds.find((known) => isData(data) && known === data.kind);
  if (!isData(data) || kind === undefined) throw new Error('the test document is no manifest');
  const document = { index: 0, data, kind };
  return [...rule.check(document), ...((await rule.checkFurther?.(document, { kindsIn })) ?? [])];
}

/** The same as `path: message`. */
export async function applyAll(
  rule: Rule,
  yaml: string,
  kindsIn?: Neighbours['kindsIn'],
): Promise<readonly string[]> {
  const issues = await issuesOf(rule, yaml, kindsIn);
  return issues.map(({ path, message }) => `${renderPath(path)}: ${message}`);
}
