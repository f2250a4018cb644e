import { isMap, isScalar, LineCounter, type Node, type Pair, parseDocument, visit, type YAMLMap } from 'yaml';
import { checkText } from '../../../components/manifest/check.ts';
import { rules } from '../../../components/manifest/rules.gen.ts';
import { upstreamJudge } from '../../manifest/ossa-upstream.ts';
import { type Figure, figure } from '../figure.ts';
import { type RealManifest, realManifests, seeded } from './manifests.ts';

const wanted = 500;

/** A text with one mistake in it, and the lines a person would look for it at. */
interface Corrupted {
  readonly text: string;
  readonly lines: readonly number[];
}

interface Field {
  readonly path: readonly string[];
  readonly pair: Pair;
  readonly key: Node & { readonly value: unknown };
  readonly value: Node;
  readonly holder: YAMLMap;
}

interface Kind {
  readonly id: string;
  /** Undefined where the kind cannot be made of that field. */
  readonly corrupt: (text: string, field: Field, lineOf: (offset: number) => number) => Corrupted | undefined;
  /** Whether YAML itself or a rule of ours says it, and no schema need. */
  readonly always?: true;
}

/**
 * Valid real manifests with one field corrupted: how often that is found, and told at its line. A corruption counts where the
 * published schema for the manifest refuses it, or where its kind is wrong for everybody (YAML, versions, dangling names).
 */
export async function measureCorruptions(): Promise<readonly Figure[]> {
  const valid = await validManifests();
  if (valid.length === 0) return [];
  const random = seeded(5);
  const missed: string[] = [];
  const misplaced: string[] = [];
  const made = new Map<string, number>();
  let count = 0;
  for (let turn = 0; count < wanted && turn < wanted * 400; turn += 1) {
    const manifest = pick(valid, random);
    const kind = pick(kinds, random);
    // As many of each kind, as far as there are fields for it.
    if ((made.get(kind.id) ?? 0) > wanted / kinds.length) continue;
    const corrupted = corrupt(manifest.text, kind, random);
    if (corrupted === undefined) continue;
    count += 1;
    made.set(kind.id, (made.get(kind.id) ?? 0) + 1);
    const { findings } = await checkText(manifest.file, corrupted.text, rules);
    const fresh = findings.filter(({ code, path }) => !manifest.known.has(`${code} ${path}`));
    const place = `${kind.id} in ${manifest.file}:${corrupted.lines.join()}`;
    if (fresh.length === 0) missed.push(place);
    else if (!fresh.some(({ line }) => corrupted.lines.includes(line))) misplaced.push(place);
  }
  const share = (bad: number) => (100 * (count - bad)) / count;
  const kindsMade = [...made].map(([id, number]) => `${id} ${number}`).join(', ');
  const against = (what: readonly string[]) =>
    `${count} corruptions: ${kindsMade}${what.length === 0 ? '' : `; not: ${what.slice(0, 5).join('; ')}`}`;
  return [
    figure({
      id: 'corruptions-detected',
      value: share(missed.length),
      unit: '%',
      better: 'higher',
      goal: 98,
      against: against(missed),
    }),
    figure({
      id: 'corruptions-at-their-line',
      value: share(missed.length + misplaced.length),
      unit: '%',
      better: 'higher',
      goal: 98,
      against: against(misplaced),
    }),
  ];
}

async function validManifests() {
  const all = realManifests().map(async ({ file, text }) => ({
    file,
    text,
    ...(await checkText(file, text, rules)),
  }));
  return (await Promise.all(all)).flatMap(({ file, text, structure, findings }) => {
    const known = new Set(findings.map(({ code, path }) => `${code} ${path}`));
    return structure === 'valid'
      ? [{ file, text, known } satisfies RealManifest & { known: Set<string> }]
      : [];
  });
}

function corrupt(text: string, kind: Kind, random: () => number): Corrupted | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fields: Field[] = [];
  visit(document, {
    Pair: (_, pair, above) => {
      const holder = above.at(-1);
      if (!isScalar(pair.key) || !isMap(holder) || pair.value === null) return;
      const path = [...above, pair].flatMap((node) => keyOf(node));
      fields.push({ path, pair, key: pair.key as Field['key'], value: pair.value as Node, holder });
    },
  });
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const corrupted = fields.length === 0 ? undefined : kind.corrupt(text, pick(fields, random), lineOf);
  if (corrupted === undefined || corrupted.text === text) return undefined;
  return kind.always === true || upstreamRefuses(corrupted.text) ? corrupted : undefined;
}

