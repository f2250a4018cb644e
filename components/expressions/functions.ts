import { RE2JS } from 're2js';
import { exhausted, Fault, type Frame, isList, type Step, typeName, type Value } from './value.ts';

/** `size`: code points of a text, items of a list, keys of a map. */
export function size(value: Value, frame: Frame): bigint | Fault {
  if (typeof value === 'string') {
    frame.work -= value.length >> 4;
    return frame.work < 0 ? exhausted : BigInt(codePoints(value));
  }
  if (isList(value)) return BigInt(value.length);
  if (value instanceof Map) return BigInt(value.size);
  return new Fault(`size() has no meaning for ${typeName(value)}`);
}

function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const point = text.codePointAt(index) ?? 0;
    if (point > 0xffff) index += 1;
    count += 1;
  }
  return count;
}

type TextTest = (text: string, other: string, frame: Frame) => boolean;

const tests: Readonly<Record<string, TextTest>> = {
  startsWith: (text, start, frame) => {
    frame.work -= start.length >> 4;
    return text.startsWith(start);
  },
  endsWith: (text, end, frame) => {
    frame.work -= end.length >> 4;
    return text.endsWith(end);
  },
  contains: (text, part, frame) => {
    // The engine's search takes the product of both lengths in the worst case: 18 s for 1 MiB and 32 KiB.
    frame.work -= (text.length * part.length) / 128;
    return frame.work >= 0 && text.includes(part);
  },
};

/** A test of a text for another one: `startsWith`, `endsWith`, `contains`. */
export function textTest(name: string, receiver: Step, argument: Step): Step {
  const test = tests[name];
  if (test === undefined) throw new TypeError(`no test of texts: ${name}`);
  return (frame) => {
    const text = receiver(frame);
    if (text instanceof Fault) return text;
    const other = argument(frame);
    if (other instanceof Fault) return other;
    if (typeof text === 'string' && typeof other === 'string') return test(text, other, frame);
    return new Fault(`${name}() has no meaning between ${typeName(text)} and ${typeName(other)}`);
  };
}

/** A regular expression in RE2's language, or what is wrong with it. */
export type Pattern =
  | { readonly ok: true; readonly re: RE2JS }
  | { readonly ok: false; readonly message: string };

// An automaton of this many instructions takes at most about 60 µs per 1,000 characters and instruction.
const mostInstructions = 1000;

/** Compiles a pattern of `matches`, in RE2's language as CEL says: it cannot backtrack. */
export function compilePattern(pattern: string): Pattern {
  try {
    const re = RE2JS.compile(pattern);
    if (re.programSize() <= mostInstructions) return { ok: true, re };
    return { ok: false, message: 'the regular expression is too large' };
  } catch (error) {
    const said = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : '';
    return { ok: false, message: `the regular expression is wrong: ${said || 'it cannot be read'}` };
  }
}

/** `matches`: whether a pattern is found anywhere in a text. */
export function matches(receiver: Step, re: RE2JS): Step {
  const instructions = re.programSize();
  return (frame) => {
    const text = receiver(frame);
    if (text instanceof Fault) return text;
    if (typeof text !== 'string') return new Fault(`matches() has no meaning for ${typeName(text)}`);
    frame.work -= (text.length * instructions) / 2;
    return frame.work < 0 ? exhausted : re.test(text);
  };
}
