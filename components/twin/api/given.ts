/** Forms send everything as text, so numbers and flags come as text too; undefined where none was sent. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function flagOf(value: unknown): boolean | undefined {
  const text = textOf(value)?.toLowerCase();
  if (text === undefined || text === '') return undefined;
  return ['true', '1', 't', 'yes', 'on'].includes(text);
}

export function numberOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text === undefined || !/^-?\d+$/.test(text) ? undefined : Number(text);
}

/** One text or a list of them. */
export function textsOf(value: unknown): string[] {
  const values = Array.isArray(value) ? value : [value];
  return values.map(textOf).filter((text) => text !== undefined);
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; what is no object is left out. */
export function recordsOf(value: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** One of the words, or undefined. */
export function wordOf<Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === value);
}

/** Milliseconds of an ISO 8601 time, or undefined. */
export function timeIn(value: unknown): number | undefined {
  const milliseconds = Date.parse(textOf(value) ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Elements in the order of a value of theirs; equal ones in the order of their numbers. */
export function sortedBy<Item extends { readonly id: number }>(
  items: readonly Item[],
  key: (item: Item) => string | number,
  direction: 'asc' | 'desc',
): Item[] {
  const sign = direction === 'asc' ? 1 : -1;
  return [...items].sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return sign * (x < y ? -1 : x > y ? 1 : a.id - b.id);
  });
}
