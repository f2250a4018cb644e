import { fitsInt } from './arithmetic.ts';
import type { FactTable } from './environment.ts';
import { Problem, readJson, tooLarge } from './json-fact.ts';
import { factLimits } from './limits.ts';
import type { CheckedFacts, Fact, FactType, FactValues } from './types.ts';
import { NoValue, type Value } from './value.ts';

/** Facts after their check: by slot either a value or the reason why there is none. */
export class FactSheet implements CheckedFacts {
  readonly table: FactTable;
  readonly values: readonly (Value | NoValue)[];

  constructor(table: FactTable, values: readonly (Value | NoValue)[]) {
    this.table = table;
    this.values = values;
  }

  get environment(): CheckedFacts['environment'] {
    return this.table.environment.id;
  }
}

interface Place {
  readonly name: string;
  readonly slot: number;
  readonly type: FactType;
}

/**
 * Makes the check of an environment's facts; what is absent is remembered once and for all. It runs for each decision:
 * whoever asks writes the facts in one order, so a name is first held against the one that stood there the last time.
 */
export function createCheck(table: FactTable): (values: FactValues) => FactSheet {
  const absent: readonly (Value | NoValue)[] = table.facts.map(absence);
  const places = new Map(
    table.facts.map(({ name, type }, slot): [string, Place] => [name, { name, slot, type }]),
  );
  const order: Place[] = [...places.values()];
  const check = (given: FactValues): FactSheet => {
    const values = absent.slice();
    let at = 0;
    for (const name in given) {
      let place = order[at];
      if (place === undefined || place.name !== name) {
        place = places.get(name);
        if (place === undefined && !Object.hasOwn(given, name)) return check(ownOf(given));
        if (place === undefined)
          throw new TypeError(`${table.environment.id} has no fact ${JSON.stringify(name)}`);
        if (at < order.length) order[at] = place;
      }
      at += 1;
      const value: unknown = given[name];
      if (value === undefined) continue;
      const read = readValue(place.type, value);
      values[place.slot] = read instanceof Problem ? problemOf(name, read) : read;
    }
    // `for in` gives inherited names too; to count the own ones costs less than to ask of each.
    if (Object.keys(given).length !== at) return check(ownOf(given));
    return new FactSheet(table, values);
  };
  return check;
}

/** Without a prototype: inherited values are nobody's facts. */
function ownOf(given: FactValues): FactValues {
  return Object.assign(Object.create(null), given);
}

function problemOf(name: string, { kind, says }: Problem): NoValue {
  return new NoValue({ kind, fact: name, message: `the fact ${name} ${says}` });
}

function absence({ name }: Fact): NoValue {
  return new NoValue({ kind: 'absent', fact: name, message: `the fact ${name} is absent` });
}

function readValue(type: FactType, value: unknown): Value | Problem {
  switch (type) {
    case 'string':
      return readText(value);
    case 'bool':
      return typeof value === 'boolean' ? value : wrong('is not a bool');
    case 'int':
      return readInt(value);
    case 'double':
      return Number.isFinite(value) ? (value as number) : wrong('is not a finite number');
    case 'list<string>':
      return readTexts(value);
    case 'json':
      return readJson(value);
  }
}

function readText(value: unknown): string | Problem {
  if (typeof value !== 'string') return wrong('is not a string');
  return value.length > factLimits.characters ? tooLarge : value;
}

function readInt(value: unknown): bigint | Problem {
  if (typeof value === 'bigint') return fitsInt(value) ? value : wrong('is beyond the 64 bits of an int');
  if (typeof value !== 'number' || !Number.isInteger(value)) return wrong('is not a whole number');
  if (Number.isSafeInteger(value)) return BigInt(value);
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
