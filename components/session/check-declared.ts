import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
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

/** A program of the repository, or one that is elsewhere. */
interface Server extends Partial<Pick<Script, 'entrypoint'>> {
  readonly url?: string;
  readonly arguments?: readonly string[];
  readonly egress?: boolean;
}

interface Declared {
  readonly functions?: Readonly<Record<string, Script>>;
  readonly mcp?: Readonly<Record<string, Server>>;
}

/** What is wrong with what a manifest's tools are made of, as far as the manifest alone tells. */
export async function checkDeclared(data: unknown, declared: Declared): Promise<readonly ManifestIssue[]> {
  const tools = [...(extensionPath(data, 'pipewright') ?? []), 'tools'];
  const { functions = {}, mcp = {} } = declared;
  const checked = Object.entries(functions).map(([name, script]) =>
    checkScript([...tools, 'functions', name], script),
  );
  const servers = Object.entries(mcp).flatMap(([name, server]) =>
    checkServer([...tools, 'mcp', name], server),
  );
  return [...(await Promise.all(checked)).flat(), ...servers];
}

function checkServer(path: DataPath, server: Server): readonly ManifestIssue[] {
  const { entrypoint, url } = server;
  const place = renderPath(path);
  const expected = '`entrypoint` for a program of the repository, or `url` for a server elsewhere';
  const issue = (message: string): ManifestIssue => ({ code: codes.FIELD, path, message, expected });
  if (url === undefined)
    return entrypoint === undefined
      ? [issue(`${place} has neither an entrypoint nor a url`)]
      : checkEntrypoint(path, entrypoint);
  const others = (['entrypoint', 'arguments', 'egress'] as const).filter(
    (name) => server[name] !== undefined,
  );
  return others.map((name) => issue(`${place} has a url, and ${name} beside it, which only a program has`));
}

/** The same of the program that is an agent. */
export function checkLoop(
  data: unknown,
  loop: { readonly entrypoint: string } | undefined,
): readonly ManifestIssue[] {
  if (loop === undefined) return [];
  const wrong = checkEntrypoint([...(extensionPath(data, 'pipewright') ?? []), 'loop'], loop.entrypoint);
  const path = ['spec', 'subagents'];
  if (valueAt(data, path) === undefined) return wrong;
  const message = `${renderPath(path)} is left out: a program that is an agent asks the model for whomever it likes`;
  return [...wrong, { code: codes.IGNORED, path, message }];
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