function keyOf(node: unknown): readonly string[] {
  const key = (node as Partial<Pair>).key;
  return isScalar(key) ? [String(key.value)] : [];
}

function upstreamRefuses(text: string): boolean {
  const document = parseDocument(text, { logLevel: 'silent' });
  if (document.errors.length > 0) return true;
  const value = document.toJS();
  return !upstreamJudge(value).validate(value);
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

const span = (node: Node) => ({ start: node.range?.[0] ?? 0, end: node.range?.[1] ?? 0 });

function replaced(text: string, node: Node, by: string): string {
  const { start, end } = span(node);
  return text.slice(0, start) + by + text.slice(end);
}

/** Another text in the place of a plain value, told at its line. */
function inPlace(change: (field: Field) => string | undefined): Kind['corrupt'] {
  return (text, field, lineOf) => {
    if (!isScalar(field.value) || String(field.value.source).includes('\n')) return undefined;
    const by = change(field);
    return by === undefined
      ? undefined
      : { text: replaced(text, field.value, by), lines: [lineOf(span(field.value).start)] };
  };
}

/** The lines a field takes, from its name to its end. */
function linesOf(
  { key, value }: Field,
  text: string,
  lineOf: (offset: number) => number,
): readonly [number, number] {
  const end = span(key).start + text.slice(span(key).start, span(value).end).trimEnd().length;
  return [lineOf(span(key).start), lineOf(Math.max(end - 1, span(key).start))];
}

const isTopField = (field: Field, name: string) => field.path.length === 1 && field.path[0] === name;

const kinds: readonly Kind[] = [
  {
    id: 'unknown-word',
    corrupt: inPlace(({ value }) =>
      isScalar(value) && typeof value.value === 'string' ? 'zzz-none' : undefined,
    ),
  },
  { id: 'list-for-value', corrupt: inPlace(() => '[ 1 ]') },
  {
    id: 'text-for-number',
    corrupt: inPlace(({ value }) =>
      isScalar(value) && typeof value.value === 'number' ? '"many"' : undefined,
    ),
  },
  {
    id: 'number-out-of-range',
    corrupt: inPlace(({ value }) => (isScalar(value) && typeof value.value === 'number' ? '-7' : undefined)),
  },
  {
    id: 'bad-form',
    corrupt: inPlace(({ value }) =>
      isScalar(value) && typeof value.value === 'string'
        ? `"Not ${value.value.slice(0, 20).replaceAll(/["\\]/g, '')}!"`
        : undefined,
    ),
  },
  {
    id: 'field-missing',
    corrupt: (text, field, lineOf) => {
      const [from, to] = linesOf(field, text, lineOf);
      const rows = text.split('\n');
      const own =
        rows[from - 1]?.trimStart().startsWith(String(field.key.value)) === true &&
        field.holder.flow !== true;
      if (!own || field.holder.items.length < 2) return undefined;
      const parent = lineOf(span(field.holder).start);
      rows.splice(from - 1, to - from + 1);
      // Where the mapping begins, or the field that it is the value of.
      return { text: rows.join('\n'), lines: [parent, parent - 1, from] };
    },
  },
  {
    id: 'field-unknown',
    corrupt: (text, field, lineOf) => {
      const { start } = span(field.key);
      return {
        text: `${text.slice(0, start)}zz${text.slice(start)}`,
        lines: [lineOf(start), lineOf(span(field.holder).start), lineOf(span(field.holder).start) - 1],
      };
    },
  },
  {
    id: 'version',
    always: true,
    corrupt: (text, field, lineOf) =>
      isTopField(field, 'apiVersion')
        ? { text: replaced(text, field.value, 'ossa/v7.1'), lines: [lineOf(span(field.value).start)] }
        : undefined,
  },
  {
    id: 'kind',
    always: true,
    corrupt: (text, field, lineOf) =>
      isTopField(field, 'kind')
        ? { text: replaced(text, field.value, 'Banana'), lines: [lineOf(span(field.value).start)] }
        : undefined,
  },
  {
    id: 'given-twice',
    always: true,
    corrupt: (text, field, lineOf) => {
      const { start } = span(field.key);
      const from = text.lastIndexOf('\n', start - 1) + 1;
      if (field.holder.flow || !/^ *$/.test(text.slice(from, start))) return undefined;
      const line = lineOf(start);
      return {
        text: `${text.slice(0, from)}${text.slice(from, start)}${field.key.value}: 1\n${text.slice(from)}`,
        lines: [line, line + 1],
      };
    },
  },
];
