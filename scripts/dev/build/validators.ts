import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { Ajv } from 'ajv';
import standaloneModule from 'ajv/dist/standalone/index.js';
import ajvFormats from 'ajv-formats';
import { build } from 'esbuild';

// Both packages are CommonJS with a default property; Node's ES module view of them has it one level down.
const addFormats = ajvFormats.default;
const standaloneCode = standaloneModule.default;

const outFolder = 'build/validators';
const suffix = '.schema.json';

/**
 * Compiles every schema ahead: compiling at run time costs each job about 75 ms (docs/architecture.md). A schema at
 * the top of schemas/ gives `#validators/<name>` with `validate`. A folder gives `#validators/<folder>` with a table
 * of lazy imports: all of OSSA's versions together would cost each job 40 ms. Schemas in folders below that only
 * serve the others.
 */
export async function buildValidators(): Promise<void> {
  await rm(outFolder, { recursive: true, force: true });
  for (const entry of await readdir('schemas', { withFileTypes: true })) {
    if (entry.isDirectory()) await buildFolder(entry.name);
    else if (entry.name.endsWith(suffix)) await buildSingle(entry.name);
  }
}

async function buildSingle(file: string): Promise<void> {
  const schema = JSON.parse(await readFile(join('schemas', file), 'utf8'));
  await writeValidator(basename(file, suffix), createAjv([schema]), schema.$id);
}

interface Entry {
  readonly name: string;
  readonly schema: { readonly $id: string; readonly properties: Readonly<Record<string, object>> };
}

async function buildFolder(folder: string): Promise<void> {
  const files = (await readdir(join('schemas', folder), { recursive: true })).filter((file) =>
    file.endsWith(suffix),
  );
  const schemas = await Promise.all(
    files.sort().map(async (file) => JSON.parse(await readFile(join('schemas', folder, file), 'utf8'))),
  );
  const parts = schemas.filter((_, index) => files[index]?.includes('/'));
  const entries = files.flatMap((file, index): Entry[] => {
    return file.includes('/') ? [] : [{ name: basename(file, suffix), schema: schemas[index] }];
  });
  const modules = entries.map((entry) => split(entry));
  for (const { name, schema } of new Map(modules.flat().map((module) => [module.name, module])).values()) {
    await writeValidator(`${folder}/${name}`, createAjv([...parts, schema]), schema.$id);
  }
  const load = ({ name }: Entry) => `once(async () => (await import('./${folder}/${name}.js')).validate)`;
  const rows = modules.map(([entry, ...apart]) => {
    const names = apart.map(({ schema }) =>
      JSON.stringify(namesOf(schema.properties.extensions ?? {}, schema.$id, parts)),
    );
    const extensions = apart.map(
      (one, index) => `, extensions: { names: ${names[index]}, load: ${load(one)} }`,
    );
    return `  '${entry.name}': { load: ${load(entry)}${extensions.join('')} },`;
  });
  // Asking the module loader again takes as long as a rule.
  const once = 'const once = (load) => { let loaded; return () => (loaded ??= load()); };';
  const table = `${once}\nexport const validators = {\n${rows.join('\n')}\n};\n`;
  await writeFile(join(outFolder, `${folder}.js`), table);
  const one = 'readonly load: () => Promise<SchemaValidator>';
  const type = `Readonly<Record<string, { ${one}; readonly extensions?: { readonly names: readonly string[]; ${one} } }>>`;
  await writeTypes(folder, `export declare const validators: ${type};`);
}

/**
 * An entry without its extensions, and those as a schema of the same document: frameworks' extensions are two thirds
 * of the code and stand in few manifests, so they are loaded apart.
 */
function split({ name, schema }: Entry): [Entry, ...Entry[]] {
  const { extensions, ...properties } = schema.properties;
  const reference = extensions === undefined ? undefined : (extensions as { $ref?: string }).$ref;
  if (reference === undefined) return [{ name, schema }];
  const apart = `extensions-${reference.split('/').at(-1)}`;
  const $id = new URL(`${apart}.schema.json`, schema.$id).href;
  return [
    { name, schema: { ...schema, properties: { ...properties, extensions: { type: 'object' } as object } } },
    { name: apart, schema: { $id, properties: { extensions: { $ref: reference } } } },
  ];
}

/**
 * Names that a schema of a mapping says something about: of a mapping with none of them there is nothing to check. Throws
 * where it says more than that.
 *
 * @param base - identity of the document that the schema is of
 */
function namesOf(schema: Definition, base: string, parts: readonly Part[]): string[] {
  const { $ref, allOf = [], properties = {}, type: _, ...more } = schema;
  if (Object.keys(more).length > 0)
    throw new Error(`extensions are more than named properties: ${Object.keys(more).join(', ')}`);
  const names = [...Object.keys(properties), ...allOf.flatMap((one) => namesOf(one, base, parts))];
  if ($ref === undefined) return [...new Set(names)].sort();
  const [document = '', place = ''] = new URL($ref, base).href.split('#/definitions/');
  const meant = parts.find(({ $id }) => $id === document)?.definitions?.[place];
  if (meant === undefined) throw new Error(`${$ref} leads nowhere`);
  return [...new Set([...names, ...namesOf(meant, document, parts)])].sort();
}

interface Definition {
  readonly $ref?: string;
  readonly allOf?: readonly Definition[];
  readonly properties?: Readonly<Record<string, object>>;
  readonly type?: string;
}

interface Part {
  readonly $id: string;
  readonly definitions?: Readonly<Record<string, Definition>>;
}

function createAjv(schemas: readonly object[]): Ajv {
  const ajv = new Ajv({
    allErrors: true,
    // Of the alternatives that a field tells apart only the one that is meant is reported.
    discriminator: true,
    // Messages name what the schema allows, so an error carries the schema it comes from (components/kernel/schema.ts).
    verbose: true,
    // Definitions stay functions of their own, which halves the code.
    inlineRefs: false,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
    code: { source: true, esm: true },
  });
  addFormats(ajv);
  for (const schema of schemas) ajv.addSchema(schema);
  return ajv;
}

// The standalone code requires parts of Ajv even as an ES module; bundling takes them in.
async function writeValidator(name: string, ajv: Ajv, id: string): Promise<void> {
  await build({
    stdin: { contents: standaloneCode(ajv, { validate: id }), resolveDir: process.cwd(), loader: 'js' },
    outfile: join(outFolder, `${name}.js`),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'warning',
  });
  await writeTypes(name, 'export declare const validate: SchemaValidator;');
}

async function writeTypes(name: string, declaration: string): Promise<void> {
  const path = join(outFolder, `${name}.d.ts`);
  const kernel = relative(dirname(path), 'components/kernel/schema.ts');
  await writeFile(path, `import type { SchemaValidator } from '${kernel}';\n${declaration}\n`);
}
