import { listed } from '../../kernel/suggest.ts';
import type { Field, FieldEntry, FieldTable } from './types.ts';

/** In which versions of a kind something is. */
export interface Presence {
  readonly kind: string;
  readonly versions: readonly string[];
  /** The first version with it, where the kind is older. */
  readonly since?: string;
  /** The last version with it, where the kind is still there, */
  readonly until?: string;
  /** and what the next one does with it. */
  readonly afterwards?: 'refused' | 'not checked';
}

/** The versions of some entries, by kind. */
export function presenceOf(table: FieldTable, members: readonly number[], field: Field): readonly Presence[] {
  const all = [...table.entries.entries()];
  const kinds = new Set(members.map((member) => table.entries[member]?.kind ?? ''));
  return [...kinds].map((kind) => {
    const ofKind = all.filter(([, entry]) => entry.kind === kind);
    const inside = ofKind.filter(([index]) => members.includes(index));
    const [first] = inside;
    const last = inside.at(-1);
    const next = last === undefined ? undefined : ofKind[ofKind.indexOf(last) + 1];
    return {
      kind,
      versions: inside.map(([, { version }]) => version),
      ...(first === undefined || first === ofKind[0] ? {} : { since: first[1].version }),
      ...(last === undefined || next === undefined
        ? {}
        : { until: last[1].version, ...fateOf(table, field, next[0]) }),
    };
  });
}

/** A version whose mapping takes no unknown names refuses the field; another lets it stand and does not look at it. */
function fateOf(table: FieldTable, { path }: Field, next: number): Pick<Presence, 'afterwards'> {
  const has = (one: Field) => one.shapes.find((shape) => table.sets[shape.in]?.includes(next));
  const around = new Map(
    table.fields.filter((one) => path.startsWith(one.path)).map((one) => [one.path, one]),
  );
  for (let at = path; at !== ''; at = at.replace(/(\[\]|(^|\.)[^.[\]]+)$/, '')) {
    const field = around.get(at);
    const shape = field === undefined ? undefined : has(field);
    // It is there in another shape.
    if (shape !== undefined && at === path) return {};
    if (shape !== undefined) return { afterwards: shape.closed ? 'refused' : 'not checked' };
  }
  return { afterwards: table.entries[next]?.closed ? 'refused' : 'not checked' };
}

/** `Agent since v0.3.5; Task, Workflow v0.3.0 to v0.3.4`: kinds of which the same is said stand together. */
export function presenceInWords(presence: readonly Presence[], table: FieldTable): string {
  const groups = new Map<string, string[]>();
  for (const one of presence) {
    const words = spanInWords(one, table);
    groups.set(words, [...(groups.get(words) ?? []), one.kind]);
  }
  return [...groups].map(([words, kinds]) => `${kinds.join(', ')} ${words}`).join('; ');
}

function spanInWords({ kind, versions, since, until, afterwards }: Presence, table: FieldTable): string {
  const all = table.entries.filter((entry) => entry.kind === kind).map(({ version }) => version);
  const next = all[all.indexOf(until ?? '') + 1];
  const after = afterwards === undefined ? '' : ` (${afterwards} by ${next})`;
  const from = all.indexOf(versions[0] ?? '');
  const between = all.slice(from, all.indexOf(versions.at(-1) ?? '') + 1);
  if (between.length !== versions.length) return `in ${listed(versions)}${after}`;
  if (versions.length === 1 && all.length > 1) return `in ${versions[0]} only${after}`;
  if (since === undefined && until === undefined) return 'in all versions';
  if (until === undefined) return `since ${since}`;
  return since === undefined ? `until ${until}${after}` : `from ${since} to ${until}${after}`;
}

/** Whether a schema's word about apiVersion takes one. */
export function takesVersion(apiVersion: FieldEntry['apiVersion'] | undefined, version: string): boolean {
  const { pattern, enum: values, const: value } = apiVersion ?? {};
  return pattern === undefined
    ? (values?.includes(version) ?? value === version)
    : new RegExp(pattern).test(version);
}
