import { digitsOf, inNumbers } from '../sample.ts';
import type { Detector } from '../types.ts';

/** Numbers that were printed on cards in wallets and in advertisements. */
const printed = new Set(['078051120', '219099999', '457555462']);

export const detector: Detector = {
  id: 'us-ssn',
  dataClass: 'pii',
  names: ['ssn', 'us_ssn', 'social_security_number'],
  decides:
    'three, two and four digits with dashes, without the areas, groups and serials that are never given',
  misses: 'numbers without dashes; there is no check digit, so one in the form is taken for one',
  find: (sample) =>
    inNumbers(sample, /\d{3}-\d{2}-\d{4}(?!\d)/g, (found, before, behind) => {
      if (/[\w.+-]/.test(before) || /[\w-]/.test(behind)) return false;
      const digits = digitsOf(found);
      return !/^(?:000|666|9)|^.{3}00|0000$/.test(digits) && !printed.has(digits);
    }),
};
