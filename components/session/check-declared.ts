import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import type { AnswerSchemaLike } from '../tools/declared/answer-schema.ts';
import { type DeclaredPrograms, findProgramMistakes } from '../tools/declared/programs.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ManifestIssue } from './issue.ts';
import { compileSchema } from './json-schema.ts';
import { extensionPath } from './manifest-data.ts';

interface Declared extends DeclaredPrograms {
  readonly tools?: DeclaredPrograms['tools'] & {
    readonly functions?: Readonly<
      Record<string, { readonly entrypoint: string; readonly parameters?: object }>
    >;
  };
}

/** What is wrong with the programs of a manifest and what they are given, as far as the manifest alone tells. */
export async function checkDeclared(data: unknown, declared: Declared): Promise<readonly ManifestIssue[]> {
  const at = extensionPath(data, 'pipewright') ?? [];
  const wrong = findProgramMistakes(at, declared).map((mistake) => ({ ...mistake, code: codes.FIELD }));
  const schemas = Object.entries(declared.tools?.functions ?? {}).map(([name, { parameters }]) =>
    parameters === undefined
      ? []
      : checkCompiles([...at, 'tools', 'functions', name, 'parameters'], parameters),
  );
  return [...wrong, ...(await Promise.all(schemas)).flat(), ...besideLoop(data, declared)];
}

function besideLoop(data: unknown, { loop }: Declared): readonly ManifestIssue[] {
  const path = ['spec', 'subagents'];
  if (loop === undefined || valueAt(data, path) === undefined) return [];
  const message = `${renderPath(path)} is left out: a program that is an agent asks the model for whomever it likes`;
  return [{ code: codes.IGNORED, path, message }];
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
