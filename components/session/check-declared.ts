import { type DataPath, renderPath, valueAt } from '../kernel/place.ts';
import { quote } from '../kernel/schema-terms.ts';
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
  const wrong = checkEntrypoint([...(extensionPath(data, 'pipewright') ?? []), 'loop'], loop.entrypoint);
  const path = ['spec', 'subagents'];
  if (valueAt(data, path) === undefined) return wrong;
  const message = `${renderPath(path)} is left out: a program that is an agent asks the model for whomever it likes`;
  return [...wrong, { code: codes.IGNORED, path, message }];
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
  const compiled = parameters === undefined ? undefined : await compileSchema(parameters);
  if (compiled?.ok === false) {
    const at = [...path, 'parameters'];
    const message = `${renderPath(at)} cannot be used as a JSON Schema: ${compiled.reason}`;
    issues.push({ code: codes.SCHEMA, path: at, message });
  }
  return issues;
}
