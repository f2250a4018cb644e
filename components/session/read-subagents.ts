import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { shown } from '../kernel/schema-terms.ts';
import { listed, nearest } from '../kernel/suggest.ts';
import type { KnownTools } from '../tools/declared/known.ts';
import { addedTokens } from './budget/amount.ts';
import { sessionFindings as codes } from './findings.ts';
import type { FieldReader } from './manifest-data.ts';
import { spelled } from './read-oversight.ts';
import type { AgentManifest, Oversight, Subagent } from './types.ts';

const subagents = ['spec', 'subagents'];
const delegation = ['spec', 'delegation'];

/** What a name is in OSSA; it becomes part of what people and policies read. */
const namePattern = /^[a-z][a-z0-9_-]{0,63}$/;

/** What the agent has, of which its subagents are given a part. */
interface Parent {
  readonly model: string;
  /** Of one call. */
  readonly maxOutputTokens: number;
  readonly tools: readonly string[];
  readonly known: KnownTools;
}

/** Reads those that an agent may give tasks to, and tells what of delegation a session does not do. */
export function readSubagents(data: unknown, reader: FieldReader, parent: Parent): readonly Subagent[] {
  tellIgnored(data, reader);
  const list = reader.list(subagents);
  if (list.length > 0 && valueAt(data, [...delegation, 'enabled']) === false) {
    tell(reader, subagents, '`spec.delegation.enabled` is false');
    return [];
  }
  const read = list.map((_, index) => readSubagent(data, reader, [...subagents, index], parent));
  const seen = new Set<string>();
  for (const [index, { name }] of read.entries()) {
    // One word of a manifest's lists must not mean two of them.
    if (seen.has(spelled(name)))
      wrong(reader, [...subagents, index, 'name'], name, 'a name that no other subagent has');
    seen.add(spelled(name));
  }
  return read;
}

/** Models of its provider that only subagents of an agent ask, each once. */
export function furtherModels({
  model,
  subagents,
}: Pick<AgentManifest, 'model' | 'subagents'>): readonly string[] {
  return [...new Set(subagents.map((one) => one.model))].filter((name) => name !== model);
}

/** `approval` among what a delegation requires is a person's, like that of any other call. */
export function withApproval(data: unknown, oversight: Oversight): Oversight {
  const requires = valueAt(data, [...delegation, 'requires']);
  if (!Array.isArray(requires) || !requires.includes('approval')) return oversight;
  const { from, names } = oversight.approval;
  return { ...oversight, approval: { from, names: [...new Set([...names, 'delegate'])] } };
}

function readSubagent(data: unknown, reader: FieldReader, path: DataPath, parent: Parent): Subagent {
  const at = (field: string) => [...path, field];
  const name = reader.requiredText(at('name'));
  if (name !== '' && !namePattern.test(name))
    wrong(reader, at('name'), name, 'lower case letters, digits, `-` and `_`, at most 64 of them');
  if (valueAt(data, at('contextIsolation')) === false)
    reader.issues.push({
      ...{ code: codes.UNSUPPORTED, path: at('contextIsolation') },
      message: `${renderPath(at('contextIsolation'))} is false: a subagent sees its task and nothing else of the session`,
      expected: 'true',
    });
  const reportTo = reader.text(at('reportTo'));
  if (reportTo !== undefined && reportTo !== valueAt(data, ['metadata', 'name']))
    tell(
      reader,
      at('reportTo'),
      'what a subagent finds goes to the agent that it is part of, and to nobody else',
    );
  return {
    name,
    kind: reader.text(at('kind')) ?? 'subagent',
    role: reader.requiredText(at('role')),
    model: reader.text(at('model')) ?? parent.model,
    tools: readTools(reader, at('tools'), parent),
    maxTokens: readMostTokens(reader, at('maxTokenBudget'), parent),
  };
}

/** A call reserves all the output that it may have, and its input besides: a budget that holds no call is a mistake. */
function readMostTokens(
  reader: FieldReader,
  path: DataPath,
  { maxOutputTokens }: Parent,
): number | undefined {
  const most = reader.optionalCount(path);
  const least = maxOutputTokens + addedTokens;
  if (most !== undefined && most <= least)
    wrong(
      reader,
      path,
      most,
      `more than ${least}, which one call takes at most besides what it is sent (spec.llm.maxTokens and what providers add)`,
    );
  return most;
}

/** Ids of the tools that it names and the agent has; a server of MCP stands for all of its tools. */
function readTools(reader: FieldReader, path: DataPath, { tools, known }: Parent): readonly string[] {
  const ids = reader.list(path).flatMap((value, index) => {
    const word = typeof value === 'string' ? value : '';
    const ofServer = known.servers.get(word)?.map(({ id }) => id) ?? [];
    const found = tools.filter((id) => spelled(id) === spelled(word) || ofServer.includes(id));
    if (found.length > 0) return found;
    const near = nearest(word.replaceAll('_', '-'), tools);
    reader.issues.push({
      ...{ code: codes.TOOL_UNKNOWN, path: [...path, index] },
      message: `${shown(value)} is no tool that the agent itself is given here, so its subagent goes without it`,
      ...(tools.length === 0 ? {} : { expected: `one of: ${listed(tools)}` }),
      ...(near === undefined ? {} : { suggestion: near }),
    });
    return [];
  });
  return [...new Set(ids)];
}

/** What every delegation has here: a task in words, and records of all of it. */
const fulfilled: readonly unknown[] = ['approval', 'audit_trail', 'task_specification'];

function tellIgnored(data: unknown, reader: FieldReader): void {
  const has = (path: DataPath) => valueAt(data, path) !== undefined;
  if (has(['spec', 'handoffs'])) tell(reader, ['spec', 'handoffs'], 'a session runs one manifest');
  for (const field of ['allowed_tiers', 'allowed_operations'])
    if (has([...delegation, field]))
      tell(
        reader,
        [...delegation, field],
        'a subagent has no tier of its own, and may do what policies let this agent do',
      );
  for (const [index, word] of reader.list([...delegation, 'requires']).entries())
    if (!fulfilled.includes(word))
      tell(
        reader,
        [...delegation, 'requires', index],
        'a subagent runs in the session of its agent, and shows nobody a token or a report',
      );
}

function tell(reader: FieldReader, path: DataPath, why: string): void {
  reader.issues.push({ code: codes.IGNORED, path, message: `${renderPath(path)} is left out: ${why}` });
}

function wrong(reader: FieldReader, path: DataPath, value: string | number, expected: string): void {
  reader.issues.push({
    code: codes.FIELD,
    path,
    message: `${renderPath(path)} is ${shown(value)}`,
    expected,
  });
}
