import type { ErrorObject } from 'ajv';
import { type DataPath, renderPath, valueAt } from './place.ts';
import { collapseBranches } from './schema-branches.ts';
import type { MendableIssue, SchemaIssue } from './schema-issue.ts';
import { describeError } from './schema-words.ts';

export type { MendableIssue, SchemaIssue, SchemaKeyword, Wanted } from './schema-issue.ts';

/**
 * A validator compiled by Ajv with `allErrors: true` and `verbose: true`: the first reports every mistake, the
 * second puts the schema next to each error, from which the allowed names and descriptions are read (standalone
 * code keeps both). Without `verbose` the checks are the same and the suggestions fewer.
 */
export interface SchemaValidator {
  (data: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
}

/**
 * Checks data and words each mistake for people: one issue a mistake, of alternatives (`oneOf`, `anyOf`) only
 * the one that was meant, sorted by path. Values are quoted and cut; taking secrets out is the caller's work.
 */
export function checkSchema(validator: SchemaValidator, data: unknown): readonly SchemaIssue[] {
  return explainMistakes(validator, data).map(({ wants: _, ...issue }) => issue);
}

/** What {@link checkSchema} says, with what would have been right as data. */
export function explainMistakes(validator: SchemaValidator, data: unknown): readonly MendableIssue[] {
  if (validator(data)) return [];
  const errors = collapseBranches(validator.errors ?? []);
  const issues = errors.map((error) => describeError(error, decodePointer(error.instancePath, data), data));
  return withoutEchoes(issues).sort((a, b) => comparePaths(a.path, b.path));
}

/** JSON pointer (RFC 6901) to path; a step into an array becomes a number. */
export function decodePointer(pointer: string, data: unknown): DataPath {
  const path: (string | number)[] = [];
  let value = data;
  for (const step of pointer.split('/').slice(1)) {
    const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
    const part = Array.isArray(value) ? Number(name) : name;
    path.push(part);
    value = valueAt(value, [part]);
  }
  return path;
}

// One mistake often breaks several keywords: a wrong word also has no allowed type, a misspelt key is unknown and
// leaves another missing. The most telling one stays.
function withoutEchoes(issues: readonly MendableIssue[]): MendableIssue[] {
  const seen = new Set<string>();
  const listedPaths = new Set(issues.filter(isChoice).map((issue) => renderPath(issue.path)));
  const renamed = new Set(
    issues.flatMap((issue) => (issue.keyword === 'required' ? renamesOf(issue, issue.path) : [])),
  );
  return issues.filter((issue) => {
    if (issue.keyword === 'type' && listedPaths.has(renderPath(issue.path))) return false;
    const isEcho = renamesOf(issue, issue.path.slice(0, -1)).some((rename) => renamed.has(rename));
    if (issue.keyword === 'additionalProperties' && isEcho) return false;
    const id = JSON.stringify([issue.keyword, issue.path, issue.target, issue.message]);
    return seen.size < seen.add(id).size;
  });
}

function isChoice(issue: SchemaIssue): boolean {
  return issue.keyword === 'enum' || issue.keyword === 'const';
}

/** The name a field of an object should have had, if one is suggested. */
function renamesOf(issue: SchemaIssue, object: DataPath): readonly string[] {
  return issue.suggestion === undefined ? [] : [JSON.stringify([object, issue.suggestion])];
}

function comparePaths(a: DataPath, b: DataPath): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (right === undefined) return 1;
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return a.length - b.length;
}
