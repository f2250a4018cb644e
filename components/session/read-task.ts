import type { Evaluator } from '../expressions/types.ts';
import type { JsonValue } from '../kernel/canonical.ts';
import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { quote, shown } from '../kernel/schema-terms.ts';
import { isEntrypoint } from '../tools/declared/programs.ts';
import { expressionIssues } from './expression-issues.ts';
import { sessionFindings as codes } from './findings.ts';
import type { ReadManifest } from './issue.ts';
import { compileSchema } from './json-schema.ts';
import { createFieldReader, type FieldReader } from './manifest-data.ts';
import type { Condition, OnError, TaskManifest } from './types.ts';

const defaultTimeoutSeconds = 300;

/**
 * Reads what a session uses of a Task's document, its schemas and conditions compiled; every mistake is told.
 *
 * @param conditions - evaluator of the environment `condition`
 */
export async function readTask(data: unknown, conditions: Evaluator): Promise<ReadManifest<TaskManifest>> {
  const reader = createFieldReader(data);
  const execution = ['spec', 'execution'];
  const type = readType(reader, [...execution, 'type']);
  const manifest: TaskManifest = {
    kind: 'Task',
    name: reader.requiredText(['metadata', 'name']),
    type,
    entrypoint: readEntrypoint(reader, [...execution, 'entrypoint']),
    timeoutSeconds: reader.count([...execution, 'timeout_seconds'], defaultTimeoutSeconds),
    checkInput: await readSchema(data, reader, ['spec', 'input']),
    checkOutput: await readSchema(data, reader, ['spec', 'output']),
    preconditions: readConditions(reader, ['spec', 'preconditions'], conditions),
    postconditions: readConditions(reader, ['spec', 'postconditions'], conditions),
    onError: readOnError(reader, type),
  };
  tellIgnored(data, reader);
  const { issues } = reader;
  return issues.some(({ code }) => code.severity === 'error')
    ? { ok: false, issues }
    : { ok: true, manifest, issues };
}

function readType(reader: FieldReader, path: DataPath): TaskManifest['type'] {
  const text = reader.requiredText(path);
  const types = ['deterministic', 'idempotent', 'transactional'] as const;
  const type = types.find((each) => each === text);
  if (type === undefined && text !== '')
    reader.issues.push({
      code: codes.FIELD,
      path,
      message: `${renderPath(path)} is ${quote(text)}`,
      expected: `one of: ${types.join(', ')}`,
    });
  return type ?? 'transactional';
}

function readEntrypoint(reader: FieldReader, path: DataPath): string {
  const text = reader.requiredText(path);
  const entrypoint = text.replace(/^\.\//, '');
  if (text !== '' && !isEntrypoint(entrypoint))
    reader.issues.push({
      code: codes.FIELD,
      path,
      message: `${renderPath(path)} is ${quote(text)}`,
      expected: 'the path of a script in the repository, relative to its top, without `..`',
    });
  return entrypoint;
}

async function readSchema(
  data: unknown,
  reader: FieldReader,
  path: DataPath,
): Promise<(value: JsonValue) => readonly string[]> {
  const schema = valueAt(data, path);
  if (schema === undefined) return () => [];
  const compiled = await compileSchema(schema);
  if (compiled.ok)
    return (value) =>
      compiled
        .check(value)
        .map(({ message, expected }) =>
          expected === undefined ? message : `${message}, expected ${expected}`,
        );
  reader.issues.push({
    code: codes.SCHEMA,
    path,
    message: `${renderPath(path)} cannot be used as a JSON Schema: ${compiled.reason}`,
  });
  return () => [];
}

function readConditions(reader: FieldReader, path: DataPath, conditions: Evaluator): readonly Condition[] {
  return reader.list(path).flatMap((value, index) => {
    const { expression, error_message: message } = (value ?? {}) as {
      expression?: unknown;
      error_message?: unknown;
    };
    const source = typeof expression === 'string' ? expression : '';
    const compiled = conditions.compile(source);
    if (compiled.ok)
      return [
        { expression: compiled.expression, message: typeof message === 'string' ? message : undefined },
      ];
    reader.issues.push(...expressionIssues([...path, index, 'expression'], source, compiled.issues));
    return [];
  });
}

function readOnError(reader: FieldReader, type: TaskManifest['type']): OnError {
  const path = ['spec', 'error_handling', 'on_error'];
  const onError = reader.text(path) ?? 'fail';
  if (onError === 'retry' && type === 'transactional')
    reader.issues.push({
      code: codes.FIELD,
      path,
      message: 'a transactional task is not tried again: what the first attempt has done is unknown',
      expected: 'fail or ignore, or a task of type idempotent or deterministic',
    });
  if (onError === 'fail' || onError === 'retry' || onError === 'ignore') return onError;
  reader.issues.push({
    code: codes.UNSUPPORTED,
    path,
    message: `${renderPath(path)} is ${shown(onError)}: one task does not call another yet`,
    expected: 'one of: fail, retry, ignore',
  });
  return 'fail';
}

const left: readonly (readonly [DataPath, string])[] = [
  [['spec', 'execution', 'runtime'], 'the first line of the script says what runs it'],
  [['spec', 'batch'], 'the task runs once, on its whole input'],
  [['spec', 'dependencies'], 'the jobs of the pipeline say what runs before'],
  [['state_management'], 'a task keeps nothing between its attempts'],
  [['spec', 'error_handling', 'fallback_task'], 'one task does not call another yet'],
  [['spec', 'error_handling', 'error_mapping'], '`on_error` holds for every error'],
];

function tellIgnored(data: unknown, reader: FieldReader): void {
  for (const [path, why] of left)
    if (valueAt(data, path) !== undefined)
      reader.issues.push({ code: codes.IGNORED, path, message: `${renderPath(path)} is left out: ${why}` });
}
