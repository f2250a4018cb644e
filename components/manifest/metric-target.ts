/** What a unit measures. A ratio and a percentage are the same share, one a hundredth of the other. */
export type Dimension = 'time' | 'ratio' | 'percentage' | 'US dollar' | 'euro' | 'pound' | 'data' | 'tokens';

/** Names as people write them, in small letters but for those of one letter: `5M` is no time. */
const namesOf: Readonly<Record<Dimension, string>> = {
  time:
    'us µs microsecond microseconds ms millisecond milliseconds s sec secs second seconds m min mins minute minutes ' +
    'h hr hrs hour hours d day days',
  ratio: 'ratio fraction share',
  percentage: '% pct percent percentage',
  'US dollar': 'usd $ dollar dollars',
  euro: 'eur € euro euros',
  pound: 'gbp £ pound pounds',
  data: 'B byte bytes kb kib kilobyte kilobytes mb mib megabyte megabytes gb gib gigabyte gigabytes',
  tokens: 'token tokens',
};

const dimensions = new Map(
  Object.entries(namesOf).flatMap(([dimension, names]) =>
    names.split(' ').map((name): [string, Dimension] => [name, dimension as Dimension]),
  ),
);

/** What is measured in a unit; undefined for one that is not known here, such as `rating`. */
export function dimensionOf(unit: string): Dimension | undefined {
  const name = unit.trim();
  return dimensions.get(name.length === 1 ? name : name.toLowerCase());
}

/** Whether quantities of both can be compared, after a conversion at most. */
export function areComparable(one: Dimension, other: Dimension): boolean {
  const share = (dimension: Dimension) => (dimension === 'percentage' ? 'ratio' : dimension);
  return share(one) === share(other);
}

/** A target that is written as text. */
export interface TextTarget {
  readonly number: number;
  /** As written, before or behind the number; undefined for none. */
  readonly unit: string | undefined;
}

const mostCharacters = 64;

/** Reads `95%`, `< 500 ms`, `$0.25`, `1,000 tokens`; undefined for a text that is not one number with one unit. */
export function parseTarget(text: string): TextTarget | undefined {
  if (text.length > mostCharacters) return undefined;
  const match = /^(?:[<>]=?|[=≤≥~])?\s*([$€£])?\s*([-+]?[\d,_]*\.?\d+)\s*([^\d\s]\S*)?$/u.exec(text.trim());
  if (match === null) return undefined;
  const [, before, digits = '', behind] = match;
  const number = Number(digits.replace(/[,_]/g, ''));
  return Number.isFinite(number) ? { number, unit: before ?? behind } : undefined;
}
