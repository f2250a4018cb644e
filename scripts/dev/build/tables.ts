import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { CodeEntry } from '../../../components/manifest/explain/types.ts';
import { bundleSchemas } from './editor-schema.ts';
import { collectFields } from './fields.ts';
import { readOssaSchemas } from './ossa-schemas.ts';

const outFolder = 'build/tables';
const types = 'components/manifest/explain/types.ts';
/** Beside the program, for whoever publishes it. */
const published = 'dist/ossa.schema.json';

/**
 * Makes what `pipewright explain` knows: `#tables/fields` of the schemas, `#tables/codes` of the same rows as docs/errors.md,
 * `#tables/editor-schema` for editors. It comes after the validators and the lists, which the rows import.
 */
export async function buildTables(): Promise<void> {
  await rm(outFolder, { recursive: true, force: true });
  await mkdir(outFolder, { recursive: true });
  const schemas = await readOssaSchemas();
  await writeTable('fields', 'table', 'FieldTable', await collectFields(schemas));
  await writeTable('codes', 'codes', 'readonly CodeEntry[]', await listCodes());
  const { knownVersions } = await import('../../../components/manifest/versions.ts');
  const text = `${JSON.stringify(bundleSchemas(schemas, knownVersions))}\n`;
  await writeFile(join(outFolder, 'editor-schema.js'), `export const text = ${JSON.stringify(text)};\n`);
  await writeFile(join(outFolder, 'editor-schema.d.ts'), 'export declare const text: string;\n');
}

/** Writes the schema for editors as a file; after the bundle, which empties its folder. */
export async function writeEditorSchema(): Promise<void> {
  const { knownVersions } = await import('../../../components/manifest/versions.ts');
  await writeFile(published, `${JSON.stringify(bundleSchemas(await readOssaSchemas(), knownVersions))}\n`);
}

/** Every code there is, with the page that lists it. */
export async function listCodes(): Promise<readonly CodeEntry[]> {
  const [{ collectCodes }, { rules }, lint] = await Promise.all([
    import('../gen/codes.ts'),
    import('../../../components/manifest/rules.gen.ts'),
    import('../../../components/lint-ci/rules.gen.ts'),
  ]);
  const pages = new Map<string, { readonly rule: string; readonly page: string }>();
  for (const { code, id } of rules) pages.set(code, { rule: id, page: `docs/rules.md#${id}` });
  for (const { code, id } of lint.rules) pages.set(code, { rule: id, page: `docs/lint-ci.md#${id}` });
  const { failures, findings } = await collectCodes();
  const rows: CodeEntry[] = failures.map((row) => ({ is: 'failure', page: 'docs/errors.md', ...row }));
  for (const { code, severity, about } of findings) {
    rows.push({ is: 'finding', code, severity, about, ...(pages.get(code) ?? { page: 'docs/errors.md' }) });
  }
  return rows.sort((a, b) => (a.code < b.code ? -1 : 1));
}

// Text that JSON.parse reads: of a large literal it is the faster half.
async function writeTable(name: string, exported: string, type: string, value: unknown): Promise<void> {
  const text = JSON.stringify(JSON.stringify(value));
  await writeFile(join(outFolder, `${name}.js`), `export const ${exported} = JSON.parse(${text});\n`);
  const from = relative(outFolder, types);
  const imported = type.replace(/^readonly |\[\]$/g, '');
  const declaration = `import type { ${imported} } from '${from}';\nexport declare const ${exported}: ${type};\n`;
  await writeFile(join(outFolder, `${name}.d.ts`), declaration);
}
