import { digitsOf, inNumbers } from '../sample.ts';
import type { Detector, Sample, Span } from '../types.ts';

export const detector: Detector = {
  id: 'national-id',
  dataClass: 'pii',
  names: [
    'national_id',
    'national_identification',
    'government_id',
    'tax_id',
    'cpf',
    'dni',
    'nie',
    'codice_fiscale',
    'nir',
  ],
  decides:
    'Brazilian CPF with its dots, Spanish DNI and NIE, Italian codice fiscale, French NIR: each by its check digits',
  misses: 'all other countries; numbers without a check digit, such as those of passports',
  find: (sample) =>
    [...cpf(sample), ...nir(sample), ...spanish(sample), ...italian(sample.text)].sort(([a], [b]) => a - b),
};

function cpf(sample: Sample): readonly Span[] {
  return inNumbers(sample, /\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)/g, (found) => {
    const digits = digitsOf(found);
    const check = (length: number) => {
      let sum = 0;
      for (let at = 0; at < length; at += 1) sum += Number(digits[at]) * (length + 1 - at);
      return ((sum * 10) % 11) % 10 === Number(digits[length]);
    };
    return new Set(digits).size > 1 && check(9) && check(10);
  });
}

function nir(sample: Sample): readonly Span[] {
  const form = /(?<!\d)[12]( ?)\d{2}\1(?:0[1-9]|1[0-2])\1\d{2}\1\d{3}\1\d{3}\1\d{2}(?!\d)/g;
  return inNumbers(sample, form, (found, before, behind) => {
    const digits = digitsOf(found);
    return (
      !/[\w.]/.test(before + behind) &&
      97 - Number(BigInt(digits.slice(0, 13)) % 97n) === Number(digits.slice(13))
    );
  });
}

const letters = 'TRWAGMYFPDXBNJZSQVHLCKE';

function spanish({ text, numbers }: Sample): readonly Span[] {
  return numbers().flatMap(([begin, end]): Span[] => {
    const from = end - (/\d+$/.exec(text.slice(begin, end))?.[0].length ?? 0);
    const start = /[XYZ]/.test(text.charAt(from - 1)) ? from - 1 : from;
    const [found] = /^(?:\d{8}|[XYZ]\d{7})-?[A-HJ-NP-TV-Z](?![\w-])/.exec(text.slice(start, end + 3)) ?? [];
    if (found === undefined || /[\w.-]/.test(text.charAt(start - 1)) || !isSpanish(found)) return [];
    return [[start, start + found.length]];
  });
}

const codice = /(?<![A-Za-z0-9])[A-Z]{6}\d{2}[ABCDEHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?![A-Za-z0-9])/g;

function italian(text: string): readonly Span[] {
  // Most texts have no such digits, and they are found three times as fast as what stands before them.
  if (!/\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]/.test(text)) return [];
  return Array.from(text.matchAll(codice)).flatMap(({ index, 0: found }): Span[] =>
    isItalian(found) ? [[index, index + found.length]] : [],
  );
}

function isSpanish(found: string): boolean {
  const plain = found.replace('-', '').replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return new Set(plain.slice(0, 8)).size > 1 && letters[Number(plain.slice(0, 8)) % 23] === plain.at(8);
}

/** What a character at an odd place counts, by the decree of 23 December 1976. */
const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isItalian(found: string): boolean {
  let sum = 0;
  for (const [index, character] of [...found.slice(0, 15)].entries()) {
    const value = /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 65;
    sum += index % 2 === 0 ? (odd[value] ?? 0) : value;
  }
  return String.fromCharCode(65 + (sum % 26)) === found.charAt(15);
}
