import type { Evaluator } from '../expressions/types.ts';
import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';
import { nearest } from '../kernel/suggest.ts';
import type { Retention } from '../stores/types.ts';
import type { KnownTool, KnownTools } from '../tools/declared/known.ts';
import { readLimits } from './budget/read-limits.ts';
import { namesOfCalls } from './call-names.ts';
import { expressionIssues } from './expression-issues.ts';
import { readFilters } from './filters/read-filters.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ReadManifest } from './issue.ts';
import { createFieldReader, extensionPath, type FieldReader } from './manifest-data.ts';
import { readModel } from './read-model.ts';
import { readMostSeconds, readOversight } from './read-oversight.ts';
import { readState } from './read-state.ts';
import { readSubagents, withApproval } from './read-subagents.ts';
import { readTools } from './read-tools.ts';
import { type AgentManifest, type DeclaredSignal, type Signal, type Subagent, signals } from './types.ts';

const defaultMaxIterations = 10;
const defaultMaxOutputTokens = 4_096;

/**
 * Reads what a session uses of an Agent's document; every mistake is told. OSSA 0.3.5 gives `max_iterations` 10 and
 * `default_signal` complete where the manifest says nothing.
 *
 * @param conditions - evaluator of the environment `signal`
 * @param known - tools it may name
 */
export function readAgent(
  data: unknown,
  conditions: Evaluator,
  known: KnownTools,
): ReadManifest<AgentManifest> {
  const reader = createFieldReader(data);
  const completion = ['spec', 'completion'];
  const moe = extensionPath(data, 'moe');
  const model = reader.requiredText(['spec', 'llm', 'model']);
  const tools = readTools(reader, known);
  const maxOutputTokens = reader.count(['spec', 'llm', 'maxTokens'], defaultMaxOutputTokens);
  const subagents = readSubagents(data, reader, { model, maxOutputTokens, tools, known });
  const manifest: AgentManifest = {
    kind: 'Agent',
    name: reader.requiredText(['metadata', 'name']),
    role: readRole(data, reader),
    provider: reader.requiredText(['spec', 'llm', 'provider']),
    model,
    temperature: reader.number(['spec', 'llm', 'temperature']),
    maxOutputTokens,
    rules: readModel(data, reader),
    limits: readLimits(data, reader),
    ...{ tools, subagents },
    signals: readSignals(reader, conditions),
    defaultSignal:
      asSignal(reader, [...completion, 'default_signal'], reader.text([...completion, 'default_signal'])) ??
      'complete',
    maxIterations: reader.count([...completion, 'max_iterations'], defaultMaxIterations),
    state: readState(data, reader),
    oversight: withApproval(
      data,
      readOversight(data, reader, namesOfCalls(allTools(known), namesOf(subagents))),
    ),
    timeoutSeconds: least(
      reader.optionalCount([...completion, 'timeout_seconds']),
      readMostSeconds(data, reader),
    ),
    backend: readBackend(data, reader),
    target: moe === undefined ? undefined : targetOf(valueAt(data, [...moe, 'primary', 'target'])),
    retention: readRetention(reader),
    filters: readFilters(data, reader),
  };
  const { issues } = reader;
  return issues.some(({ code }) => code.severity === 'error')
    ? { ok: false, issues }
    : { ok: true, manifest, issues };
}

function namesOf(subagents: readonly Subagent[]): readonly string[] {
  return subagents.map(({ name }) => name);
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return Math.min(one, other);
}

/** A checkpoint of ours is what one job leaves: its segment of the log. */
function readRetention(reader: FieldReader): Retention | undefined {
  const retention = ['spec', 'checkpointing', 'retention'];
  const days = reader.optionalCount([...retention, 'days']);
  const segments = reader.optionalCount([...retention, 'max_checkpoints']);
  return days === undefined && segments === undefined ? undefined : { days, segments };
}

/** `spec.role`, and what `spec.prompts` calls the system's, as text or as a template; one of them must be there. */
function readRole(data: unknown, reader: FieldReader): string {
  const system = ['spec', 'prompts', 'system'];
  const places: DataPath[] = [['spec', 'role'], system, [...system, 'template']];
  const texts = places
    .map((path) => valueAt(data, path))
    .filter((text) => typeof text === 'string' && text !== '');
  return texts.length === 0 ? reader.requiredText(['spec', 'role']) : texts.join('\n\n');
}

function readBackend(data: unknown, reader: FieldReader): string | undefined {
  const checkpointing = ['spec', 'checkpointing'];
  if (valueAt(data, [...checkpointing, 'enabled']) === false) return undefined;
  return reader.text([...checkpointing, 'storage', 'backend']);
}

/** A target may be text, such as `"95%"`, which no expression could compare. */
function targetOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function readSignals(reader: FieldReader, conditions: Evaluator): readonly DeclaredSignal[] {
  const listed = reader.list(['spec', 'completion', 'signals']).flatMap((value, index) => {
    const path = ['spec', 'completion', 'signals', index];
    const declared = (value ?? {}) as { signal?: unknown; condition?: unknown; priority?: unknown };
    const signal = asSignal(reader, [...path, 'signal'], declared.signal ?? '');
    const compiled =
      typeof declared.condition === 'string' ? conditions.compile(declared.condition) : undefined;
    if (compiled?.ok === false)
      reader.issues.push(
        ...expressionIssues([...path, 'condition'], String(declared.condition), compiled.issues),
      );
    if (signal === undefined || compiled?.ok === false) return [];
    const priority = typeof declared.priority === 'number' ? declared.priority : 0;
    return [{ signal, condition: compiled?.expression, priority }];
  });
  // A sort keeps the order of equals: the document's.
  return listed
    .toSorted((a, b) => b.priority - a.priority)
    .map(({ signal, condition }) => ({ signal, condition }));
}

function asSignal(reader: FieldReader, path: DataPath, value: unknown): Signal | undefined {
  if (value === undefined) return undefined;
  const signal = signals.find((each) => each === value);
  if (signal !== undefined) return signal;
  const near = typeof value === 'string' ? nearest(value, signals) : undefined;
  reader.issues.push({
    code: codes.FIELD,
    path,
    message: `${renderPath(path)} is ${shown(value)}`,
    expected: `one of: ${signals.join(', ')}`,
    ...(near === undefined ? {} : { suggestion: near }),
  });
  return undefined;
}

function allTools({ functions, http, servers }: KnownTools): readonly KnownTool[] {
  return [...functions, ...(http === undefined ? [] : [http]), ...[...servers.values()].flat()];
}
