import { type DataPath, renderPath } from '../kernel/place.ts';
import { quote } from '../kernel/schema-terms.ts';
import type { AnswerSchemaLike } from '../tools/declared/answer-schema.ts';
import { isEntrypoint } from './entrypoint.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ManifestIssue } from './issue.ts';
import { compileSchema } from './json-schema.ts';
import { extensionPath } from './manifest-data.ts';

interface Script {
  readonly entrypoint: string;
  readonly parameters?: object;
}

interface Declared {
  readonly functions?: Readonly<Record<string, Script>>;
  readonly mcp?: Readonly<Record<string, Script>>;
}

/** What is wrong with the scripts that a manifest's tools are made of, as far as the manifest alone tells. */
export async function checkDeclared(data: unknown, declared: Declared): Promise<readonly ManifestIssue[]> {
  const tools = [...(extensionPath(data, 'pipewright') ?? []), 'tools'];
  const of = (kind: keyof Declared) =>
    Object.entries(declared[kind] ?? {}).map(([name, script]) => ({ path: [...tools, kind, name], script }));
  const checked = [...of('functions'), ...of('mcp')].map(({ path, script }) => checkScript(path, script));
  return (await Promise.all(checked)).flat();
}

/** The same of the program that is an agent. */
export function checkLoop(
  data: unknown,
  loop: { readonly entrypoint: string } | undefined,
): readonly ManifestIssue[] {
  if (loop === undefined) return [];
  return checkEntrypoint([...(extensionPath(data, 'pipewright') ?? []), 'loop'], loop.entrypoint);
}

/** The same of what an agent is to answer; a task answers by `spec.output`. */
export async function checkAnswer(
  data: unknown,
  kind: 'Agent' | 'Task',
  answer: { readonly schema: AnswerSchemaLike } | undefined,
): Promise<readonly ManifestIssue[]> {
  if (answer === undefined) return [];
  const path = [...(extensionPath(data, 'pipewright') ?? []), 'answer'];
  if (kind === 'Task')
    return [
      {
        code: codes.IGNORED,
        path,
        message: `${renderPath(path)} is left out: a task answers by spec.output`,
      },
    ];
  const at = [...path, 'schema'];
  // It loads RE2, which an agent without an answer does not wait for.
  const { findSchemaMistakes } = await import('../tools/declared/answer-schema.ts');
  const mistakes = findSchemaMistakes(answer.schema);
  if (mistakes.length > 0)
    return mistakes.map((each) => ({ ...each, code: codes.SCHEMA, path: [...at, ...each.path] }));
  return checkCompiles(at, answer.schema);
}

async function checkCompiles(path: DataPath, schema: object): Promise<ManifestIssue[]> {
  const compiled = await compileSchema(schema);
  if (compiled.ok) return [];
  const message = `${renderPath(path)} cannot be used as a JSON Schema: ${compiled.reason}`;
  return [{ code: codes.SCHEMA, path, message }];
}

function checkEntrypoint(path: DataPath, entrypoint: string): ManifestIssue[] {
  if (isEntrypoint(entrypoint)) return [];
  const at = [...path, 'entrypoint'];
  return [
    {
      ...{ code: codes.FIELD, path: at, message: `${renderPath(at)} is ${quote(entrypoint)}` },
      expected: 'the path of a script in the repository, relative to its top, without `..`',
    },
  ];
}

async function checkScript(path: DataPath, { entrypoint, parameters }: Script): Promise<ManifestIssue[]> {
  const issues = checkEntrypoint(path, entrypoint);
  if (parameters !== undefined) issues.push(...(await checkCompiles([...path, 'parameters'], parameters)));
  return issues;
}
