import type { ErrorObject } from 'ajv';

/** An error that stays, or what an alternative came down to, under the error of the keyword that held it. */
interface Entry {
  readonly under: ErrorObject;
  readonly errors: readonly ErrorObject[];
}

/**
 * Replaces the errors of all alternatives of a `oneOf` or `anyOf` by those of the alternative that was meant, and
 * drops errors that only say that another error exists (`if`, `propertyNames`).
 */
export function collapseBranches(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const entries: Entry[] = [];
  for (const error of errors) {
    if (error.keyword === 'if' || error.keyword === 'propertyNames') continue;
    if (error.keyword !== 'oneOf' && error.keyword !== 'anyOf') {
      entries.push({ under: error, errors: [error] });
      continue;
    }
    // Ajv reports the errors of the alternatives, then the keyword itself.
    let start = entries.length;
    while (start > 0 && isInside(entries[start - 1], error)) start -= 1;
    const inside = entries.splice(start);
    entries.push({ under: error, errors: inside.length === 0 ? [error] : meantErrors(error, inside) });
  }
  return entries.flatMap((entry) => entry.errors);
}

/** Branches as the schema has them; empty without `verbose`. */
function branchSchemas(choice: ErrorObject): readonly unknown[] {
  return Array.isArray(choice.schema) ? choice.schema : [];
}

// The schema path of an error starts anew at each `$ref`, so an error behind a reference is known by its place in
// the data and by not being part of the schema in which the choice stands.
function isInside(entry: Entry | undefined, choice: ErrorObject): boolean {
  if (entry === undefined) return false;
  const { instancePath, schemaPath, parentSchema } = entry.under;
  const below = instancePath === choice.instancePath || instancePath.startsWith(`${choice.instancePath}/`);
  if (!below || (parentSchema !== undefined && parentSchema === choice.parentSchema)) return false;
  return schemaPath.startsWith(`${choice.schemaPath}/`) || refRoot(schemaPath) !== refRoot(choice.schemaPath);
}

function refRoot(schemaPath: string): string {
  return /^[^#]*#(?:\/(?:definitions|\$defs)\/[^/]+)?/.exec(schemaPath)?.[0] ?? '';
}

type Branch = readonly ErrorObject[];

function meantErrors(choice: ErrorObject, inside: readonly Entry[]): readonly ErrorObject[] {
  const branches = splitBranches(choice, inside);
  const rightType = branches.filter((branch) => !branch.some((error) => isAt(error, choice, 'type')));
  if (rightType.length === 0) return [mergedTypes(choice, branches)];
  const tagged = rightType.filter((branch) => !branch.some((error) => isTag(error, choice)));
  if (tagged.length === 0) {
    const merged = mergedTags(choice, rightType);
    if (merged) return [merged];
  }
  const candidates = tagged.length > 0 ? tagged : rightType;
  const missing = candidates.length > 1 ? onlyMissing(choice, candidates) : undefined;
  return missing ?? [...candidates].sort((a, b) => a.length - b.length || depth(b) - depth(a))[0] ?? [choice];
}

function splitBranches(choice: ErrorObject, inside: readonly Entry[]): readonly Branch[] {
  const schemas = branchSchemas(choice);
  const branches = new Map<number, ErrorObject[]>();
  let current = 0;
  for (const { under, errors } of inside) {
    current = branchOf(choice, schemas, under) ?? current;
    const branch = branches.get(current) ?? [];
    for (const error of errors) branch.push(error);
    branches.set(current, branch);
  }
  return [...branches.values()];
}

function branchOf(choice: ErrorObject, schemas: readonly unknown[], error: ErrorObject): number | undefined {
  const prefix = `${choice.schemaPath}/`;
  if (error.schemaPath.startsWith(prefix)) return Number.parseInt(error.schemaPath.slice(prefix.length), 10);
  const index = schemas.findIndex((schema) => {
    const ref = (schema as { readonly $ref?: unknown } | null)?.$ref;
    return typeof ref === 'string' && error.schemaPath.startsWith(`${ref}/`);
  });
  return index < 0 ? undefined : index;
}

function isAt(error: ErrorObject, choice: ErrorObject, keyword: string): boolean {
  return error.keyword === keyword && error.instancePath === choice.instancePath;
}

/** A property of the object itself, or the value itself, that must be one word tells which branch is meant. */
function isTag(error: ErrorObject, choice: ErrorObject): boolean {
  if (error.keyword !== 'const' && error.keyword !== 'enum') return false;
  return !error.instancePath.slice(choice.instancePath.length + 1).includes('/');
}

function mergedTypes(choice: ErrorObject, branches: readonly Branch[]): ErrorObject {
  const own = branches.flat().filter((error) => isAt(error, choice, 'type'));
  const types = new Set(own.flatMap((error): readonly string[] => [error.params.type].flat()));
  return { ...(own[0] ?? choice), params: { type: [...types] } };
}

/** Every branch wants another word at one place: say all of them. */
function mergedTags(choice: ErrorObject, branches: readonly Branch[]): ErrorObject | undefined {
  const tags = branches.map((branch) => branch.find((error) => isTag(error, choice)));
  const first = tags[0];
  if (first === undefined || tags.some((tag) => tag?.instancePath !== first.instancePath)) return undefined;
  const allowed = tags.flatMap(
    (tag): readonly unknown[] => tag?.params.allowedValues ?? [tag?.params.allowedValue],
  );
  return { ...first, keyword: 'enum', params: { allowedValues: [...new Set(allowed)] } };
}

/** `anyOf: [{ required: [a] }, { required: [b] }]` is one demand: one of these fields. */
function onlyMissing(choice: ErrorObject, branches: readonly Branch[]): readonly ErrorObject[] | undefined {
  if (!branches.every((branch) => branch.every((error) => isAt(error, choice, 'required')))) return undefined;
  const names = branches.map((branch) =>
    branch.map((error) => String(error.params.missingProperty)).join(' with '),
  );
  const first = branches[0]?.[0];
  return first && [{ ...first, params: { ...first.params, missingAny: [...new Set(names)] } }];
}

function depth(branch: Branch): number {
  return branch.reduce((deepest, error) => Math.max(deepest, error.instancePath.split('/').length), 0);
}
