import { stringify } from 'yaml';
import { formats, shown, typesInWords } from '../../kernel/schema-terms.ts';
import { listed } from '../../kernel/suggest.ts';
import { placed } from './example.ts';
import type { Explained, ExplainedField } from './explain.ts';
import { presenceInWords } from './presence.ts';
import type { CodeEntry, FieldForm, FieldTable, LimitKeyword } from './types.ts';

/** Shapes of one field that are told in full. */
const mostShapes = 4;
const mostCandidates = 24;

/** What was found, for people. */
export function renderExplained(answers: readonly Explained[], table: FieldTable): string {
  const texts = answers.map((answer) => {
    if (answer.is === 'code') return renderCode(answer.entry);
    if (answer.is === 'field') return renderField(answer, table);
    const rows = answer.fields
      .slice(0, mostCandidates)
      .map(({ path, means, note }) => `  ${path}${tail(means ?? note)}`);
    const more = answer.fields.length - rows.length;
    return [
      `${shown(answer.asked)} may be one of ${answer.fields.length} fields:`,
      ...rows,
      ...(more > 0 ? [`  and ${more} more`] : []),
    ];
  });
  return `${texts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function tail(words: string | undefined): string {
  return words === undefined ? '' : `: ${words}`;
}

function renderCode(entry: CodeEntry): readonly string[] {
  if (entry.is === 'failure')
    return [
      `${entry.code}: ends a command with exit code ${entry.exitCode} (${entry.kind})`,
      ...rows({ message: entry.message, fix: entry.fix, page: entry.page }),
    ];
  const by = entry.rule === undefined ? '' : ` by the rule ${entry.rule}`;
  return [
    `${entry.code}: ${article(entry.severity)} found in a file${by}`,
    ...rows({ about: entry.about, page: entry.page }),
  ];
}

function article(severity: string): string {
  return severity === 'info' ? 'a remark' : severity === 'error' ? 'an error' : `a ${severity}`;
}

function renderField(field: ExplainedField, table: FieldTable): readonly string[] {
  const lines = [
    field.path,
    ...[field.means, field.note].flatMap((words) => (words === undefined ? [] : [`  ${words}`])),
  ];
  if (field.shapes.length === 0) lines.push('  It is not in the version that was asked for.');
  const [newest, ...older] = field.shapes.slice(0, mostShapes);
  const first = newest === undefined ? {} : shapeRows(newest);
  lines.push(...rows(first));
  if (field.items !== undefined) {
    const [item] = field.items.shapes;
    const words = [field.items.means, field.items.note].filter((text) => text !== undefined).join(' ');
    if (item !== undefined)
      lines.push(...rows({ 'each item': [formsInWords(item.forms), words].filter(Boolean).join('. ') }));
  }
  if (field.fields.length > 0) lines.push(...rows({ fields: listed(field.fields, 60) }));
  lines.push(...rows({ in: presenceInWords(field.presence, table) }));
  for (const shape of older) {
    const told = shapeRows(shape);
    const changed = Object.entries(told).filter(([name, words]) => name === 'value' || words !== first[name]);
    const words = changed.map(([name, text]) => (name === 'value' ? text : `${name}: ${text}`));
    const dropped = Object.keys(first).flatMap((name) => (name in told ? [] : [`not ${name}`]));
    lines.push(
      ...rows({ or: `${presenceInWords(shape.presence, table)}: ${[...words, ...dropped].join('; ')}` }),
    );
  }
  const untold = field.shapes.length - mostShapes;
  if (untold > 0) lines.push(`  and ${untold} more forms; --version=ossa/… shows that of one version`);
  if (field.also !== undefined) lines.push(...rows({ also: listed(field.also, mostCandidates) }));
  if (field.example !== undefined) {
    const yaml = stringify(placed(field.path, field.example), { lineWidth: 0 }).trimEnd();
    lines.push('  example', ...yaml.split('\n').map((line) => `    ${line}`));
  }
  return lines;
}

function shapeRows(shape: ExplainedField['shapes'][number]): Readonly<Record<string, string>> {
  const needed = shape.required
    ? 'wherever the mapping around it stands'
    : shape.requiredWhen?.map((when) => `where ${when}`).join('; ');
  return {
    value: formsInWords(shape.forms),
    ...(needed === undefined ? {} : { required: needed }),
    ...(shape.closed ? { others: 'no field that is not named here' } : {}),
    ...(shape.like === undefined ? {} : { like: shape.like }),
  };
}

/** `text, one of: a, b; or text that matches …` */
function formsInWords(forms: readonly FieldForm[]): string {
  const words = forms.map(({ types, values, limits = {}, when }) => {
    const kind = types === undefined ? (values === undefined ? 'anything' : '') : typesInWords(types);
    const choice =
      values === undefined
        ? ''
        : `${values.length === 1 ? 'only' : 'one of'} ${values.map((value) => String(value)).join(', ')}`;
    const told = Object.entries(limits).map(([keyword, limit]) =>
      limitInWords(keyword as LimitKeyword, limit),
    );
    return [kind, choice, ...told, when === undefined ? '' : `where ${when}`]
      .filter((part) => part !== '')
      .join(', ');
  });
  return words.join('; or ');
}

function limitInWords(keyword: LimitKeyword, limit: number | string | boolean): string {
  if (keyword === 'pattern') return `matching ${limit}`;
  if (keyword === 'format') return formats[String(limit)] ?? String(limit);
  if (keyword === 'uniqueItems') return limit === true ? 'none twice' : '';
  if (keyword === 'multipleOf') return `a multiple of ${limit}`;
  if (keyword === 'exclusiveMinimum') return `more than ${limit}`;
  if (keyword === 'exclusiveMaximum') return `less than ${limit}`;
  const unit = { L: 'character', I: 'item', P: 'field' }[keyword.charAt(3)];
  const counted = unit === undefined ? '' : ` ${unit}${limit === 1 ? '' : 's'}`;
  return `${keyword.startsWith('min') ? 'at least' : 'at most'} ${limit}${counted}`;
}

const nameWidth = 9;

function rows(cells: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(cells).map(([name, words]) => {
    const [first = '', ...rest] = words.split('\n');
    const lines = [
      `  ${name.padEnd(nameWidth)}  ${first}`,
      ...rest.map((line) => `${' '.repeat(nameWidth + 4)}${line}`),
    ];
    return lines.join('\n');
  });
}
