import { resolve } from 'node:path';
import { validate } from '#validators/twin';
import type { Context } from '../../kernel/context.ts';
import { readTextFile } from '../../kernel/files.ts';
import { compareFindings, type Finding } from '../../kernel/finding.ts';
import { renderPath } from '../../kernel/place.ts';
import { checkSchema } from '../../kernel/schema.ts';
import { parseYaml } from '../../kernel/yaml.ts';
import { locateManifest } from '../../kernel/yaml-locate.ts';
import { explainYaml } from '../../kernel/yaml-positions.ts';
import { twinFindings } from '../findings.ts';
import { checkFolders } from './check-folders.ts';
import { checkNames, type SetupIssue } from './check-names.ts';
import type { TwinFile } from './twin-file.gen.ts';

export type ReadTwinFile =
  | { readonly ok: true; readonly file: TwinFile }
  | { readonly ok: false; readonly findings: readonly Finding[] };

/** What a schema cannot say. */
async function checkMeaning(context: Context, file: TwinFile, path: string): Promise<SetupIssue[]> {
  const base = resolve(context.cwd, path, '..');
  return [...checkNames(file, context.env), ...(await checkFolders(context, file, base))];
}

const largest = 1024 * 1024;

/** Reads a twin file and reports every mistake in it, with its place. @throws FILE_NOT_FOUND and its like */
export async function readTwinFile(context: Context, path: string): Promise<ReadTwinFile> {
  const text = await readTextFile(context, path, { maxBytes: largest });
  const parsed = parseYaml(text, 'manifest');
  if (!parsed.ok) {
    const findings = explainYaml(text, 'manifest', parsed.problems).map(
      ({ code, ...problem }): Finding => ({
        ...problem,
        ...{ code: code.code, severity: code.severity, file: path, path: '' },
      }),
    );
    return { ok: false, findings };
  }
  const data = parsed.documents[0] ?? {};
  const structure = checkSchema(validate, data).map((issue): SetupIssue => issue);
  const issues = structure.length > 0 ? structure : await checkMeaning(context, data as TwinFile, path);
  if (issues.length === 0) return { ok: true, file: data as TwinFile };
  const placeOf = locateManifest(text);
  const findings = issues.map(({ path: place, target, message, expected, got, suggestion }): Finding => {
    const { line, column } = placeOf(0, place, target ?? 'value');
    return {
      ...{ code: twinFindings.SETUP.code, severity: twinFindings.SETUP.severity },
      ...{ file: path, line, column, path: renderPath(place), message: context.redact(message) },
      ...(expected === undefined ? {} : { expected }),
      ...(got === undefined ? {} : { got: context.redact(got) }),
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  });
  return { ok: false, findings: findings.sort(compareFindings) };
}
