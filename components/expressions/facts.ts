import { fitsInt } from './arithmetic.ts';
import type { FactTable } from './environment.ts';
import { Problem, readJson, tooLarge } from './json-fact.ts';
import { factLimits } from './limits.ts';
import type { CheckedFacts, ExpressionError, Fact, FactType, FactValues } from './types.ts';
import type { Value } from './value.ts';

/** Facts after their check: by slot either a value or the reason why there is none. */
export class FactSheet implements CheckedFacts {
  readonly table: FactTable;
  readonly values: readonly (Value | undefined)[];
  readonly errors: readonly (ExpressionError | undefined)[];

  constructor(
    table: FactTable,
    values: readonly (Value | undefined)[],
    errors: readonly (ExpressionError | undefined)[],
  ) {
    this.table = table;
    this.values = values;
    this.errors = errors;
  }

  get environment(): CheckedFacts['environment'] {
    return this.table.environment.id;
  }
}

/** Makes the check of an environment's facts; what is absent is remembered once and for all. */
export function createCheck(table: FactTable): (values: FactValues) => FactSheet {
  const absent = table.facts.map(absence);
  const places = new Map(table.facts.map(({ name, type }, slot) => [name, { slot, read: readers[type] }]));
  return (given) => {
    const errors: (ExpressionError | undefined)[] = absent.slice();
    const values: (Value | undefined)[] = errors.map(() => undefined);
    for (const name of Object.keys(given)) {
      const place = places.get(name);
      if (place === undefined)
        throw new TypeError(`${table.environment.id} has no fact ${JSON.stringify(name)}`);
      const value: unknown = given[name];
      if (value === undefined) continue;
      const read = place.read(value);
      if (read instanceof Problem) errors[place.slot] = errorOf(name, read);
      else {
        values[place.slot] = read;
        errors[place.slot] = undefined;
      }
    }
    return new FactSheet(table, values, errors);
  };
}

function errorOf(name: string, { kind, says }: Problem): ExpressionError {
  return { kind, fact: name, message: `the fact ${name} ${says}` };
}

function absence({ name }: Fact): ExpressionError {
  return { kind: 'absent', fact: name, message: `the fact ${name} is absent` };
}

type Reader = (value: unknown) => Value | Problem;

const readers: Readonly<Record<FactType, Reader>> = {
  string: readText,
  bool: (value) => (typeof value === 'boolean' ? value : wrong('is not a bool')),
  int: readInt,
  double: (value) => (Number.isFinite(value) ? (value as number) : wrong('is not a finite number')),
  'list<string>': readTexts,
  json: readJson,
};

function readText(value: unknown): string | Problem {
  if (typeof value !== 'string') return wrong('is not a string');
  return value.length > factLimits.characters ? tooLarge : value;
}

function readInt(value: unknown): bigint | Problem {
  if (typeof value === 'bigint') return fitsInt(value) ? value : wrong('is beyond the 64 bits of an int');
  if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('is not a whole number');
  const int = BigInt(value);
  return fitsInt(int) ? int : wrong('is beyond the 64 bits of an int');
}

// A copy: what was checked must be what is evaluated.
function readTexts(value: unknown): readonly string[] | Problem {
  if (!Array.isArray(value)) return wrong('is not a list of strings');
  if (value.length > factLimits.items) return tooLarge;
  const texts: string[] = [];
  let characters = 0;
  for (const text of value) {
    if (typeof text !== 'string') return wrong('is not a list of strings');
    characters += text.length;
    texts.push(text);
  }
  return characters > factLimits.characters ? tooLarge : texts;
}

function wrong(says: string): Problem {
  return new Problem('type', says);
}
