import { digitsOf, inNumbers } from '../sample.ts';
import type { Detector } from '../types.ts';

const pattern =
  /\d{4}([ -])\d{4}\1\d{4}\1\d{4}(?:\1\d{1,3})?(?!\d)|\d{4}([ -])\d{6}\2\d{4,5}(?!\d)|(?<!\d)\d{13,19}(?!\d)/g;

/** ISO/IEC 7812: how the numbers of the large issuers begin, and how long they are. */
const issuers: readonly (readonly [begins: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|64[4-9]|65)/, [16, 17, 18, 19]],
  [/^(?:30[0-5]|309|36|38|39)/, [14]],
  [/^35(?:2[89]|[3-8])/, [16, 17, 18, 19]],
  [/^62/, [16, 17, 18, 19]],
  [/^(?:5018|5020|5038|6304|6759|676[1-3])/, [13, 14, 15, 16, 17, 18, 19]],
];

export const detector: Detector = {
  id: 'credit-card',
  dataClass: 'payment',
  names: ['credit_card', 'creditcard', 'card', 'card_number', 'pci', 'payment', 'financial'],
  decides: 'Luhn check digit, issuer ranges and their lengths; plain or in groups by spaces or dashes',
  misses: 'cards of other issuers, other groupings, numbers in words or over lines',
  find: (sample) =>
    inNumbers(sample, pattern, (found, before, behind) => {
      if (/[\w.+]/.test(before) || /\w/.test(behind)) return false;
      const digits = digitsOf(found);
      const known = issuers.some(
        ([begins, lengths]) => begins.test(digits) && lengths.includes(digits.length),
      );
      return known && new Set(digits).size > 1 && isLuhn(digits);
    }),
};

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = digits.length - 1, double = false; at >= 0; at -= 1, double = !double) {
    const digit = Number(digits[at]) * (double ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
