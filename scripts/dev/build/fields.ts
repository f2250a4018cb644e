import { glob } from 'node:fs/promises';
import { meanings } from '../../../components/manifest/explain/meanings.ts';
import type { Field, FieldForm, FieldShape, FieldTable } from '../../../components/manifest/explain/types.ts';
import { compareVersions, type Entry, type OssaSchemas, readSchema, type Schema } from './ossa-schemas.ts';
import { anyOf, type Form } from './schema-form.ts';
import { formsOf } from './schema-forms.ts';

/** What else stands in an Agent and has a document of its own, since no published schema applies it. */
interface Part {
  readonly path: string;
  readonly schema: Schema;
  /** The first version that has it; all without. */
  readonly since?: string;
}

/** Where the documents in schemas/ossa-components stand, by the one field each is about. Those of a Flow are its spec. */
const componentsIn: Readonly<Record<string, readonly string[]>> = {
  spec: ['completion', 'checkpointing', 'infrastructure'],
  extensions: ['experts', 'moe', 'bat', 'capabilities', 'feedback', 'infrastructure'],
};

type Shape = Omit<FieldShape, 'in'>;
type Found = Map<string, { readonly shape: Shape; readonly note: string | undefined }>;

/** Every field of every version and kind: what it may be, where, and what it means (docs/manifests.md). */
export async function collectFields({ entries, documents }: OssaSchemas): Promise<FieldTable> {
  const parts = await readParts();
  const all = new Map([...documents, ...parts.documents]);
  const found = entries.map(({ kind, version, schema }) => {
    const fields: Found = new Map();
    walk(schema, { path: '', around: [], documents: all, fields });
    for (const part of kind === 'Agent' ? parts.parts : [])
      if (part.since === undefined || compareVersions(version, part.since) >= 0) addPart(fields, part, all);
    return fields;
  });
  const sets = new Map<string, number>();
  const setOf = (members: readonly number[]) => {
    const key = members.join();
    if (!sets.has(key)) sets.set(key, sets.size);
    return sets.get(key) ?? 0;
  };
  // In the order of the newest schemas, which is that of their authors.
  const paths = [...new Set(found.toReversed().flatMap((fields) => [...fields.keys()]))];
  const fields = paths.map((path) => fieldAt(path, found, setOf));
  return {
    entries: entries.map(toTableEntry),
    sets: [...sets.keys()].map((key) => key.split(',').map(Number)),
    fields,
  };
}

async function readParts(): Promise<{ parts: readonly Part[]; documents: OssaSchemas['documents'] }> {
  const own = await readSchema('schemas/agent-extension.schema.json');
  const files = await Array.fromAsync(glob('schemas/ossa-components/*.schema.json'));
  const components = await Promise.all(files.sort().map(readSchema));
  const apart = components.flatMap(({ properties }) =>
    Object.entries(properties as Readonly<Record<string, Schema>>).flatMap(([name, schema]) =>
      Object.entries(componentsIn).flatMap(([place, names]): Part[] =>
        names.includes(name) ? [{ path: `${place}.${name}`, schema, since: 'v0.3.5' }] : [],
      ),
    ),
  );
  return {
    parts: [{ path: 'extensions.pipewright', schema: own }, ...apart],
    documents: new Map([own, ...components].map((schema) => [String(schema.$id), schema])),
  };
}

/** What the entry's own schema says of a field holds; a part adds fields, and words where those were missing. */
function addPart(fields: Found, { path, schema }: Part, documents: OssaSchemas['documents']): void {
  const added: Found = new Map();
  walk(schema, { path, around: [], documents, fields: added });
  for (const [at, field] of added) {
    const there = fields.get(at);
    fields.set(at, there === undefined ? field : { ...there, note: there.note ?? field.note });
  }
}

function toTableEntry({ name, version, kind, schema }: Entry): FieldTable['entries'][number] {
  const { apiVersion } = schema.properties as { readonly apiVersion?: Readonly<Record<string, never>> };
  const { pattern, enum: values, const: value } = apiVersion ?? {};
  const closed = schema.additionalProperties === false;
  if (pattern === undefined && values === undefined && value === undefined)
    throw new Error(`the schema ${name} does not say which apiVersion it is of`);
  return {
    version,
    kind,
    ...(closed ? { closed } : {}),
    apiVersion: {
      ...(pattern === undefined ? {} : { pattern }),
      ...(values === undefined ? {} : { enum: values }),
      ...(value === undefined ? {} : { const: value }),
    },
  };
}

