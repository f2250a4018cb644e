/** What the five fields of a cron expression allow. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: DayField;
  /** January is 1. */
  readonly months: ReadonlySet<number>;
  /** Sunday is 0. */
  readonly daysOfWeek: DayField;
}

interface DayField {
  readonly values: ReadonlySet<number>;
  /** Whether it is written other than with a star. */
  readonly restricted: boolean;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const dayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Expressions with a name, as Fugit, GitLab's parser, takes them. */
const shorthands: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@noon': '0 12 * * *',
  '@hourly': '0 * * * *',
};

/** Reads `minute hour day-of-month month day-of-week`; undefined for anything else. */
export function cronFields(cron: string): CronFields | undefined {
  const written = cron.trim().toLowerCase();
  const parts = (shorthands[written] ?? written).split(/\s+/);
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = parts;
  if (parts.length !== 5) return undefined;
  const minutes = fieldValues(minute, { min: 0, max: 59 });
  const hours = fieldValues(hour, { min: 0, max: 23 });
  const daysOfMonth = fieldValues(dayOfMonth, { min: 1, max: 31 });
  const months = fieldValues(month, { min: 1, max: 12, names: ['', ...monthNames] });
  const daysOfWeek = fieldValues(dayOfWeek, { min: 0, max: 7, names: dayNames });
  if (!minutes || !hours || !daysOfMonth || !months || !daysOfWeek) return undefined;
  return {
    ...{ minutes, hours, months },
    daysOfMonth: { values: daysOfMonth, restricted: !dayOfMonth.startsWith('*') },
    // Sunday is 0 and 7.
    daysOfWeek: {
      values: new Set([...daysOfWeek].map((value) => value % 7)),
      restricted: !dayOfWeek.startsWith('*'),
    },
  };
}

function fieldValues(field: string, range: Range): Set<number> | undefined {
  const values = new Set<number>();
  for (const item of field.split(',')) {
    const numbers = itemValues(item, range);
    if (numbers === undefined) return undefined;
    for (const number of numbers) values.add(number);
  }
  return values;
}

/** `*`, `5`, `mon`, `1-5`, each with a step: `1-30/7`; `5/10` is from 5 to the end. */
function itemValues(item: string, range: Range): number[] | undefined {
  const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(item);
  const [, first = '', last, stepText] = match ?? [];
  if (match === null || (first === '*' && last !== undefined)) return undefined;
  const from = first === '*' ? range.min : numberOfWord(first, range);
  const open = first === '*' || (last === undefined && stepText !== undefined);
  const to = open ? range.max : numberOfWord(last ?? first, range);
  const step = Number(stepText ?? 1);
  if (from === undefined || to === undefined || step === 0 || from > to) return undefined;
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
}

function numberOfWord(word: string, { min, max, names = [] }: Range): number | undefined {
  const value = /^\d+$/.test(word) ? Number(word) : word === '' ? -1 : names.indexOf(word);
  return value >= min && value <= max ? value : undefined;
}
