import { createEvaluator } from '../expressions/compile.ts';
import { environments } from '../expressions/registry.ts';
import type { Evaluator } from '../expressions/types.ts';
import { compareFindings, type Finding } from '../kernel/finding.ts';
import { renderPath } from '../kernel/place.ts';
import { parseYaml } from '../kernel/yaml.ts';
import { locateManifest } from '../kernel/yaml-locate.ts';
import type { KnownTools } from '../tools/declared/known.ts';
import { errors } from './errors.ts';
import type { ManifestIssue } from './issue.ts';
import { readAgent } from './read-agent.ts';
import { readTask } from './read-task.ts';
import type { AgentManifest, TaskManifest } from './types.ts';

export interface Runnable {
  /** Undefined where a finding is an error. */
  readonly manifest: AgentManifest | TaskManifest | undefined;
  /** Of the environment that the manifest's expressions are in. */
  readonly conditions: Evaluator;
  /** The whole document. */
  readonly data: unknown;
  readonly issues: readonly ManifestIssue[];
}

/**
 * Reads what is to be run out of a text that is valid OSSA.
 * @param toolsOf - tools that a document may name
 * @throws SESSION_NOT_ONE_DOCUMENT, SESSION_KIND_UNSUPPORTED
 */
export async function readManifest(
  file: string,
  text: string,
  toolsOf: (document: unknown) => KnownTools,
): Promise<Runnable> {
  const parsed = parseYaml(text, 'manifest');
  const documents = parsed.ok ? parsed.documents : [];
  if (documents.length !== 1) throw errors.NOT_ONE_DOCUMENT({ file, documents: documents.length });
  const [data] = documents;
  const kind = String((data as { kind?: unknown }).kind);
  if (kind !== 'Agent' && kind !== 'Task') throw errors.KIND_UNSUPPORTED({ file, kind });
  const conditions = createEvaluator(environments[kind === 'Agent' ? 'signal' : 'condition']);
  const read =
    kind === 'Agent' ? readAgent(data, conditions, toolsOf(data)) : await readTask(data, conditions);
  return { manifest: read.ok ? read.manifest : undefined, conditions, data, issues: read.issues };
}

/** Issues with the lines they are about; the parser that knows those is loaded where there is something to say. */
export async function findingsOf(
  file: string,
  text: string,
  issues: readonly ManifestIssue[],
): Promise<readonly Finding[]> {
  if (issues.length === 0) return [];
  const locator = locateManifest(text);
  return issues
    .map(({ code: { code, severity }, path, ...words }): Finding => {
      return { code, severity, file, ...locator(0, path, 'value'), path: renderPath(path), ...words };
    })
    .sort(compareFindings);
}
