import { type Failure, Failures } from '../../kernel/failure.ts';
import { isKnownVersion } from '../versions.ts';
import { errors } from './errors.ts';
import { exampleOf } from './example.ts';
import { buildTree, type FieldNode, findPath, findSuffix, followed, stepsOf } from './field-tree.ts';
import { unknown, unknownVersion } from './near.ts';
import { type Presence, presenceOf, takesVersion } from './presence.ts';
import type { CodeEntry, Field, FieldShape, FieldTable, Knowledge } from './types.ts';

export interface ExplainedField {
  readonly is: 'field';
  readonly asked: string;
  readonly path: string;
  readonly means?: string;
  readonly note?: string;
  /** Where it is at all. */
  readonly presence: readonly Presence[];
  /** What it looks like in the versions that are asked for, the newest first; none where it is in none of them. */
  readonly shapes: readonly (Omit<FieldShape, 'in'> & { readonly presence: readonly Presence[] })[];
  /** What each item is, of a list. */
  readonly items?: Pick<ExplainedField, 'means' | 'note' | 'shapes'>;
  /** Other fields whose paths end with what was asked for. */
  readonly also?: readonly string[];
  /** Names of the fields in it, or in each item. */
  readonly fields: readonly string[];
  readonly example?: unknown;
}

export type Explained =
  | { readonly is: 'code'; readonly asked: string; readonly entry: CodeEntry }
  | ExplainedField
  /** Several fields end with what was asked for. */
  | { readonly is: 'candidates'; readonly asked: string; readonly fields: readonly Field[] };

/**
 * Explains codes, rules by their ids, and fields by paths or the ends of paths. All mistakes are told in one go.
 *
 * @param version - as in apiVersion; narrows fields to the versions it means
 * @throws EXPLAIN_NOTHING, EXPLAIN_UNKNOWN, EXPLAIN_VERSION
 */
export function explain(
  { table, codes }: Knowledge,
  asked: readonly string[],
  version: string | undefined,
): readonly Explained[] {
  const members = membersOf(table, version);
  const failures: Failure[] = [];
  if (asked.length === 0) failures.push(errors.NOTHING({}));
  if (members.length === 0) failures.push(unknownVersion(String(version)));
  const root = buildTree(table);
  const answers = asked.flatMap((word): readonly Explained[] => {
    const answer = explainCode(codes, word) ?? explainField(table, root, word, members);
    if (answer === undefined) failures.push(unknown({ table, codes }, root, word));
    return answer === undefined ? [] : [answer];
  });
  const [first, ...rest] = failures;
  if (first !== undefined) throw new Failures([first, ...rest]);
  return answers;
}

/** Positions of the entries that a version means; all without one. */
function membersOf({ entries }: FieldTable, version: string | undefined): readonly number[] {
  const all = [...entries.keys()];
  if (version === undefined) return all;
  const declared = /^v?\d/.test(version) ? `ossa/${version.replace(/^v?/, 'v')}` : version;
  // The schema of Skills takes any version at all, so it cannot say which ones there are.
  if (!isKnownVersion(declared)) return [];
  return all.filter((index) => takesVersion(entries[index]?.apiVersion, declared));
}

function explainCode(codes: readonly CodeEntry[], asked: string): Explained | undefined {
  const wanted = asked.toLowerCase();
  const isRule = (entry: CodeEntry) => entry.is === 'finding' && entry.rule === wanted;
  const entry = codes.find((one) => one.code.toLowerCase() === wanted || isRule(one));
  return entry && { is: 'code', asked, entry };
}

function explainField(
  table: FieldTable,
  root: FieldNode,
  asked: string,
  members: readonly number[],
): Explained | undefined {
  const steps = stepsOf(asked);
  if (steps.length === 0) return undefined;
  const found = findPath(root, steps);
  if (found.ok) return describeField(table, root, found.node, asked, members);
  const ending = findSuffix(table, steps);
  const inVersion = ending.filter((field) => shapesIn(table, field, members).length > 0);
  const fields = inVersion.length > 0 ? inVersion : ending;
  const meant = fields.length === 1 ? fields : fields.filter((field) => isUsual(field, steps));
  const [only] = meant;
  if (only === undefined || meant.length > 1)
    return fields.length === 0 ? undefined : { is: 'candidates', asked, fields };
  const there = findPath(root, stepsOf(only.path));
  if (!there.ok) return undefined;
  const also = fields.flatMap(({ path }) => (path === only.path ? [] : [path]));
  return {
    ...describeField(table, root, there.node, asked, members),
    ...(also.length === 0 ? {} : { also }),
  };
}

/** Of OSSA's own part, with all names but the first: `llm.provider` is not meant to be that of a framework's extension. */
function isUsual({ path }: Field, steps: readonly string[]): boolean {
  const names = (all: readonly string[]) => all.filter((step) => step !== '[]').length;
  return /^(spec|metadata)\b/.test(path) && names(steps) > 1 && names(stepsOf(path)) === names(steps) + 1;
}

function describeField(
  table: FieldTable,
  root: FieldNode,
  node: FieldNode & { readonly field: Field },
  asked: string,
  members: readonly number[],
): ExplainedField {
  const { field } = node;
  const everywhere = field.shapes.flatMap((shape) => table.sets[shape.in] ?? []);
  const isThere = everywhere.some((one) => members.includes(one));
  const holder = followed(root, node);
  const item = holder.items === undefined ? undefined : followed(root, holder.items);
  const inside = item === undefined || holder.fields.size > 0 ? holder : item;
  const names = [...inside.fields].filter(
    ([, child]) => child.field && shapesIn(table, child.field, members).length > 0,
  );
  const example = isThere ? exampleOf(root, node, members, table.sets) : undefined;
  return {
    is: 'field',
    asked,
    ...wordsOf(field),
    path: field.path,
    presence: presenceOf(table, everywhere, field),
    shapes: shapesIn(table, field, members),
    ...(item?.field === undefined
      ? {}
      : { items: { ...wordsOf(item.field), shapes: shapesIn(table, item.field, members) } }),
    fields: names.map(([name]) => name),
    ...(example === undefined ? {} : { example }),
  };
}

function wordsOf({ means, note }: Field): { means?: string; note?: string } {
  return { ...(means === undefined ? {} : { means }), ...(note === undefined ? {} : { note }) };
}

function shapesIn(table: FieldTable, field: Field, members: readonly number[]): ExplainedField['shapes'] {
  const meant = field.shapes.map(({ in: set, ...shape }) => {
    return { shape, members: (table.sets[set] ?? []).filter((one) => members.includes(one)) };
  });
  return meant
    .filter((one) => one.members.length > 0)
    .toSorted((a, b) => Math.max(...b.members) - Math.max(...a.members))
    .map((one) => ({ ...one.shape, presence: presenceOf(table, one.members, field) }));
}
