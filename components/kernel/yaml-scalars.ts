import { floatCoreTag, intCoreTag, NOT_RESOLVED } from 'js-yaml';

/** `manifest`: YAML 1.2 core schema. `gitlab`: YAML 1.1 as Ruby's Psych reads it, which is what GitLab uses. */
export type YamlProfile = 'manifest' | 'gitlab';

/** The value a plain (unquoted, untagged) scalar stands for. A date stays a string in both profiles. */
export function resolvePlain(profile: YamlProfile, source: string): unknown {
  return profile === 'manifest' ? resolveCore(source) : resolvePsych(source);
}

/**
 * The property name a key gets. In a manifest it is the text as written, so `on:`, `1:` and `null:` keep their
 * names; GitLab turns the resolved value into text as Ruby does (`yes:` is `true`, `~:` is empty).
 */
export function keyText(profile: YamlProfile, source: string, plain: boolean): string {
  if (profile === 'manifest' || !plain) return source;
  const value = resolvePsych(source);
  return value === null ? '' : String(value);
}

const coreWords: Readonly<Record<string, unknown>> = {
  __proto__: null,
  '': null,
  '~': null,
  null: null,
  Null: null,
  NULL: null,
  true: true,
  True: true,
  TRUE: true,
  false: false,
  False: false,
  FALSE: false,
};

// An upper-case `0X10` or a number beyond a double's range is a string, as in js-yaml.
function resolveCore(source: string): unknown {
  if (source.length <= 5 && source in coreWords) return coreWords[source];
  if (!startsNumber(source)) return source;
  const int: unknown = intCoreTag.resolve(source, false, intCoreTag.tagName);
  if (int !== NOT_RESOLVED) return int;
  const float: unknown = floatCoreTag.resolve(source, false, floatCoreTag.tagName);
  return float === NOT_RESOLVED ? source : float;
}

/** `+ - . 0-9` (and `/`, which lies between them and matches no number). */
function startsNumber(source: string): boolean {
  const first = source.charCodeAt(0);
  return first === 0x2b || (first >= 0x2d && first <= 0x39);
}

// The forms are those of Psych 5 (lib/psych/scalar_scanner.rb, tokenize): no `y`/`n`, no exponent without a
// point, `0o17` is text, `1,000` is a number, `1:30` counts in sixties.
const psychInteger =
  /^(?:[-+]?0b[01_,]+|[-+]?0[0-7_,]+|[-+]?(?:0|[1-9](?:[0-9]|,[0-9]|_[0-9])*)|[-+]?0x[0-9a-fA-F_,]+)$/;
const psychFloat = /^[-+]?(?:[0-9][0-9_,]*)?\.[0-9]*(?:[eE][+-][0-9]+)?$/;
const psychSixties = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9]){1,2}(?:\.[0-9_]*)?$/;
const psychInfinity = /^([-+]?)\.inf$/i;

function resolvePsych(source: string): unknown {
  if (source.length <= 5) {
    const word = psychWords.get(source.toLowerCase());
    if (word !== undefined) return word.value;
  }
  if (!startsNumber(source)) return source;
  const infinity = psychInfinity.exec(source);
  if (infinity) return infinity[1] === '-' ? -Infinity : Infinity;
  if (psychSixties.test(source)) return sixties(source);
  if (psychFloat.test(source)) return psychFloatOf(source);
  return psychInteger.test(source) ? psychIntegerOf(source) : source;
}

const psychWords = new Map<string, { readonly value: unknown }>([
  ['', { value: null }],
  ['~', { value: null }],
  ['null', { value: null }],
  ['true', { value: true }],
  ['yes', { value: true }],
  ['on', { value: true }],
  ['false', { value: false }],
  ['no', { value: false }],
  ['off', { value: false }],
  ['.nan', { value: Number.NaN }],
]);

function sixties(source: string): number {
  const sign = source.startsWith('-') ? -1 : 1;
  const parts = source.replace(/^[-+]/, '').replaceAll('_', '').split(':');
  return sign * parts.reduce((sum, part) => sum * 60 + Number(part), 0);
}

function psychFloatOf(source: string): unknown {
  if (/^[-+]?\.$/.test(source)) return source;
  const value = Number.parseFloat(source.replace(/[,_]/g, ''));
  return Number.isNaN(value) ? source : value;
}

function psychIntegerOf(source: string): unknown {
  const digits = source.replace(/^[-+]/, '').replace(/[,_]/g, '');
  const radix = digits.startsWith('0b') ? 2 : digits.startsWith('0x') ? 16 : /^0[0-7]/.test(digits) ? 8 : 10;
  const value = Number.parseInt(radix === 2 || radix === 16 ? digits.slice(2) : digits, radix);
  return Number.isFinite(value) ? (source.startsWith('-') ? -value : value) : source;
}