/** One field as the versions and kinds have it: equal shapes are put together. */
function fieldAt(
  path: string,
  found: readonly Found[],
  setOf: (members: readonly number[]) => number,
): Field {
  const groups = new Map<string, { readonly shape: Shape; readonly members: number[] }>();
  let note: string | undefined;
  for (const [index, fields] of found.entries()) {
    const field = fields.get(path);
    if (field === undefined) continue;
    // The newest says it best.
    note = field.note ?? note;
    const key = JSON.stringify(field.shape);
    const group = groups.get(key) ?? { shape: field.shape, members: [] };
    group.members.push(index);
    groups.set(key, group);
  }
  const { means, example } = meanings[path] ?? {};
  return {
    path,
    ...(means === undefined ? {} : { means }),
    ...(note === undefined ? {} : { note }),
    ...(example === undefined ? {} : { example }),
    shapes: [...groups.values()].map(({ shape, members }) => ({ in: setOf(members), ...shape })),
  };
}

interface Place {
  readonly path: string;
  /** The places that hold this one, with the references that were followed there. */
  readonly around: readonly { readonly path: string; readonly references: ReadonlySet<string> }[];
  readonly documents: OssaSchemas['documents'];
  readonly fields: Found;
}

/** Notes the field at a place, and those in it. */
function walk(schema: Schema, place: Place, needed: Pick<Shape, 'required' | 'requiredWhen'> = {}): void {
  const forms = formsOf(schema, place.documents);
  // Nothing may stand here.
  if (forms.length === 0) return;
  const references = new Set(forms.flatMap((form) => [...form.references]));
  const like = place.around.find(
    (holder) => holder.path !== '' && !holder.references.isDisjointFrom(structuresOf(forms)),
  )?.path;
  const closed = forms.some(({ names }) => names !== undefined) && forms.every(isClosedOrNoMapping);
  const note = forms.find(({ description }) => description !== undefined)?.description;
  if (place.path !== '') {
    const shape = {
      forms: distinct(forms),
      ...needed,
      ...(closed ? { closed } : {}),
      ...(like ? { like } : {}),
    };
    place.fields.set(place.path, { shape: shape as Shape, note });
  }
  if (like === undefined)
    walkInside(forms, { ...place, around: [...place.around, { path: place.path, references }] });
}

/** References to what has fields or items of its own: only those can hold themselves. */
function structuresOf(forms: readonly Form[]): ReadonlySet<string> {
  return new Set(
    forms
      .filter(({ fields, items, others }) => fields.size > 0 || items !== undefined || others !== undefined)
      .flatMap(({ references }) => [...references]),
  );
}

function isClosedOrNoMapping({ names, types }: Form): boolean {
  return names !== undefined || (types !== undefined && !types.includes('object'));
}

function walkInside(forms: readonly Form[], place: Place): void {
  const { path } = place;
  const mappings = forms.filter(({ fields, names }) => fields.size > 0 || names !== undefined);
  for (const name of new Set(mappings.flatMap(({ fields }) => [...fields.keys()]))) {
    const schemas = mappings.flatMap(({ fields }) => (fields.has(name) ? [fields.get(name) as Schema] : []));
    const whens = mappings.flatMap(({ requiredWhen }) => requiredWhen.filter(([field]) => field === name));
    const required = mappings.every((form) => form.required.has(name));
    const requiredWhen = [...new Set(whens.map(([, when]) => when))];
    const needed = required ? { required } : requiredWhen.length > 0 ? { requiredWhen } : {};
    walk(
      anyOf(schemas),
      { ...place, path: path === '' ? name : `${path}.${name}` },
      needed as Partial<Shape>,
    );
  }
  const others = forms.flatMap((form) => (form.others === undefined ? [] : [form.others]));
  if (others.length > 0) walk(anyOf(others), { ...place, path: `${path}.*` });
  const items = forms.flatMap((form) => (form.items === undefined ? [] : [form.items]));
  if (items.length > 0) walk(anyOf(items), { ...place, path: `${path}[]` });
}

/** The forms as people are told them: what is in a mapping is told at its own fields. */
function distinct(forms: readonly Form[]): readonly FieldForm[] {
  const told = forms.map(({ types, values, limits, when }): FieldForm => {
    return {
      ...(types === undefined ? {} : { types }),
      ...(values === undefined ? {} : { values }),
      ...(limits === undefined ? {} : { limits }),
      ...(when === undefined ? {} : { when }),
    };
  });
  return [...new Map(told.map((form) => [JSON.stringify(form), form])).values()];
}
